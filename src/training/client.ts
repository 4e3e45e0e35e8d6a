/**
 * The app's end of the training worker: starts it, hands over commands, passes on events. It imports the worker by its
 * address only, so that no engine comes into the app's own bundle.
 */
import type { Command, RunEvent, StartCommand } from './protocol';

/** A start without what the client adds by itself. */
export type StartRequest = Omit<StartCommand, 'type' | 'assetBase'>;

export interface TrainingClient {
  start(request: StartRequest): void;
  pause(): void;
  resume(): void;
  stop(): void;
  /** Ends the worker at once. No event comes after this. */
  terminate(): void;
}

/** Starts a worker for one run. It is ended when the run is, which gives all of its memory back. */
export type StartClient = (onEvent: (event: RunEvent) => void) => TrainingClient;

/** What the client uses of a Worker. */
export type WorkerPort = Pick<Worker, 'postMessage' | 'addEventListener' | 'terminate'>;

/** What the client uses of the page: where it lies, and whether it is seen. */
export interface Page {
  readonly baseURI: string;
  readonly document: EventTarget & { readonly visibilityState: DocumentVisibilityState };
  readonly window: EventTarget;
}

export const startTrainingClient: StartClient = (onEvent) => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  return connect(worker, { baseURI: document.baseURI, document, window }, onEvent);
};

/** Speaks the protocol with a worker. A worker that breaks is told as `failed`, in words. */
export function connect(worker: WorkerPort, page: Page, onEvent: (event: RunEvent) => void): TrainingClient {
  let over = false;
  const listening = new AbortController();
  const send = (command: Command): void => {
    if (!over) worker.postMessage(command);
  };
  const terminate = (): void => {
    over = true;
    listening.abort();
    worker.terminate();
  };
  const finish = (event: RunEvent): void => {
    terminate();
    onEvent(event);
  };
  const broke = (what: string): void => {
    if (over) return;
    finish({
      type: 'failed',
      cause: 'engine',
      message:
        `The training worker ${what}. This happens when memory runs out, or when the app was updated meanwhile. ` +
        'Weights that were kept are still there: start again to go on from them, and reload the app if that fails.',
    });
  };

  worker.addEventListener('message', ({ data }: MessageEvent<RunEvent>) => {
    if (over) return;
    if (data.type === 'ended' || data.type === 'failed') finish(data);
    else onEvent(data);
  });
  worker.addEventListener('error', (event: ErrorEvent) => {
    // A worker that does not even start gives an event without a message.
    broke(event.message ? `broke down (${event.message})` : 'could not be started');
  });
  worker.addEventListener('messageerror', () => broke('sent something that could not be read'));

  // The page may be about to go away: keep what has been learned.
  const save = (): void => send({ type: 'save' });
  const { signal } = listening;
  page.window.addEventListener('pagehide', save, { signal });
  page.document.addEventListener(
    'visibilitychange',
    () => {
      if (page.document.visibilityState === 'hidden') save();
    },
    { signal },
  );

  return {
    start: (request) =>
      send({ type: 'start', ...request, assetBase: new URL(import.meta.env.BASE_URL, page.baseURI).href }),
    pause: () => send({ type: 'pause' }),
    resume: () => send({ type: 'resume' }),
    stop: () => send({ type: 'stop' }),
    terminate,
  };
}
