/**
 * How threads agree: who takes which piece of a stage, and that a stage is over before the next begins. All of it lies
 * in whole numbers at the start of the shared memory.
 */

/** Places in the control block, in whole numbers. */
export const control = {
  /** Counts commands; threads wait for it to change. */
  command: 0,
  /** What the command is, by its place in `purposes`. */
  purpose: 1,
  count: 2,
  /** Optimizer steps before this one. */
  step: 3,
  /** Threads that have arrived at the barrier, and how many barriers there were. */
  arrived: 4,
  barriers: 5,
  /** Not 0 once a thread has failed. */
  failed: 6,
  /** Grows with every part of a piece that is begun: a sign of life. */
  alive: 7,
  /** The scale of the images' bytes, a float. */
  scale: 8,
  /** From here on: pieces taken of each stage. */
  claims: 16,
} as const;

/** How the threads of one pass meet. */
export interface Sync {
  /** The next piece of a stage that nobody has taken; past the last once all are. */
  claim(stage: number): number;
  /** Tells the others that this thread is at work. */
  alive(): void;
  /** Waits until all threads are here. @throws ThreadLostError where one of them failed or no longer answers. */
  barrier(): void;
}

/** One thread by itself. */
export function alone(): Sync {
  let next = 0;
  return {
    claim: () => next++,
    alive: () => undefined,
    barrier: () => (next = 0),
  };
}

/** Rounds of waiting before a thread gives its core to others: some tens of microseconds. */
const SPIN = 10_000;
/** Milliseconds between two looks at whether the others are still there. */
const LOOK_MS = 500;
/** Milliseconds without a sign of life after which a thread is given up. */
const PATIENCE_MS = 10_000;

/** A thread failed, or has given no sign of life for long. */
export class ThreadLostError extends Error {
  override name = 'ThreadLostError';
}

/** Waits while the whole number at `place` is `value`, awake at first. @returns whether it has changed. */
export function waitWhile(integers: Int32Array, place: number, value: number, milliseconds: number): boolean {
  for (let i = 0; i < SPIN; i++) if (Atomics.load(integers, place) !== value) return true;
  Atomics.wait(integers, place, value, milliseconds);
  return Atomics.load(integers, place) !== value;
}

/** @param integers of a shared memory. */
export function together(integers: Int32Array, threads: number): Sync {
  const has = (place: number): boolean => Atomics.load(integers, place) !== 0;
  return {
    claim: (stage) => Atomics.add(integers, control.claims + stage, 1),
    alive: () => void Atomics.add(integers, control.alive, 1),
    barrier() {
      const barriers = Atomics.load(integers, control.barriers);
      if (Atomics.add(integers, control.arrived, 1) === threads - 1) {
        Atomics.store(integers, control.arrived, 0);
        Atomics.add(integers, control.barriers, 1);
        Atomics.notify(integers, control.barriers);
      }
      let alive = Atomics.load(integers, control.alive);
      let quiet = 0;
      while (!has(control.failed) && !waitWhile(integers, control.barriers, barriers, LOOK_MS)) {
        const now = Atomics.load(integers, control.alive);
        // Time that was waited, not the clock's: while a device sleeps, all threads do.
        if (now !== alive) [alive, quiet] = [now, 0];
        else if ((quiet += LOOK_MS) >= PATIENCE_MS) break;
      }
      if (has(control.failed)) throw new ThreadLostError('A thread of the WebAssembly engine failed.');
      if (Atomics.load(integers, control.barriers) === barriers)
        throw new ThreadLostError('A thread of the WebAssembly engine no longer answers.');
    },
  };
}
