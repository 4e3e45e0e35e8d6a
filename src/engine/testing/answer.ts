/** A worker of the tests answers questions by its tasks; what they throw becomes the answer's error. */
import type { Question } from './enginePage';

declare const self: DedicatedWorkerGlobalScope;

export function answerBy(tasks: Readonly<Record<string, (...input: never[]) => unknown>>): void {
  self.addEventListener('message', ({ data: { task, input } }: MessageEvent<Question>) => {
    new Promise((resolve) => resolve(tasks[task]!(...(input as never[])))).then(
      (result) => self.postMessage({ result }),
      (error: unknown) => self.postMessage({ error: error instanceof Error ? error.message : String(error) }),
    );
  });
}
