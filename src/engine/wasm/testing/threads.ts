/** Other threads for tests of what threads say to each other through a shared memory. */
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import ts from 'typescript';

/** `sync.ts` itself: these threads cannot read TypeScript. */
const sync = ts.transpileModule(readFileSync(new URL('../threads/sync.ts', import.meta.url), 'utf8'), {
  compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
}).outputText;

/**
 * Runs statements on another thread, with `integers` and all that `sync.ts` exports in scope.
 * @returns when it has ended; what the thread throws rejects the promise.
 */
export function runThread(integers: Int32Array, statements: string): Promise<void> {
  const code = `import { workerData as integers } from 'node:worker_threads';\n${sync}\n${statements}`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  const worker = new Worker(url, { workerData: integers });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}
