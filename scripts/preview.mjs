/** Serves the built app on a free port of this machine for the scripts that look at it. Not the server of `npm start`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { preview } from 'vite';
import { root } from './install.mjs';

/**
 * @param {import('vite').Plugin[]} plugins that change what is served.
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} where it is served, without a slash at its end.
 * @throws Error where the app is not built.
 */
export async function servePreview(plugins = []) {
  if (!existsSync(join(root, 'dist', 'index.html')))
    throw new Error('The app is not built yet: run `npm run build` first.');
  const server = await preview({ root, plugins, preview: { port: 4180 }, logLevel: 'error' });
  const { port } = server.httpServer.address();
  return { url: `http://localhost:${port}`, close: () => server.close() };
}
