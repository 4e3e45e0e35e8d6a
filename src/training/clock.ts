/** Time, and the way back to the event loop, as the loop needs them. Passed in, so that tests decide what time it is. */

export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
  /** Lets everything run that is waiting in the event loop, messages above all. */
  nextTask(): Promise<void>;
  /** Gives back what `nextTask` holds. */
  close(): void;
}

/**
 * The real clock. `nextTask` posts a message to itself: unlike a promise it lets other messages come first, and unlike
 * a timer it is not held back to 4 ms.
 */
export function createClock(): Clock {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return {
    now: () => performance.now(),
    nextTask: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        port2.postMessage(undefined);
      }),
    close: () => port1.close(),
  };
}
