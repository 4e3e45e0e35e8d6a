/** The embedding's table in several blocks, which threads take one by one, against the CPU. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../core/random';
import type { Engine, OptimizerSettings } from '../../engine';
import { compiledChain, range } from '../../testing/examples';
import { randomWeights } from '../../testing/networks';
import { cpu } from '../../tfjs/cpu';
import { wasm } from '../driver';
import { expectClose } from '../testing/expectClose';

/** 700 rows of 11 values are two blocks; indices are bytes times 3, some of them past the last row. */
const network = compiledChain(
  [1],
  3,
  [
    ['embedding', { inputDim: 700, outputDim: 11, useBias: true }],
    ['dense', { units: 3, activation: 'softmax' }],
  ],
  { form: 'vector', size: 1 },
);
const data = {
  images: Uint8Array.of(0, 1, 120, 121, 200, 233, 234, 255, 1, 123, 120, 50),
  labels: Uint8Array.from({ length: 12 }, (_, i) => i % 3),
  count: 12,
  shape: [1],
  scale: 3,
  classes: 3,
};
const adam: OptimizerSettings = { type: 'adam', learningRate: 0.1, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 };

let engines: readonly Engine[];
beforeAll(async () => {
  const probe = { available: true, device: '', software: false } as const;
  engines = [await cpu.open(probe), await wasm.open(probe)];
});
afterAll(() => engines.forEach((engine) => engine.dispose()));

test('two steps move the same rows the same way', async () => {
  const weights = randomWeights(network, createRandom(3));
  const [expected, actual] = await Promise.all(
    engines.map(async (engine) => {
      const state = { step: 0, weights, slots: {} };
      const options = { network, loss: 'categoricalCrossentropy', optimizer: adam, seed: 1, state } as const;
      const trainer = await engine.createTrainer({ ...options, batchSize: 12 });
      trainer.step(data, range(0, 12));
      trainer.step(data, range(4, 10));
      const after = (await trainer.state()).weights;
      trainer.dispose();
      return after;
    }),
  );
  for (const [key, values] of Object.entries(expected!)) expectClose(actual![key]!, values, key, 1e-5);
  const table = actual!['embedding/embeddings']!;
  const before = weights['embedding/embeddings']!;
  const moved = Array.from({ length: 700 }, (_, row) => row).filter((row) =>
    table.subarray(11 * row, 11 * row + 11).some((value, i) => value !== before[11 * row + i]),
  );
  expect(moved).toEqual([0, 3, 150, 360, 363, 369, 600, 699]);
});
