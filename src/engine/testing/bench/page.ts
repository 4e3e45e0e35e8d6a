/** The page of `npm run bench`: starts the worker and offers it to the script that drives the browser, as `bench`. */
import type { BenchAnswer, BenchRequest } from './worker';

declare global {
  var bench: (request: BenchRequest) => Promise<BenchAnswer>;
}

globalThis.bench = (request) =>
  new Promise((resolve) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<BenchAnswer>) => resolve(data);
    worker.onerror = ({ message }) => resolve({ error: message });
    worker.postMessage(request);
  });
