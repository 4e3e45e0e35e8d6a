import * as core from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { initialWeights } from '../../network/weights';
import type { Engine, OptimizerSettings, Trainer, TrainerOptions, TrainerState } from '../engine';
import { compiledChain, examples, range } from '../testing/examples';
import { cpu } from './cpu';

const shape = [6, 6, 1];
const network = compiledChain(shape, 3, [
  ['conv2d', { filters: 4, kernelSize: [3, 3], activation: 'relu' }],
  ['batchNormalization', { momentum: 0.8 }],
  ['maxPooling2d'],
  ['flatten'],
  ['dropout', { rate: 0.25 }],
  ['dense', { units: 3, activation: 'softmax' }],
]);
const data = examples(48, shape, 3);
const adam: OptimizerSettings = { type: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
const sgd: OptimizerSettings = { type: 'sgd', learningRate: 0.1, momentum: 0.9 };
const fresh: TrainerState = { step: 0, weights: initialWeights(network, 7), slots: {} };

let engine: Engine;
beforeAll(async () => {
  const probe = await cpu.probe();
  if (!probe.available) throw new Error(probe.reason);
  engine = await cpu.open(probe);
});
afterAll(() => engine.dispose());

const create = (options: Partial<TrainerOptions> = {}): Promise<Trainer> =>
  engine.createTrainer({
    network,
    optimizer: adam,
    loss: 'categoricalCrossentropy',
    seed: 3,
    state: fresh,
    ...options,
  });

/** Steps `from`..`to`, 16 examples each, as often over the examples as it takes. */
function take(trainer: Trainer, from: number, to: number): void {
  for (let step = from; step < to; step++) trainer.step(data, range((step % 3) * 16, (step % 3) * 16 + 16));
}

describe('the trainer', () => {
  test('learns what can be learned', async () => {
    const trainer = await create({ loss: 'meanSquaredError' });
    take(trainer, 0, 30);
    const steps = await trainer.metrics();
    const after = await trainer.evaluate(data, range(0, 48));
    trainer.dispose();
    expect(steps).toHaveLength(30);
    expect(steps[0]!.examples).toBe(16);
    expect(after.examples).toBe(48);
    expect(after.correct).toBeGreaterThan(44);
    expect(after.loss).toBeLessThan(steps[0]!.loss / 2);
  });

  for (const optimizer of [adam, sgd]) {
    test(`goes on from a state exactly where it stopped, with ${optimizer.type}`, async () => {
      const whole = await create({ optimizer });
      take(whole, 0, 6);
      const wholeMetrics = await whole.metrics();
      const expected = await whole.state();
      whole.dispose();

      const first = await create({ optimizer });
      take(first, 0, 3);
      const state = structuredClone(await first.state());
      first.dispose();
      const second = await create({ optimizer, state });
      take(second, 3, 6);
      expect(await second.metrics()).toEqual(wholeMetrics.slice(3));
      expect(await second.state()).toEqual(expected);
      second.dispose();
      expect(state.step).toBe(3);
      expect(expected.step).toBe(6);
    });
  }

  test('gives state that its later steps leave alone, and takes state that the caller may change', async () => {
    const weights = structuredClone(fresh.weights);
    const trainer = await create({ state: { ...fresh, weights } });
    for (const values of Object.values(weights)) values.fill(9);
    const before = await trainer.state();
    expect(before.weights).toEqual(fresh.weights);
    const reading = trainer.state();
    take(trainer, 0, 2);
    expect((await reading).weights).toEqual(fresh.weights);
    expect(before.weights).toEqual(fresh.weights);
    expect((await trainer.state()).weights).not.toEqual(fresh.weights);
    trainer.dispose();
  });

  test('computes Adam as Keras does', async () => {
    const trainer = await create();
    take(trainer, 0, 1);
    const { weights, slots } = await trainer.state();
    trainer.dispose();
    const key = 'dense/kernel';
    // After one step m = (1 − β₁)g and v = (1 − β₂)g², so the gradient can be read off m.
    const rate = (0.01 * Math.sqrt(1 - 0.999)) / (1 - 0.9);
    slots[`m:${key}`]!.forEach((m, i) => {
      const g = m / (1 - 0.9);
      expect(slots[`v:${key}`]![i]).toBeCloseTo(0.001 * g * g, 9);
      const expected = fresh.weights[key]![i]! - (rate * m) / (Math.sqrt(0.001 * g * g) + 1e-7);
      expect(weights[key]![i]).toBeCloseTo(expected, 5);
    });
    expect(Object.keys(slots)).toContain('v:batch_normalization/gamma');
    expect(Object.keys(slots)).not.toContain('v:batch_normalization/movingMean');
  });

  test('computes momentum as Keras does', async () => {
    const trainer = await create({ optimizer: sgd });
    take(trainer, 0, 1);
    const first = await trainer.state();
    take(trainer, 1, 2);
    const second = await trainer.state();
    trainer.dispose();
    const key = 'dense/bias';
    first.weights[key]!.forEach((w, i) => {
      expect(first.slots[`momentum:${key}`]![i]).toBeCloseTo(w - fresh.weights[key]![i]!, 6);
      expect(second.weights[key]![i]).toBeCloseTo(w + second.slots[`momentum:${key}`]![i]!, 6);
    });
  });

  test('keeps cross-entropy exact where probabilities vanish', async () => {
    const weights = { ...fresh.weights, 'dense/bias': Float32Array.of(0, 200, 0) };
    const trainer = await create({ state: { ...fresh, weights } });
    const { loss } = await trainer.evaluate(data, Uint32Array.of(0));
    const predicted = await trainer.predict(
      Float32Array.from(data.images.subarray(0, 36), (v) => v / 255),
      1,
    );
    trainer.dispose();
    // −log of a probability of e⁻²⁰⁰; clipped to 1e-7 it would be 16.1.
    expect(loss).toBeGreaterThan(150);
    expect([...predicted].map(Math.round)).toEqual([0, 1, 0]);
  });

  test('predicts what it evaluates, in more than one chunk', async () => {
    const trainer = await create();
    const many = examples(300, shape, 3);
    const outputs = await trainer.predict(
      Float32Array.from(many.images, (v) => v / 255),
      300,
    );
    const { correct, loss } = await trainer.evaluate(many, range(0, 300));
    trainer.dispose();
    expect(outputs).toHaveLength(900);
    let right = 0;
    let sum = 0;
    for (let i = 0; i < 300; i++) {
      const row = outputs.subarray(3 * i, 3 * i + 3);
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      if (row.indexOf(Math.max(...row)) === many.labels[i]) right++;
      sum -= Math.log(row[many.labels[i]!]!);
    }
    expect(correct).toBe(right);
    expect(loss).toBeCloseTo(sum / 300, 4);
  });

  test('updates the statistics of batch normalization while it trains, and only then', async () => {
    const trainer = await create();
    await trainer.evaluate(data, range(0, 16));
    const before = await trainer.state();
    take(trainer, 0, 1);
    const after = await trainer.state();
    trainer.dispose();
    expect(before.weights['batch_normalization/movingMean']).toEqual(new Float32Array(4));
    expect(after.weights['batch_normalization/movingMean']).not.toEqual(new Float32Array(4));
  });

  test('gives every tensor back, after all that it can do', async () => {
    const before = core.memory().numTensors;
    const trainer = await create();
    const held = trainer.allocations();
    take(trainer, 0, 4);
    await trainer.metrics();
    await trainer.evaluate(data, range(0, 48));
    await trainer.predict(new Float32Array(72), 2);
    await trainer.state();
    expect(trainer.allocations()).toBe(held);
    take(trainer, 4, 6);
    trainer.dispose();
    expect(trainer.allocations()).toBe(0);
    expect(core.memory().numTensors).toBe(before);
  });

  test('gives every tensor back when a step fails', async () => {
    const before = core.memory().numTensors;
    const trainer = await create();
    const held = trainer.allocations();
    expect(() => trainer.step(data, Uint32Array.of(99))).toThrow('There is no example 99');
    const wrong = { ...data, labels: new Uint8Array(48) };
    const kernel = core.getKernel('MaxPoolGrad', 'cpu');
    core.unregisterKernel('MaxPoolGrad', 'cpu');
    expect(() => trainer.step(wrong, range(0, 16))).toThrow('MaxPoolGrad');
    core.registerKernel(kernel);
    expect(trainer.allocations()).toBe(held);
    take(trainer, 0, 1);
    expect(await trainer.metrics()).toHaveLength(1);
    expect(trainer.allocations()).toBe(held);
    trainer.dispose();
    expect(core.memory().numTensors).toBe(before);
  });

  test('gives every tensor back when it cannot be made', async () => {
    const before = core.memory().numTensors;
    const weights = { ...fresh.weights, 'dense/kernel': new Float32Array(1) };
    await expect(create({ state: { ...fresh, weights } })).rejects.toThrow(
      'dense/kernel takes 48 values; 1 came',
    );
    expect(core.memory().numTensors).toBe(before);
  });

  test('refuses a second engine while one is open', async () => {
    await expect(cpu.open({ available: true, device: '', software: false })).rejects.toThrow('still open');
    expect(core.getBackend()).toBe('cpu');
  });
});
