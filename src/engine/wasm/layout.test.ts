import { describe, expect, test } from 'vitest';
import { createRandom } from '../../core/random';
import { weightKey, type Weights } from '../../network/compiled';
import type { OptimizerSettings, TrainerState } from '../engine';
import { compiledChain } from '../testing/examples';
import { randomWeights } from '../testing/networks';
import { storedSize, WeightBlocks } from './layout';
import { layOut } from './memory';
import { plannerOf } from './planning';
import { makeProgram } from './program';
import { panelsSize, toPanels, type Matrix } from './testing/panels';

const network = compiledChain([6, 6, 4], 3, [
  ['conv2d', { filters: 11, kernelSize: [2, 3] }],
  ['batchNormalization'],
  ['conv2d', { filters: 22, kernelSize: [1, 2], groups: 11 }],
  ['flatten'],
  ['dense', { units: 9, useBias: false }],
  ['dense', { units: 3, activation: 'softmax' }],
]);
const adam: OptimizerSettings = { type: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
const planner = plannerOf({ network, loss: 'categoricalCrossentropy', optimizer: adam });
const program = makeProgram({ shape: planner(1, 0), optimizer: adam, relaxed: false });
const { plan } = layOut(program, planner, 4, 2);
const blocks = new WeightBlocks(network);
const trainable = plan.weights.filter((weight) => weight.trainable);

const state: TrainerState = {
  step: 3,
  weights: randomWeights(network, createRandom(1)),
  slots: Object.fromEntries(
    program.slots.flatMap((slot, i) =>
      Object.entries(randomWeights(network, createRandom(2 + i)))
        .filter(([key]) => trainable.some((weight) => weight.key === key))
        .map(([key, values]) => [`${slot}:${key}`, values]),
    ),
  ),
};

/** A memory with the state written to it. */
function written(of: TrainerState = state): Float32Array {
  const floats = new Float32Array(plan.bytes / 4);
  blocks.write(plan, floats, program.slots, of);
  return floats;
}

/** A weight as a matrix, where it lies in panels. */
function matrixOf(key: string): Matrix | undefined {
  const matrices: Record<string, Matrix> = {
    'conv2d/kernel': { rows: 2 * 3 * 4, columns: 11 },
    'conv2d/bias': { rows: 1, columns: 11 },
    'conv2d_1/kernel': { rows: 2, columns: 22, groups: 11 },
    'conv2d_1/bias': { rows: 1, columns: 22, groups: 11 },
    'dense/kernel': { rows: 22 * 5 * 3, columns: 9 },
    'dense_1/kernel': { rows: 9, columns: 3 },
    'dense_1/bias': { rows: 1, columns: 3 },
  };
  return matrices[key];
}

test('weights and slots come back as they went in', () => {
  const read = blocks.read(plan, written(), program.slots);
  expect(read.weights).toEqual(state.weights);
  expect(read.slots).toEqual(state.slots);
  expect(Object.keys(read.slots)).toHaveLength(2 * trainable.length);
});

test('kernels and biases lie in panels of eight columns that zeros fill up; the rest lies as it comes', () => {
  const floats = written();
  for (const { key, start, size } of plan.weights) {
    const matrix = matrixOf(key);
    const values = state.weights[key]!;
    const expected = matrix
      ? toPanels(values, matrix).map((value) => (Number.isNaN(value) ? 0 : value))
      : values;
    const first = plan.blocks.weights / 4 + start;
    expect([...floats.subarray(first, first + expected.length)], key).toEqual([...expected]);
    expect(values, key).toHaveLength(size);
  }
  const kept = plan.weights.map(({ key }) => key).filter((key) => !matrixOf(key));
  expect(kept).toEqual(
    ['gamma', 'beta', 'movingMean', 'movingVariance'].map((name) => `batch_normalization/${name}`),
  );
});

test('no two weights share a place, and each block is as large as what it holds', () => {
  const sizes = network.layers.flatMap((layer) =>
    layer.weights.map((spec) => [weightKey(layer, spec), storedSize(layer, spec)] as const),
  );
  for (const [key, size] of sizes) {
    const matrix = matrixOf(key);
    const weight = plan.weights.find((one) => one.key === key)!;
    expect(size, key).toBe(matrix ? panelsSize(matrix) : weight.size);
  }
  const sizeOf = Object.fromEntries(sizes);
  const inOrder = [...plan.weights].sort((a, b) => a.start - b.start);
  inOrder.forEach(({ key, start }, i) => {
    const end = inOrder[i + 1]?.start ?? plan.weightSize;
    expect(start + sizeOf[key]!, key).toBeLessThanOrEqual(end);
  });
});

describe('a state that does not fit', () => {
  test('is refused by the name of the weight', () => {
    const weights: Weights = { ...state.weights, 'dense/kernel': new Float32Array(2) };
    expect(() => written({ ...state, weights })).toThrow('dense/kernel takes 2970 values; 2 came');
    const none = Object.fromEntries(Object.entries(weights).filter(([key]) => key !== 'dense/kernel'));
    expect(() => written({ ...state, weights: none })).toThrow('dense/kernel takes 2970 values; none came');
  });

  test('in its slots alone starts them from zero', () => {
    const slots: Record<string, Float32Array> = { ...state.slots, 'm:conv2d/kernel': new Float32Array(1) };
    delete slots['v:dense/kernel'];
    const read = blocks.read(plan, written({ ...state, slots }), program.slots).slots;
    const zeros = (key: string): Float32Array => new Float32Array(state.slots[key]!.length);
    expect(read).toEqual({
      ...state.slots,
      'm:conv2d/kernel': zeros('m:conv2d/kernel'),
      'v:dense/kernel': zeros('v:dense/kernel'),
    });
  });
});
