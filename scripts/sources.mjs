/** Runs modules of the repository, in TypeScript as they are, in a script of Node. */
import { createServer } from 'vite';
import { root } from './install.mjs';

/**
 * @param {(load: (path: string) => Promise<any>) => Promise<T>} work gets a function that loads a module by its path from
 *   the repository's root, with a slash in front.
 * @returns {Promise<T>} what the work gives.
 * @template T
 */
export async function withSources(work) {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, hmr: false, watch: null, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    return await work((path) => server.ssrLoadModule(path));
  } finally {
    await server.close();
  }
}
