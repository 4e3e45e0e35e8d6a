import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ParamValues } from '../../core/params';
import { createRandom } from '../../core/random';
import { layers, type LayerKind } from '../../layers';
import type { CompiledNetwork, Weights } from '../../network/compiled';
import { lenet } from '../../network/templates/lenet';
import { initialWeights } from '../../network/weights';
import type { Engine, Loss, StepMetrics, Trainer, TrainerState } from '../engine';
import { compiled, compiledChain, examples, range } from '../testing/examples';
import { compiledGraph, randomNetwork, randomWeights } from '../testing/networks';
import { cpu } from '../tfjs/cpu';
import { wasm } from './driver';

const shape = [7, 6, 4];
const classes = 3;
const data = examples(11, shape, classes);
/** With β₁ = 0 the first slot is the gradient itself, not rounded by the weight. */
const gradientReader = { type: 'adam', learningRate: 0.01, beta1: 0, beta2: 0.9, epsilon: 1e-7 } as const;

let reference: Engine;
let engine: Engine;
beforeAll(async () => {
  reference = await cpu.open({ available: true, device: '', software: false });
  engine = await wasm.open({ available: true, device: '1 thread', software: false });
});
afterAll(() => {
  reference.dispose();
  engine.dispose();
});

interface Taken {
  readonly metrics: readonly StepMetrics[];
  readonly evaluated: StepMetrics;
  readonly state: TrainerState;
  readonly predicted: Float32Array;
}

const inputs = Float32Array.from(data.images, (byte) => byte / 255);

/** Steps on the batches, then everything that a trainer tells. */
async function take(
  on: Engine,
  network: CompiledNetwork,
  loss: Loss,
  weights: Weights,
  batches: Uint32Array[],
) {
  const state = { step: 0, weights, slots: {} };
  const trainer: Trainer = await on.createTrainer({
    network,
    loss,
    optimizer: gradientReader,
    seed: 1,
    state,
  });
  for (const batch of batches) trainer.step(data, batch);
  const taken: Taken = {
    metrics: await trainer.metrics(),
    state: await trainer.state(),
    evaluated: await trainer.evaluate(data, range(0, data.count)),
    predicted: await trainer.predict(inputs, data.count),
  };
  trainer.dispose();
  return taken;
}

const largest = (values: Iterable<number>): number => {
  let max = 0;
  for (const value of values) max = Math.max(max, Math.abs(value));
  return max;
};

/** Largest difference as a share of the largest value; `floor` keeps sums that cancel from being compared with noise. */
function expectClose(
  actual: Float32Array,
  expected: Float32Array,
  name: string,
  tolerance: number,
  floor = 0,
) {
  expect(actual.length, name).toBe(expected.length);
  const difference = largest(expected.map((value, i) => value - actual[i]!));
  expect(difference, `${name} differs`).toBeLessThanOrEqual(tolerance * Math.max(largest(expected), floor));
}

/** Gradients of the first step, and whatever follows from it, on both engines. */
async function compare(network: CompiledNetwork, loss: Loss = 'categoricalCrossentropy', seed = 11) {
  const weights = randomWeights(network, createRandom(seed));
  const one = [range(0, data.count)];
  const expected = await take(reference, network, loss, weights, one);
  const actual = await take(engine, network, loss, weights, one);
  const gradients = Object.entries(expected.state.slots).filter(([key]) => key.startsWith('m:'));
  const overall = Math.max(...gradients.map(([, values]) => largest(values)));
  expect(overall, 'something is learned').toBeGreaterThan(1e-4);
  for (const [key, values] of gradients)
    expectClose(actual.state.slots[key]!, values, key, 1e-4, overall * 1e-2);
  expect(Object.keys(actual.state.slots).sort()).toEqual(Object.keys(expected.state.slots).sort());
  expect(actual.metrics[0]!.loss).toBeCloseTo(expected.metrics[0]!.loss, 4);
  expect(actual.metrics[0]!.correct).toBe(expected.metrics[0]!.correct);
  for (const [key, values] of Object.entries(expected.state.weights))
    if (key.includes('moving')) expectClose(actual.state.weights[key]!, values, key, 1e-5);
  // Not the predictions after the step: Adam divides a gradient of nothing but noise by itself.
  const before = await take(reference, network, loss, weights, []);
  const same = await take(engine, network, loss, weights, []);
  expectClose(same.predicted, before.predicted, 'predictions', 1e-4);
  expect(same.evaluated.correct).toBe(before.evaluated.correct);
  expect(same.evaluated.loss).toBeCloseTo(before.evaluated.loss, 4);
}

const head = [['flatten'], ['dense', { units: classes, activation: 'softmax' }]] as const;
const before = ['conv2d', { filters: 5, kernelSize: [2, 2], activation: 'tanh' }] as const;
const chain = (...middle: readonly (readonly [LayerKind, ParamValues?])[]): CompiledNetwork =>
  compiledChain(shape, classes, [...middle, ...head]);
const convolution = (params: ParamValues): CompiledNetwork =>
  chain(
    ['conv2d', { filters: 6, kernelSize: [2, 3], activation: 'tanh', ...params }],
    ['conv2d', { filters: 4, kernelSize: [2, 2], activation: 'elu', ...params }],
  );
