import { afterEach, describe, expect, test, vi } from 'vitest';
import { runThread } from '../testing/threads';
import { alone, control, ThreadLostError, together, waitWhile } from './sync';

const [STAGES, PIECES] = [200, 7];
/** Where the test's own notes begin: one whole number for each piece of each stage, then what went wrong. */
const MARKS = control.claims + STAGES;
const FAULTS = MARKS + STAGES * PIECES;

afterEach(() => vi.restoreAllMocks());

const sharedIntegers = (): Int32Array => new Int32Array(new SharedArrayBuffer(4 * (FAULTS + 1)));

describe('threads together', () => {
  test('take every piece once, and pass a barrier when all of them are there', async () => {
    const integers = sharedIntegers();
    const threads = 3;
    // The marks are not atomic on purpose: a piece that two threads took, or a barrier that let one through, would show.
    const statements = `
      const [STAGES, PIECES, MARKS, FAULTS] = [${STAGES}, ${PIECES}, ${MARKS}, ${FAULTS}];
      const sync = together(integers, ${threads});
      for (let stage = 0; stage < STAGES; stage++) {
        for (let piece = sync.claim(stage); piece < PIECES; piece = sync.claim(stage)) {
          sync.alive();
          integers[MARKS + stage * PIECES + piece] += 1;
        }
        sync.barrier();
        for (let piece = 0; piece < PIECES; piece++)
          if (integers[MARKS + stage * PIECES + piece] !== 1) Atomics.add(integers, FAULTS, 1);
      }`;
    await Promise.all(Array.from({ length: threads }, () => runThread(integers, statements)));
    expect(integers[FAULTS]).toBe(0);
    expect(new Set(integers.subarray(MARKS, FAULTS))).toEqual(new Set([1]));
    expect(integers[control.barriers]).toBe(STAGES);
    expect(integers[control.arrived]).toBe(0);
    expect(integers[control.alive]).toBe(STAGES * PIECES);
  });

  test('learn of one that failed while they waited for it', async () => {
    const integers = sharedIntegers();
    const other = runThread(
      integers,
      `while (Atomics.load(integers, control.arrived) === 0);
       Atomics.wait(integers, control.arrived, 1, 50);
       Atomics.store(integers, control.failed, 1);
       Atomics.add(integers, control.barriers, 1);
       Atomics.notify(integers, control.barriers);`,
    );
    const { barrier } = together(integers, 2);
    expect(barrier).toThrow(new ThreadLostError('A thread of the WebAssembly engine failed.'));
    await other;
  });

  /** Has every sleep be over at once, and something happen in it. @returns the milliseconds slept so far. */
  function sleeping(during: (slept: number) => void): () => number {
    let slept = 0;
    vi.spyOn(Atomics, 'wait').mockImplementation((...[, , , milliseconds]) => {
      during((slept += milliseconds!));
      return 'timed-out';
    });
    return () => slept;
  }

  test('give up one that has been silent for ten seconds', () => {
    const slept = sleeping(() => {});
    const { barrier } = together(sharedIntegers(), 2);
    expect(barrier).toThrow(new ThreadLostError('A thread of the WebAssembly engine no longer answers.'));
    expect(slept()).toBe(10_000);
  });

  test('are patient with one that shows signs of life, however long it takes', () => {
    const integers = sharedIntegers();
    const other = together(integers, 2);
    const slept = sleeping((milliseconds) => {
      if (milliseconds % 9000 === 0) other.alive();
      if (milliseconds === 60_000) Atomics.add(integers, control.barriers, 1);
    });
    expect(together(integers, 2).barrier).not.toThrow();
    expect(slept()).toBe(60_000);
  });

  test('do not take the sleep of the whole device for silence', () => {
    const integers = sharedIntegers();
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const slept = sleeping((milliseconds) => {
      now += 3_600_000;
      if (milliseconds === 1000) Atomics.add(integers, control.barriers, 1);
    });
    expect(together(integers, 2).barrier).not.toThrow();
    expect(slept()).toBe(1000);
  });
});

test('one thread alone takes the pieces of each stage in their order', () => {
  const sync = alone();
  for (let stage = 0; stage < 2; stage++) {
    expect([sync.claim(stage), sync.claim(stage), sync.claim(stage)]).toEqual([0, 1, 2]);
    sync.barrier();
  }
});

test('waiting ends when the number has changed, or the time is over', async () => {
  const integers = sharedIntegers();
  expect(waitWhile(integers, 3, 7, 1000)).toBe(true);
  expect(waitWhile(integers, 3, 0, 10)).toBe(false);
  const other = runThread(
    integers,
    `Atomics.wait(integers, 0, 0, 30);
     Atomics.store(integers, 3, 1);
     Atomics.notify(integers, 3);`,
  );
  expect(waitWhile(integers, 3, 0, 20_000)).toBe(true);
  await other;
});
