/** The page of the engines' tests in a real browser: starts a worker for each question and hands over its answer. */

/** What a worker of the tests is asked: one of its tasks, by name, with what it takes. */
export interface Question {
  readonly worker: keyof typeof workers;
  readonly task: string;
  readonly input: readonly unknown[];
}

interface Answer {
  readonly result?: unknown;
  readonly error?: string;
}

declare global {
  var ask: (question: Question) => Promise<unknown>;
}

const workers = {
  webgpu: () => new Worker(new URL('./webgpuWorker.ts', import.meta.url), { type: 'module' }),
  threads: () => new Worker(new URL('./threadsWorker.ts', import.meta.url), { type: 'module' }),
};

globalThis.ask = ({ worker: kind, ...question }) =>
  new Promise((resolve, reject) => {
    const worker = workers[kind]();
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      worker.terminate();
      if (data.error === undefined) resolve(data.result);
      else reject(new Error(data.error));
    };
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(question);
  });
