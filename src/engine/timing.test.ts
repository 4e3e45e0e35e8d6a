/** The timing of an engine, on a clock that its steps move. */
import { expect, test } from 'vitest';
import type { Trainer } from './engine';
import { runOf } from './testing/choosing';
import { measureSpeed } from './timing';

/** A trainer that computes nothing, and the clock on which it takes its time. */
function stepper(stepMs: (step: number) => number) {
  let time = 0;
  const turns: number[] = [];
  let queued = 0;
  let steps = 0;
  const trainer = {
    step: () => {
      queued += 1;
      time += stepMs(++steps);
    },
    metrics: () => {
      turns.push(queued);
      queued = 0;
      return Promise.resolve([]);
    },
  } as unknown as Trainer;
  return { trainer, now: () => time, turns };
}

test('it counts images a second over about 300 ms, fed as a run is fed', async () => {
  const { trainer, now, turns } = stepper(() => 5);
  expect(await measureSpeed(trainer, runOf(undefined, 128), now)).toBeCloseTo(25_600);
  expect(turns.slice(0, 4)).toEqual([1, 1, 6, 6]);
  expect(now()).toBeLessThanOrEqual(340);
});

test('it does not count the first step, which compiles', async () => {
  const { trainer, now } = stepper((step) => (step === 1 ? 2000 : 10));
  expect(await measureSpeed(trainer, runOf(undefined, 10), now)).toBeCloseTo(1000);
});

test('it takes two steps of a slow engine and no more', async () => {
  const { trainer, now, turns } = stepper(() => 700);
  expect(await measureSpeed(trainer, runOf(undefined, 70), now)).toBeCloseTo(100);
  expect(turns).toEqual([1, 1]);
});
