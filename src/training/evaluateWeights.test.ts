/** Testing weights without training: what is told, what is kept with them, and that nothing moves. */
import { expect, it } from 'vitest';
import { initialWeights } from '../network/weights';
import type { Checkpoint, RunEvent } from './protocol';
import { memoryStore, session } from './session.testing';
import { createSoftmaxEngine, smallDataset, smallNetwork, smallSettings } from './softmax.testing';

const evaluate = { task: 'evaluate', fromCheckpoint: true } as const;
const testedOf = (events: readonly RunEvent[]) => events.find((event) => event.type === 'tested')?.result;

/** A store with a finished run. */
async function trained() {
  const store = memoryStore();
  await session({ store });
  return { store, kept: store.kept.get('p') as Checkpoint };
}

it('the kept weights have the accuracy that the end of their run showed, and do not move', async () => {
  const { store, kept } = await trained();
  const last = kept.epochs.at(-1)!;
  const { events, types, held, last: end } = await session({ store, command: evaluate });
  expect(testedOf(events)).toEqual({ loss: last.testLoss, accuracy: last.testAccuracy });
  expect(types.filter((type) => ['progress', 'epoch', 'paused'].includes(type))).toEqual([]);
  expect(end).toEqual({ type: 'ended', reason: 'finished', allocations: 0 });
  expect(held).toEqual([{ trainers: 0, engines: 0 }]);
  expect(store.kept.get('p')).toEqual({
    ...kept,
    tested: { loss: last.testLoss, accuracy: last.testAccuracy },
  });
  const saved = events.find((event) => event.type === 'saved')!;
  expect(saved.checkpoint).toMatchObject({ outcome: 'finished', testAccuracy: last.testAccuracy });
});

it('weights that go on training are no longer those that were tested', async () => {
  const { store } = await trained();
  await session({ store, command: evaluate });
  await session({ store, command: { fromCheckpoint: true } });
  expect(store.kept.get('p')).not.toHaveProperty('tested');
});

it('without kept weights, those are tested that training would start from, and nothing is kept', async () => {
  const store = memoryStore();
  const { events } = await session({ store, command: evaluate });
  const state = { step: 0, weights: initialWeights(smallNetwork, smallSettings.seed), slots: {} };
  expect(events.find((event) => event.type === 'started')).not.toHaveProperty('checkpointIgnored');
  const { engine } = createSoftmaxEngine();
  const optimizer = { type: 'sgd', learningRate: 1, momentum: 0 } as const;
  const trainer = await engine.createTrainer({
    ...{ network: smallNetwork, optimizer, state },
    ...{ loss: 'categoricalCrossentropy', seed: 1 },
  });
  const { test } = smallDataset();
  const expected = await trainer.evaluate(
    test,
    Uint32Array.from({ length: test.count }, (_, i) => i),
  );
  expect(testedOf(events)!.accuracy).toBeCloseTo(expected.correct / expected.examples, 12);
  expect(testedOf(events)!.loss).toBeCloseTo(expected.loss, 6);
  expect(store.kept.size).toBe(0);
});

it('stops in the middle, and tells no result', async () => {
  const { store, kept } = await trained();
  const { events, last } = await session({
    store,
    command: evaluate,
    onEvent: (event, control) => event.type === 'evaluating' && control.stop(),
  });
  expect(last).toMatchObject({ type: 'ended', reason: 'stopped' });
  expect(testedOf(events)).toBeUndefined();
  expect(store.kept.get('p')).toEqual(kept);
});

it('a result that cannot be kept is told all the same', async () => {
  const { store } = await trained();
  const full = { ...store, write: () => Promise.reject(new Error('full')) };
  const { events, last } = await session({ store: full, command: evaluate });
  expect(testedOf(events)).toBeDefined();
  expect(last).toMatchObject({ reason: 'finished' });
});
