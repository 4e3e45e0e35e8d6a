/**
 * An empty page of the app's own origin that runs a worker of the engine's tests: built as the app is, and served without
 * touching the app.
 */
import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'test-results', 'engine-page');
const entry = join(root, 'engine-page.js');

/** Offers the worker as `ask`. */
const script = `globalThis.ask = (request) => new Promise((resolve, reject) => {
  const worker = new Worker(new URL('./src/engine/testing/webgpuWorker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.result));
  worker.onerror = ({ message }) => reject(new Error(message));
  worker.postMessage(request);
});`;

const page: Plugin = {
  name: 'engine-page',
  resolveId: (id) => (id === 'engine-page' ? entry : null),
  load: (id) => (id === entry ? script : null),
};

/** Builds the page's script and its worker. */
export async function buildEnginePage(): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    base: './',
    plugins: [page],
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      chunkSizeWarningLimit: 2000,
      rollupOptions: { input: 'engine-page', output: { entryFileNames: 'engine-page.js' } },
    },
  });
}

/** Opens the page; what lies below its folder comes from the build. */
export async function openEnginePage(tab: Page): Promise<void> {
  await tab.context().route('**/engine-page/**', async (route) => {
    const path = new URL(route.request().url()).pathname.replace(/^.*\/engine-page\//, '');
    if (path === '')
      return route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><script type="module" src="./engine-page.js"></script>',
      });
    return route.fulfill({ contentType: 'text/javascript', body: await readFile(join(folder, path)) });
  });
  await tab.goto('./engine-page/');
  await tab.waitForFunction(() => 'ask' in globalThis);
}

/** Lets a worker of its own do one of the tasks of `webgpuWorker.ts`. */
export function ask<T>(tab: Page, task: string, ...input: readonly unknown[]): Promise<T> {
  return tab.evaluate(
    (request) => (globalThis as unknown as { ask(request: unknown): Promise<T> }).ask(request),
    { task, input },
  );
}
