/**
 * Measures the training engines in Chromium: LeNet, batch 128, images per second, as a table.
 * `node scripts/bench-engines.mjs [seconds]`. Nothing else should run meanwhile.
 */
import { chromium } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { build } from 'vite';
import { getBrowser, launchArguments } from './browser.mjs';
import { root } from './install.mjs';

const seconds = Number(process.argv[2] ?? 10);
const folder = join(root, 'test-results', 'bench');

/** Each engine with the flags under which a Chromium without a GPU has it. */
const rows = [
  ['wasm', 'none', []],
  ['tfjs-webgl', 'Mesa', ['--use-gl=angle', '--use-angle=gl-egl', '--ignore-gpu-blocklist']],
  ['tfjs-webgl', 'SwiftShader', ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']],
  ['tfjs-cpu', 'none', []],
  [
    'tfjs-webgpu',
    'SwiftShader',
    [
      '--enable-unsafe-webgpu',
      '--enable-features=Vulkan,WebGPU',
      '--use-webgpu-adapter=swiftshader',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
    ],
  ],
];

/** A page that starts the worker and offers it as `bench`, built as the app is. */
const page = {
  name: 'bench-page',
  resolveId: (id) => (id === 'bench' ? join(root, 'bench.js') : null),
  load: (id) =>
    id === join(root, 'bench.js')
      ? `globalThis.bench = (request) => new Promise((resolve) => {
           const worker = new Worker(new URL('./src/engine/testing/benchWorker.ts', import.meta.url), { type: 'module' });
           worker.onmessage = ({ data }) => resolve(data);
           worker.onerror = ({ message }) => resolve({ error: message });
           worker.postMessage(request);
         });`
      : null,
};

async function buildPage() {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    base: './',
    plugins: [page],
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      chunkSizeWarningLimit: 2000,
      rollupOptions: { input: 'bench', output: { entryFileNames: 'bench.js' } },
    },
  });
}

/** The built files and an empty page, on a free port. */
async function serve() {
  const types = { '.js': 'text/javascript', '.html': 'text/html' };
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, 'http://localhost').pathname);
    const type = types[extname(path)] ?? 'text/html';
    response.setHeader('Content-Type', type);
    const body =
      path === '/'
        ? '<!doctype html><script type="module" src="./bench.js"></script>'
        : await readFile(join(folder, path)).catch(() => '');
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  return { server, url: `http://localhost:${server.address().port}/` };
}

async function measure(url, engine, args) {
  const browser = await chromium.launch({
    executablePath: getBrowser(),
    args: [...launchArguments, ...args],
    ignoreDefaultArgs: ['--disable-gpu'],
  });
  try {
    const tab = await browser.newPage();
    await tab.goto(url);
    await tab.waitForFunction(() => 'bench' in globalThis);
    return await tab.evaluate((request) => globalThis.bench(request), { engine, seconds });
  } catch (error) {
    return { error: error.message };
  } finally {
    await browser.close();
  }
}

const round = (value, digits = 0) => Number(value.toFixed(digits));

await buildPage();
const { server, url } = await serve();
const table = [];
for (const [engine, flags, args] of rows) {
  const { result, error } = await measure(url, engine, args);
  table.push(
    result
      ? {
          engine,
          flags,
          'images/s': round(result.imagesPerSecond, 1),
          'evaluated/s': round(result.evaluatedPerSecond, 1),
          'start ms': round(result.startMs),
          'check ms': round(result.checkMs),
          'first step ms': round(result.firstStepMs),
          'loss after 5': round(result.loss, 6),
          leaked: result.allocations,
          device: result.device.slice(0, 60),
          software: result.software,
          fault: result.fault ?? '',
        }
      : { engine, flags, fault: error },
  );
  console.log(JSON.stringify(table.at(-1)));
}
server.close();
console.table(table);
