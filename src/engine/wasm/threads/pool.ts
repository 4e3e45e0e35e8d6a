/** The helping threads of an engine. They work for one trainer at a time and change over when another one asks. */
import { control } from './sync';
import { purposes } from '../program';
import type { OpenMessage } from './session';

/** Milliseconds in which a helping thread must have started; without it the engine has one thread fewer. */
const START_MS = 5000;

/** What a network needs to be opened on every thread. */
export type Opening = Omit<OpenMessage, 'thread' | 'threads' | 'commands'>;

export class ThreadPool {
  #opened: Opening | undefined;
  #fault: string | undefined;

  private constructor(private readonly workers: readonly Worker[]) {
    for (const worker of workers)
      worker.addEventListener('error', (event) => {
        // Told here; unhandled, it would also end the worker that commands.
        event.preventDefault();
        this.#fault ??= `A thread of the WebAssembly engine broke down (${event.message || 'no reason given'}).`;
      });
  }

  /** Starts `threads` − 1 helpers, or as many as start in time. */
  static async start(threads: number): Promise<ThreadPool> {
    const started = await Promise.all(Array.from({ length: threads - 1 }, startWorker));
    return new ThreadPool(started.filter((worker) => worker !== undefined));
  }

  /** With the one that commands. */
  get threads(): number {
    return this.workers.length + 1;
  }

  /** Why the threads cannot be used any more. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Has every helper work for this network from now on. */
  open(opening: Opening): void {
    if (this.#opened === opening) return;
    this.release();
    this.#opened = opening;
    const commands = new Int32Array(opening.memory.buffer)[control.command]!;
    this.workers.forEach((worker, i) =>
      worker.postMessage({
        ...opening,
        commands,
        threads: this.threads,
        thread: i + 1,
      } satisfies OpenMessage),
    );
  }

  /** Sends the helpers back to where they can be told of another network. */
  release(opening = this.#opened): void {
    if (opening === undefined || this.#opened !== opening) return;
    command(new Int32Array(opening.memory.buffer), 'leave');
    this.#opened = undefined;
  }

  close(): void {
    for (const worker of this.workers) worker.terminate();
    this.#opened = undefined;
  }
}

/** Gives a command to all helpers that work on this memory. */
export function command(integers: Int32Array, purpose: (typeof purposes)[number]): void {
  integers[control.purpose] = purposes.indexOf(purpose);
  Atomics.add(integers, control.command, 1);
  Atomics.notify(integers, control.command);
}

async function startWorker(): Promise<Worker | undefined> {
  let worker: Worker | undefined;
  try {
    worker = new Worker(new URL('./helper.ts', import.meta.url), { type: 'module' });
    await ready(worker);
    return worker;
  } catch {
    worker?.terminate();
    return undefined;
  }
}

function ready(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('It did not start in time.')), START_MS);
    worker.addEventListener('message', () => (clearTimeout(late), resolve()), { once: true });
    const failed = (event: Event): void => {
      event.preventDefault();
      clearTimeout(late);
      reject(new Error('It did not start.'));
    };
    worker.addEventListener('error', failed, { once: true });
  });
}
