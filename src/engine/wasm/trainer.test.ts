import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { initialWeights } from '../../network/weights';
import type {
  Engine,
  OptimizerSettings,
  StepMetrics,
  Trainer,
  TrainerOptions,
  TrainerState,
} from '../engine';
import { compiledChain, examples, range } from '../testing/examples';
import { cpu } from '../tfjs/cpu';
import { wasm } from './driver';

const shape = [6, 6, 1];
const network = compiledChain(shape, 3, [
  ['conv2d', { filters: 4, kernelSize: [3, 3], activation: 'relu' }],
  ['batchNormalization', { momentum: 0.8 }],
  ['maxPooling2d'],
  ['flatten'],
  ['dropout', { rate: 0.25 }],
  ['dense', { units: 3, activation: 'softmax' }],
]);
const withoutDropout = compiledChain(shape, 3, [
  ['conv2d', { filters: 4, kernelSize: [3, 3], activation: 'relu' }],
  ['batchNormalization', { momentum: 0.8 }],
  ['flatten'],
  ['dense', { units: 3, activation: 'softmax' }],
]);
const data = examples(48, shape, 3);
const adam: OptimizerSettings = { type: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
const sgd: OptimizerSettings = { type: 'sgd', learningRate: 0.1, momentum: 0 };
const momentum: OptimizerSettings = { type: 'sgd', learningRate: 0.1, momentum: 0.9 };
const fresh: TrainerState = { step: 0, weights: initialWeights(network, 7), slots: {} };

let engine: Engine;
beforeAll(async () => {
  const probe = await wasm.probe();
  if (!probe.available) throw new Error(probe.reason);
  engine = await wasm.open(probe);
});
afterAll(() => engine.dispose());

const create = (options: Partial<TrainerOptions> = {}, on = engine): Promise<Trainer> =>
  on.createTrainer({
    network,
    optimizer: adam,
    loss: 'categoricalCrossentropy',
    seed: 3,
    state: fresh,
    ...options,
  });

/** Steps `from`..`to`, 16 examples each and every third time 5, as often over the examples as it takes. */
function take(trainer: Trainer, from: number, to: number): void {
  for (let step = from; step < to; step++) {
    const start = (step % 3) * 16;
    trainer.step(data, range(start, start + (step % 3 === 2 ? 5 : 16)));
  }
}

interface Run {
  readonly metrics: readonly StepMetrics[];
  readonly state: TrainerState;
}

async function runSteps(
  options: Partial<TrainerOptions>,
  from: number,
  to: number,
  on = engine,
): Promise<Run> {
  const trainer = await create(options, on);
  take(trainer, from, to);
  const result = { metrics: await trainer.metrics(), state: await trainer.state() };
  trainer.dispose();
  return result;
}

for (const optimizer of [adam, sgd, momentum]) {
  const name = optimizer.type === 'adam' ? 'adam' : `sgd with momentum ${optimizer.momentum}`;
  test(`goes on from a state exactly where it stopped, and is the same every time, with ${name}`, async () => {
    const whole = await runSteps({ optimizer }, 0, 7);
    const again = await runSteps({ optimizer }, 0, 7);
    expect(again).toEqual(whole);
    const first = await runSteps({ optimizer }, 0, 2);
    const state = structuredClone(first.state);
    const second = await runSteps({ optimizer, state }, 2, 7);
    expect(second.state).toEqual(whole.state);
    expect(second.metrics).toEqual(whole.metrics.slice(2));
    expect(whole.state.step).toBe(7);
  });

  test(`exchanges its state with TensorFlow.js, with ${name}`, async () => {
    const options = {
      network: withoutDropout,
      optimizer,
      state: { ...fresh, weights: initialWeights(withoutDropout, 7) },
    };
    const reference = await cpu.open({ available: true, device: '', software: false });
    try {
      const started = await runSteps(options, 0, 3, reference);
      const expected = await runSteps({ ...options, state: started.state }, 3, 6, reference);
      const actual = await runSteps({ ...options, state: started.state }, 3, 6);
      expect(Object.keys(actual.state.slots).sort()).toEqual(Object.keys(expected.state.slots).sort());
      actual.metrics.forEach(({ loss }, i) => expect(loss).toBeCloseTo(expected.metrics[i]!.loss, 3));
      for (const [key, values] of Object.entries(expected.state.weights))
        values.forEach((value, i) => expect(actual.state.weights[key]![i], key).toBeCloseTo(value, 3));
    } finally {
      reference.dispose();
    }
  });
}

test('learns what can be learned', async () => {
  const trainer = await create();
  take(trainer, 0, 40);
  const after = await trainer.evaluate(data, range(0, 48));
  trainer.dispose();
  expect(after.examples).toBe(48);
  expect(after.correct).toBeGreaterThan(44);
});

describe('dropout', () => {
  const only = compiledChain(shape, 3, [
    ['dropout', { rate: 0.5 }],
    ['flatten'],
    ['dense', { units: 3, activation: 'softmax' }],
  ]);
  const state = { ...fresh, weights: initialWeights(only, 2) };
  const lossesOf = async (seed: number, from = 0): Promise<readonly number[]> => {
    const frozen = { ...sgd, learningRate: 0 } as const;
    const trainer = await create({ network: only, state: { ...state, step: from }, seed, optimizer: frozen });
    for (let i = 0; i < 3; i++) trainer.step(data, range(0, 16));
    const metrics = await trainer.metrics();
    trainer.dispose();
    return metrics.map(({ loss }) => loss);
  };

  test('draws other values at each step and for each seed, and the same again', async () => {
    const losses = await lossesOf(1);
    expect(new Set(losses).size).toBe(3);
    expect(await lossesOf(2)).not.toEqual(losses);
    expect(await lossesOf(1)).toEqual(losses);
    expect(await lossesOf(1, 1)).toEqual([losses[1], losses[2], expect.any(Number)]);
  });

  test('does nothing when predicting, and keeps the mean when training', async () => {
    const trainer = await create({ network: only, state });
    const one = await trainer.evaluate(data, range(0, 16));
    expect(await trainer.evaluate(data, range(0, 16))).toEqual(one);
    trainer.dispose();
    const losses = (await Promise.all(Array.from({ length: 20 }, (_, seed) => lossesOf(seed)))).flat();
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    expect(Math.abs(mean - one.loss)).toBeLessThan(0.3 * one.loss);
  });
});

test('predicts what it evaluates, in more than one chunk, after batches of any size', async () => {
  const many = examples(300, shape, 3);
  const trainer = await create();
  take(trainer, 0, 2);
  const outputs = await trainer.predict(
    Float32Array.from(many.images, (byte) => byte / 255),
    300,
  );
  const { correct, loss } = await trainer.evaluate(many, range(0, 300));
  trainer.dispose();
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

test('gives state that its later steps leave alone, and takes state that the caller may change', async () => {
  const weights = structuredClone(fresh.weights);
  const trainer = await create({ state: { ...fresh, weights } });
  for (const values of Object.values(weights)) values.fill(9);
  const state = await trainer.state();
  take(trainer, 0, 2);
  expect(state.weights).toEqual(fresh.weights);
  expect((await trainer.state()).weights).not.toEqual(fresh.weights);
  trainer.dispose();
});

test('shows a loss that is not a number', async () => {
  const weights = { ...fresh.weights, 'conv2d/kernel': new Float32Array(36).fill(Number.NaN) };
  const trainer = await create({ state: { ...fresh, weights } });
  take(trainer, 0, 1);
  const [metrics] = await trainer.metrics();
  const evaluated = await trainer.evaluate(data, range(0, 4));
  trainer.dispose();
  expect(metrics!.loss).toBeNaN();
  expect(evaluated.loss).toBeNaN();
});

describe('what it holds', () => {
  test('is one memory, and none after it was disposed of', async () => {
    const trainer = await create();
    take(trainer, 0, 3);
    await trainer.evaluate(data, range(0, 48));
    expect(trainer.allocations()).toBe(1);
    trainer.dispose();
    trainer.dispose();
    expect(trainer.allocations()).toBe(0);
    expect(() => trainer.step(data, range(0, 4))).toThrow('disposed of');
    await expect(trainer.state()).rejects.toThrow('disposed of');
  });

  test('goes when the engine goes', async () => {
    const other = await wasm.open({ available: true, device: '1 thread', software: false });
    const trainer = await create({}, other);
    other.dispose();
    expect(trainer.allocations()).toBe(0);
    await expect(create({}, other)).rejects.toThrow('disposed of');
  });
});

describe('what cannot be', () => {
  test('a weight of another size is refused by name', async () => {
    const weights = { ...fresh.weights, 'dense/kernel': new Float32Array(1) };
    await expect(create({ state: { ...fresh, weights } })).rejects.toThrow(
      'dense/kernel takes 48 values; 1 came',
    );
  });

  test('an example that there is not is refused, and the trainer goes on', async () => {
    const trainer = await create();
    expect(() => trainer.step(data, Uint32Array.of(99))).toThrow('There is no example 99');
    const other = { ...data, shape: [5, 5, 1] };
    expect(() => trainer.step(other, range(0, 4))).toThrow(
      'The network takes 6×6×1; the examples are 5×5×1.',
    );
    take(trainer, 0, 1);
    expect(await trainer.metrics()).toHaveLength(1);
    trainer.dispose();
  });

  test('a batch that no memory holds is refused with the sum of what it needs', async () => {
    const wide = compiledChain([512, 512, 1], 3, [
      ['conv2d', { filters: 256, kernelSize: [1, 1] }],
      ['globalAveragePooling2d'],
      ['dense', { units: 3, activation: 'softmax' }],
    ]);
    const trainer = await create({ network: wide, state: { ...fresh, weights: initialWeights(wide, 1) } });
    const large = { ...data, shape: [512, 512, 1], images: new Uint8Array(512 * 512) };
    expect(() => trainer.step(large, new Uint32Array(64))).toThrow(
      /takes [\d,]+ MB of memory with a batch of 64; WebAssembly has at most 4,096 MB/,
    );
    trainer.dispose();
  });
});