const merged = (kind: LayerKind): CompiledNetwork =>
  compiledGraph(shape, classes, [
    ['input', 'input', [], { shape }],
    ['left', 'conv2d', ['input'], { filters: 4, kernelSize: [3, 3], activation: 'sigmoid' }],
    ['right', 'conv2d', ['input'], { filters: 4, kernelSize: [3, 3], activation: 'softsign' }],
    ['merged', kind, ['left', 'right']],
    ['flat', 'flatten', ['merged']],
    ['output', 'dense', ['flat'], { units: classes, activation: 'softmax' }],
  ]);

const curves = ['linear', 'relu', 'sigmoid', 'tanh', 'softmax', 'leakyRelu', 'elu', 'softplus', 'softsign'];
const pooling = { poolSize: [3, 2], strides: [2, 1], padding: 'same' };
const networks: Record<string, readonly [LayerKind | undefined, CompiledNetwork]> = {
  dense: ['dense', chain(['flatten'], ['dense', { units: 9, activation: 'relu' }])],
  'dense without bias': [undefined, chain(['flatten'], ['dense', { units: 9, useBias: false }])],
  convolution: ['conv2d', convolution({})],
  'convolution with relu, without bias': [undefined, convolution({ activation: 'relu', useBias: false })],
  'convolution of 1×1': [undefined, convolution({ kernelSize: [1, 1] })],
  'convolution with strides': [undefined, convolution({ strides: [1, 2], padding: 'same' })],
  'convolution with same padding': [undefined, convolution({ padding: 'same', kernelSize: [4, 5] })],
  'convolution with dilation': [undefined, convolution({ dilationRate: [2, 1], kernelSize: [2, 2] })],
  'convolution with dilation, padded': [undefined, convolution({ dilationRate: [1, 3], padding: 'same' })],
  'convolution with groups': [undefined, convolution({ groups: 2, padding: 'same' })],
  'max pooling': ['maxPooling2d', chain(before, ['maxPooling2d'])],
  'max pooling with overlap': [undefined, chain(before, ['maxPooling2d', pooling])],
  'average pooling': ['averagePooling2d', chain(before, ['averagePooling2d'])],
  'average pooling with overlap': [undefined, chain(before, ['averagePooling2d', pooling])],
  'global average pooling': [
    'globalAveragePooling2d',
    compiledChain(shape, classes, [before, ['globalAveragePooling2d'], head[1]]),
  ],
  flatten: ['flatten', compiledChain(shape, classes, [...head])],
  'dropout of nothing': ['dropout', chain(before, ['dropout', { rate: 0 }])],
  'batch normalization': ['batchNormalization', chain(before, ['batchNormalization', { momentum: 0.7 }])],
  'batch normalization of vectors': [
    undefined,
    compiledChain(shape, classes, [['flatten'], ['dense', { units: 5 }], ['batchNormalization'], head[1]]),
  ],
  add: ['add', merged('add')],
  concatenate: ['concatenate', merged('concatenate')],
  'softmax as a layer at the end': [
    undefined,
    compiledChain(shape, classes, [
      ['flatten'],
      ['dense', { units: classes }],
      ['activation', { activation: 'softmax' }],
    ]),
  ],
  ...Object.fromEntries(
    curves.map((activation) => [
      `activation ${activation}`,
      [
        activation === 'relu' ? 'activation' : undefined,
        chain(before, ['activation', { activation, alpha: 0.7, negativeSlope: 0.2 }]),
      ] as const,
    ]),
  ),
};

describe('gradients, statistics and outputs are those of the CPU', () => {
  for (const [name, [, network]] of Object.entries(networks)) test(name, () => compare(network));
  for (const name of ['dense', 'convolution'])
    test(`mean squared error after ${name}`, () => compare(networks[name]![1], 'meanSquaredError'));
  test('mean squared error without softmax', () =>
    compare(
      compiledChain(shape, classes, [before, ['globalAveragePooling2d'], ['dense', { units: classes }]]),
      'meanSquaredError',
    ));
  test('cross-entropy without softmax', () =>
    compare(
      compiledChain(shape, classes, [['flatten'], ['dense', { units: classes, activation: 'sigmoid' }]]),
    ));
  for (let seed = 1; seed <= 12; seed++)
    test(`random network ${seed}`, () => compare(randomNetwork(shape, classes, seed)));
});

test('every kind of layer is among them', () => {
  const covered = Object.values(networks).map(([kind]) => kind);
  expect(layers.map(({ kind }) => kind).filter((kind) => !covered.includes(kind))).toEqual(['input']);
});

test('twenty steps of LeNet, partial batches among them, take the CPU’s way', async () => {
  const mnist = [28, 28, 1];
  const network = compiled(lenet.build(), mnist, 10);
  const many = examples(20, mnist, 10);
  const options = {
    network,
    loss: 'categoricalCrossentropy',
    optimizer: { type: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    seed: 1,
    state: { step: 0, weights: initialWeights(network, 5), slots: {} },
  } as const;
  const losses = async (on: Engine): Promise<readonly number[]> => {
    const trainer = await on.createTrainer(options);
    for (let step = 0; step < 20; step++)
      trainer.step(many, range((step % 5) * 4, (step % 5) * 4 + (step % 4) + 1));
    const metrics = await trainer.metrics();
    trainer.dispose();
    return metrics.map(({ loss }) => loss);
  };
  const expected = await losses(reference);
  const actual = await losses(engine);
  actual.forEach((loss, i) => expect(Math.abs(loss - expected[i]!)).toBeLessThan(1e-3 * expected[i]! + 1e-5));
}, 60_000);
