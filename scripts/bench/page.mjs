/** Builds the page of the benchmark and serves it, cross-origin isolated: without that there are no threads. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { build } from 'vite';
import { root } from '../install.mjs';

/** Where everything goes that the benchmark makes. */
export const folder = join(root, 'test-results', 'bench');
const pageFolder = join(folder, 'page');

export async function buildPage() {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    base: './',
    worker: { format: 'es' },
    build: {
      outDir: pageFolder,
      emptyOutDir: true,
      target: 'es2023',
      chunkSizeWarningLimit: 2000,
      rollupOptions: {
        input: join(root, 'src/engine/testing/bench/page.ts'),
        output: { entryFileNames: 'bench.js' },
      },
    },
  });
}

const types = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.bin': 'application/octet-stream' };

/**
 * The built files and the data sets, on a free port.
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function servePage() {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, 'http://localhost').pathname);
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    response.setHeader('Content-Type', types[extname(path)] ?? 'text/html');
    if (path === '/') return response.end('<!doctype html><script type="module" src="./bench.js"></script>');
    const home = path.startsWith('/datasets/') ? join(root, 'public') : pageFolder;
    try {
      response.end(await readFile(join(home, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  return { url: `http://localhost:${server.address().port}/`, close: () => server.close() };
}
