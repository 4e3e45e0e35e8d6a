import * as core from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfLayers from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { defaultsOf, type ParamsOf } from '../core/params';
import { PoolingType } from '../coreml/messages';
import { l2Pooling2d } from './l2Pooling2d';

type Params = ParamsOf<typeof l2Pooling2d.params>;
const withDefaults = (params: Partial<Params>): Params => ({ ...defaultsOf(l2Pooling2d.params), ...params });

beforeAll(() => core.setBackend('cpu'));

/** The layer on one image of one channel, and the gradient of the sum of its outputs. */
function run(params: Partial<Params>, rows: readonly (readonly number[])[]) {
  const shape = [rows.length, rows[0]!.length, 1];
  const input = tfLayers.input({ shape });
  const context = { name: 'pool', inputs: [input], stepSeed: () => 1 };
  const output = l2Pooling2d.tensorflow({ core, layers: tfLayers }, withDefaults(params), context);
  const model = tfLayers.model({ inputs: input, outputs: output });
  const image = core.tensor(rows.flat(), [1, ...shape]);
  const forward = (x: core.Tensor) => model.apply(x) as core.Tensor;
  return {
    values: [...forward(image).dataSync()],
    gradient: [
      ...core
        .grad((x) => core.sum(forward(x)))(image)
        .dataSync(),
    ],
  };
}

test('a window becomes its length, whatever the signs, and its values get their share of it', () => {
  const { values, gradient } = run({ poolSize: [1, 2], strides: [1, 2] }, [[3, -4, 5, 12]]);
  [5, 13].forEach((value, i) => expect(values[i]).toBeCloseTo(value, 5));
  [3 / 5, -4 / 5, 5 / 13, 12 / 13].forEach((value, i) => expect(gradient[i]).toBeCloseTo(value, 5));
});

test('a window of zeros has length 0 and a gradient of 0', () => {
  expect(run({ poolSize: [1, 2] }, [[0, 0]])).toEqual({ values: [0], gradient: [0, 0] });
});

test('a border adds nothing', () => {
  const padded = run({ poolSize: [2, 2], strides: [2, 2], padding: 'same' }, [[3], [4], [7]]);
  expect(padded.values.map((value) => Math.round(1e5 * value) / 1e5)).toEqual([5, 7]);
});

test('Core ML’s type is L2, and no other pooling is read', () => {
  const context = { inputShapes: [[4, 4, 1]], outputShape: [2, 2, 1], weights: {} };
  const places = { name: 'pool', inputs: ['before'], output: 'after' };
  const [layer] = l2Pooling2d.coreml.write({ ...places, ...context, params: withDefaults({}) });
  expect(layer!.pooling!.type).toBe(PoolingType.l2);
  const max = { ...layer!, pooling: { ...layer!.pooling!, type: PoolingType.max } };
  expect(l2Pooling2d.coreml.read!(layer!, context)).toMatchObject({ params: { poolSize: [2, 2] } });
  expect(l2Pooling2d.coreml.read!(max, context)).toBeUndefined();
});

test('PyTorch’s own layer stands behind its padding', () => {
  const pytorch = (params: Partial<Params>): string =>
    l2Pooling2d.snippets.pytorch(withDefaults(params), [[5, 4, 1]]);
  expect(pytorch({})).toBe('nn.LPPool2d(2, (2, 2), stride=(2, 2))');
  expect(pytorch({ padding: 'same' })).toBe(
    'nn.Sequential(nn.ConstantPad2d((0, 0, 0, 1), 0.0), nn.LPPool2d(2, (2, 2), stride=(2, 2)))',
  );
});
