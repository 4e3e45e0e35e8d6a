/** What a run can go back to. */
import { expect, it } from 'vitest';
import { isFiniteState, LastGood, type Snapshot } from './lastGood';
import { emptyEpoch } from './position';

const snapshot = (step: number, size = 1): Snapshot => ({
  position: { step, epochsBefore: 0, epochs: [], current: emptyEpoch, points: [] },
  state: { step, weights: { a: new Float32Array(size) }, slots: { 'm:a': new Float32Array(size) } },
});

it('is the start, until a later state has given a finite loss', () => {
  const lastGood = new LastGood(snapshot(0), 100);
  lastGood.offer(snapshot(5));
  expect(lastGood.good!.position.step).toBe(0);
  lastGood.confirm();
  expect(lastGood.good!.position.step).toBe(5);
  lastGood.offer(snapshot(9));
  lastGood.offer(snapshot(12));
  lastGood.confirm();
  expect(lastGood.good!.position.step).toBe(12);
});

it('offers the snapshot of this very moment, so that nothing is read twice', () => {
  const lastGood = new LastGood(snapshot(0), 100);
  const taken = snapshot(5);
  lastGood.offer(taken);
  expect(lastGood.at(taken.position)).toBe(taken);
  expect(lastGood.at({ step: 6, epochs: [] })).toBeUndefined();
  expect(lastGood.at({ step: 5, epochs: [{ epoch: 1 } as never] })).toBeUndefined();
});

it('is nothing where states are too large to stay in memory', () => {
  const lastGood = new LastGood(snapshot(0, 13), 100);
  lastGood.confirm();
  expect(lastGood.good).toBeUndefined();
  expect(new LastGood(snapshot(0, 12), 100).good).toBeDefined();
});

it('holds finite numbers only: weights and slots are looked through', () => {
  expect(isFiniteState(snapshot(1).state)).toBe(true);
  for (const bad of [NaN, Infinity, -Infinity]) {
    const state = snapshot(1, 4).state;
    state.slots['m:a']![3] = bad;
    expect(isFiniteState(state)).toBe(false);
  }
});
