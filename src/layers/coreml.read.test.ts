import { expect, test } from 'vitest';
import { PoolingType, type NeuralNetworkLayer } from '../coreml/messages';
import type { Shape } from '../core/shape';
import { layerOf, layers, type LayerKind } from '.';

type Body = Omit<NeuralNetworkLayer, 'name' | 'input' | 'output'>;

const layer = (body: Body, input = ['in']): NeuralNetworkLayer => ({
  name: 'a',
  input,
  output: ['out'],
  ...body,
});
const read = (kind: LayerKind, body: Body, shapes: readonly Shape[], input = ['in']) =>
  layerOf(kind).coreml.read!(layer(body, input), { inputShapes: shapes });
const floats = (count: number) => ({ floatValue: Float32Array.from({ length: count }, (_, i) => i) });
const convolution = {
  outputChannels: 2,
  kernelChannels: 1,
  nGroups: 0,
  kernelSize: [],
  stride: [],
  dilationFactor: [],
  valid: { paddingAmounts: {} },
  hasBias: false,
  weights: floats(18),
};

test('a convolution has Core ML’s defaults where the file says nothing', () => {
  expect(read('conv2d', { convolution }, [[5, 5, 1]])).toMatchObject({
    params: {
      filters: 2,
      kernelSize: [3, 3],
      strides: [1, 1],
      dilationRate: [1, 1],
      groups: 1,
      padding: 'valid',
      useBias: false,
    },
  });
});

test('weights that are too few or too many are counted in the refusal', () => {
  const short = { ...convolution, weights: floats(17) };
  expect(read('conv2d', { convolution: short }, [[5, 5, 1]])).toBe(
    'Its kernel takes 18 numbers of 32 bits; it has 17.',
  );
  expect(read('conv2d', { convolution: { ...convolution, hasBias: true } }, [[5, 5, 1]])).toBe(
    'Its bias takes 2 numbers of 32 bits; it has 0.',
  );
});

test('a convolution of other channels than it gets is refused', () => {
  expect(read('conv2d', { convolution }, [[5, 5, 3]])).toBe(
    'It takes an image of 1 channels; it gets one of 3.',
  );
});

test('poolings have Core ML’s defaults, and only their own type and form', () => {
  const pooling = { type: PoolingType.max, same: { asymmetryMode: 1 } };
  expect(read('maxPooling2d', { pooling }, [[5, 5, 1]])).toEqual({
    params: { poolSize: [3, 3], strides: [1, 1], padding: 'sameLower' },
    weights: {},
  });
  expect(read('averagePooling2d', { pooling }, [[5, 5, 1]])).toBeUndefined();
  const average = { ...pooling, type: PoolingType.average };
  expect(read('averagePooling2d', { pooling: average }, [[5, 5, 1]])).toMatchObject({
    params: { countPadding: true },
  });
  const global = { ...average, globalPooling: true };
  expect(read('averagePooling2d', { pooling: global }, [[5, 5, 1]])).toBeUndefined();
  expect(read('globalAveragePooling2d', { pooling: global }, [[5, 5, 1]])).toEqual({
    params: {},
    weights: {},
  });
});

const batchnorm = {
  channels: 2,
  epsilon: 0,
  gamma: floats(2),
  beta: floats(2),
  mean: floats(2),
  variance: floats(2),
};

test('batch normalization has the epsilon 1e-5 where the file says 0, and keeps its statistics', () => {
  expect(read('batchNormalization', { batchnorm }, [[5, 5, 2]])).toMatchObject({ params: { epsilon: 1e-5 } });
  for (const other of [{ computeMeanVar: true }, { instanceNormalization: true }])
    expect(read('batchNormalization', { batchnorm: { ...batchnorm, ...other } }, [[5, 5, 2]])).toMatch(
      /^It takes mean and variance from each image by itself/,
    );
  expect(read('batchNormalization', { batchnorm }, [[5, 5, 3]])).toBe('It takes 2 channels; it gets 3.');
});

test('dense takes as many values as its input has', () => {
  const innerProduct = {
    inputChannels: 3,
    outputChannels: 2,
    hasBias: true,
    weights: floats(6),
    bias: floats(2),
  };
  expect(read('dense', { innerProduct }, [[3]])).toEqual({
    params: { units: 2, useBias: true },
    weights: { kernel: Float32Array.of(0, 3, 1, 4, 2, 5), bias: Float32Array.of(0, 1) },
  });
  expect(read('dense', { innerProduct }, [[4]])).toBe('It takes a vector of 3 values; it gets 4.');
});

test('add and concatenate join several inputs and nothing else', () => {
  const two = ['a', 'b'];
  const shapes = [[3], [3]];
  expect(read('add', { add: {} }, shapes, two)).toEqual({ params: {}, weights: {} });
  expect(read('add', { add: { alpha: 2 } }, [[3]])).toBe(
    'It adds a constant to one input; Add joins several.',
  );
  expect(read('concatenate', { concat: { sequenceConcat: false } }, shapes, two)).toEqual({
    params: {},
    weights: {},
  });
  expect(read('concatenate', { concat: { sequenceConcat: true } }, shapes, two)).toMatch(
    /sequences along time/,
  );
  expect(read('concatenate', { concat: { sequenceConcat: false } }, [[3]])).toMatch(/one input alone/);
});

test('no kind takes a layer of another type', () => {
  for (const { kind, coreml } of layers) {
    const taken = coreml.read?.(layer({}), { inputShapes: [[3, 3, 1]] });
    expect([kind, taken]).toEqual([kind, undefined]);
  }
});
