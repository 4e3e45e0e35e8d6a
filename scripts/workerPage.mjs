/**
 * An empty page that runs workers of the engines' tests and benchmarks: built as the app is, and served cross-origin
 * isolated, since without that there are no threads.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { build } from 'vite';
import { root } from './install.mjs';

/**
 * Builds the page's script and its workers.
 * @param {string} script its path from the repository's root.
 * @param {string} folder where the built files go.
 */
export async function buildWorkerPage(script, folder) {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    base: './',
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      chunkSizeWarningLimit: 2000,
      rollupOptions: { input: join(root, script), output: { entryFileNames: 'page.js' } },
    },
  });
}

const types = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.bin': 'application/octet-stream' };

/**
 * The built files and the data sets, on a free port.
 * @param {string} folder where the built files are.
 * @returns {Promise<{ url: string, close: () => void }>} `url` without a slash at its end.
 */
export async function serveWorkerPage(folder) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    response.setHeader('Content-Type', types[extname(path)] ?? 'text/html');
    if (path === '/')
      return response.end(
        '<!doctype html><link rel="icon" href="data:," /><script type="module" src="./page.js"></script>',
      );
    const home = path.startsWith('/datasets/') ? join(root, 'public') : folder;
    try {
      response.end(await readFile(join(home, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, 'localhost', () => resolve(undefined)));
  return { url: `http://localhost:${server.address().port}`, close: () => server.close() };
}
