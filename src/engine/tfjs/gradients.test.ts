import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../core/random';
import { layers } from '../../layers';
import { isFrozen, weightKey, type CompiledNetwork, type Weights } from '../../network/compiled';
import type { Engine, Loss } from '../engine';
import { compiledChain, range } from '../testing/examples';
import { randomWeights } from '../testing/networks';
import { cpu } from './cpu';
import { data, head, networks, shape } from './gradients.testing';

let engine: Engine;
beforeAll(async () => {
  engine = await cpu.open({ available: true, device: '', software: false });
});
afterAll(() => engine.dispose());

/** Weights that make every value of the network far from the corners of relu and of the maximum for most draws. */
const weightsOf = (network: CompiledNetwork): Weights => randomWeights(network, createRandom(11));

const sgd = { type: 'sgd', learningRate: 1, momentum: 0 } as const;

async function lossAt(network: CompiledNetwork, loss: Loss, weights: Weights): Promise<number> {
  const state = { step: 0, weights, slots: {} };
  const trainer = await engine.createTrainer({ network, loss, optimizer: sgd, seed: 1, state });
  const result = await trainer.evaluate(data, range(0, 4));
  trainer.dispose();
  return result.loss;
}

async function gradient(network: CompiledNetwork, loss: Loss, weights: Weights): Promise<Weights> {
  const state = { step: 0, weights, slots: {} };
  const trainer = await engine.createTrainer({ network, loss, optimizer: sgd, seed: 1, state });
  trainer.step(data, range(0, 4));
  const after = await trainer.state();
  trainer.dispose();
  return Object.fromEntries(
    Object.entries(weights).map(([key, w]) => [key, w.map((value, i) => value - after.weights[key]![i]!)]),
  );
}

/**
 * Central differences of the loss itself in a few weights of each kind; float32 leaves about three digits. Weights of
 * frozen layers do not move at all.
 */
async function compare(network: CompiledNetwork, loss: Loss): Promise<void> {
  const weights = weightsOf(network);
  const computed = await gradient(network, loss, weights);
  const random = createRandom(5);
  const frozen = network.layers
    .filter(isFrozen)
    .flatMap((layer) => layer.weights.map((spec) => weightKey(layer, spec)));
  for (const key of frozen) expect(new Set(computed[key]), `${key} stays`).toEqual(new Set([0]));
  for (const [key, values] of Object.entries(weights).filter(([name]) => !frozen.includes(name))) {
    for (let n = 0; n < 2; n++) {
      const i = Math.floor(random.next() * values.length);
      const at = (delta: number): Promise<number> =>
        lossAt(network, loss, { ...weights, [key]: values.with(i, values[i]! + delta) });
      const h = 2 ** -10;
      const expected = ((await at(h)) - (await at(-h))) / (2 * h);
      const difference = Math.abs(computed[key]![i]! - expected);
      expect(difference, `${key}[${i}] is ${computed[key]![i]}, by differences ${expected}`).toBeLessThan(
        1e-3,
      );
    }
    expect(Math.max(...computed[key]!.map(Math.abs)), `${key} moves`).toBeGreaterThan(3e-3);
  }
}

describe('the gradient equals the differences of the loss', () => {
  for (const [name, [, network]] of Object.entries(networks)) {
    test(name, () => compare(network, 'categoricalCrossentropy'));
  }
  test('mean squared error', () => compare(networks['convolution']![1], 'meanSquaredError'));
  test('mean squared error after sigmoid', () =>
    compare(networks['dense without bias']![1], 'meanSquaredError'));
});

test('every kind of layer that gradients pass through is among them', () => {
  const covered = Object.values(networks).map(([kind]) => kind);
  // Batch normalization trains on other statistics than it evaluates with, so it has a test of its own below. An
  // embedding takes no image: see `embedding.test.ts`.
  const missing = layers.map(({ kind }) => kind).filter((kind) => !covered.includes(kind));
  expect(missing).toEqual(['input', 'embedding', 'batchNormalization']);
});

test('batch normalization has the gradient of its own training loss', async () => {
  const network = compiledChain(shape, 3, [
    ['conv2d', { filters: 2, kernelSize: [2, 2], useBias: false }],
    ['batchNormalization'],
    ...head,
  ]);
  const weights = weightsOf(network);
  const computed = await gradient(network, 'categoricalCrossentropy', weights);
  const trainingLoss = async (changed: Weights): Promise<number> => {
    const state = { step: 0, weights: changed, slots: {} };
    const loss = 'categoricalCrossentropy';
    const trainer = await engine.createTrainer({ network, loss, optimizer: sgd, seed: 1, state });
    trainer.step(data, range(0, 4));
    const [metrics] = await trainer.metrics();
    trainer.dispose();
    return metrics!.loss;
  };
  const h = 2 ** -10;
  for (const key of [
    'conv2d/kernel',
    'batch_normalization/gamma',
    'batch_normalization/beta',
    'dense/kernel',
  ]) {
    const values = weights[key]!;
    const up = await trainingLoss({ ...weights, [key]: values.with(1, values[1]! + h) });
    const down = await trainingLoss({ ...weights, [key]: values.with(1, values[1]! - h) });
    expect(computed[key]![1]!, key).toBeCloseTo((up - down) / (2 * h), 2.5);
  }
});
