import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../core/random';
import type { Weights } from '../../network/compiled';
import type { Engine } from '../engine';
import { compiledChain, range } from '../testing/examples';
import { randomWeights } from '../testing/networks';
import { cpu } from './cpu';

const network = compiledChain(
  [1],
  3,
  [
    ['embedding', { inputDim: 4, outputDim: 5, useBias: true }],
    ['activation', { activation: 'tanh' }],
    ['dense', { units: 3, activation: 'softmax' }],
  ],
  { form: 'vector', size: 1 },
);
/** Indices 0, 2.4, 2.4 and 12: the second row is never looked up, and there is no thirteenth. */
const data = {
  images: Uint8Array.of(0, 6, 6, 30),
  labels: Uint8Array.of(0, 1, 2, 1),
  count: 4,
  shape: [1],
  scale: 0.4,
  classes: 3,
};

let engine: Engine;
beforeAll(async () => {
  engine = await cpu.open({ available: true, device: '', software: false });
});
afterAll(() => engine.dispose());

const trainerOf = (weights: Weights) =>
  engine.createTrainer({
    network,
    loss: 'categoricalCrossentropy',
    optimizer: { type: 'sgd', learningRate: 1, momentum: 0 },
    seed: 1,
    state: { step: 0, weights, slots: {} },
  });

async function lossAt(weights: Weights): Promise<number> {
  const trainer = await trainerOf(weights);
  const { loss } = await trainer.evaluate(data, range(0, 4));
  trainer.dispose();
  return loss;
}

test('an embedding looks up the row of its index, rounded down and within the table', async () => {
  const weights = randomWeights(network, createRandom(2));
  const trainer = await trainerOf(weights);
  const one = await trainer.predict(Float32Array.of(0, 0.99, 2, 2.99, 3, 12, -7), 7);
  trainer.dispose();
  const outputs = Array.from({ length: 7 }, (_, i) => [...one.subarray(3 * i, 3 * i + 3)]);
  expect(outputs[1]).toEqual(outputs[0]);
  expect(outputs[3]).toEqual(outputs[2]);
  expect(outputs[5]).toEqual(outputs[4]);
  expect(outputs[6]).toEqual(outputs[0]);
  expect(outputs[2]).not.toEqual(outputs[0]);
});

test('the gradient equals the differences of the loss, and is nothing in rows that nobody looked up', async () => {
  const weights = randomWeights(network, createRandom(2));
  const trainer = await trainerOf(weights);
  trainer.step(data, range(0, 4));
  const after = (await trainer.state()).weights;
  trainer.dispose();
  const h = 2 ** -10;
  for (const [key, values] of Object.entries(weights))
    for (const i of values.keys()) {
      const at = (delta: number) => lossAt({ ...weights, [key]: values.with(i, values[i]! + delta) });
      const expected = ((await at(h)) - (await at(-h))) / (2 * h);
      expect(values[i]! - after[key]![i]!, `${key}[${i}]`).toBeCloseTo(expected, 3);
    }
  const moved = after['embedding/embeddings']!.map(
    (value, i) => value - weights['embedding/embeddings']![i]!,
  );
  const rows = Array.from({ length: 4 }, (_, row) =>
    moved.subarray(5 * row, 5 * row + 5).some((n) => n !== 0),
  );
  expect(rows).toEqual([true, false, true, true]);
});
