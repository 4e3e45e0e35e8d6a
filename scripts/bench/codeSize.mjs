/**
 * How much the engine of our own adds to the app: its plan and back ends, minified and gzipped. What they share with the
 * designer and with TensorFlow.js is left out of the build.
 */
import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { root } from '../install.mjs';

const engine = join(root, 'src', 'engine');
const parts = ['plan', 'wasm', 'webgpu'].map((part) => join(engine, part));
const drivers = ['wasm', 'webgpu']
  .map((part) => join(engine, part, 'driver.ts'))
  .filter((path) => existsSync(path));

const isOurs = (path) => parts.some((part) => path.startsWith(part + sep));

/** Leaves out everything that is not the engine's own. */
const elsewhere = () => ({
  name: 'elsewhere',
  enforce: 'pre',
  resolveId(source, importer) {
    if (!importer || !isOurs(importer)) return null;
    const inside = source.startsWith('.') && isOurs(resolve(importer, '..', source));
    return inside ? null : { id: source, external: true };
  },
});

/** @returns {Promise<number>} bytes of all scripts of the engine, workers among them, gzipped one by one. */
export async function engineBytes() {
  const { output } = await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    plugins: [elsewhere()],
    worker: { format: 'es', plugins: () => [elsewhere()] },
    build: {
      write: false,
      target: 'es2023',
      minify: true,
      rollupOptions: { input: drivers, preserveEntrySignatures: 'strict' },
    },
  });
  return output
    .filter(({ fileName }) => /\.(m?js|wasm)$/.test(fileName))
    .reduce((sum, file) => sum + gzipSync(file.code ?? file.source, { level: 9 }).byteLength, 0);
}
