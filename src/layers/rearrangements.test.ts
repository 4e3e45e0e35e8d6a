/** Layers that rearrange, enlarge or look values up: their Problems, and that Core ML's layers are read as they are written. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultsOf, type ParamValues } from '../core/params';
import { isProblem, type Problem } from '../core/problem';
import type { Shape } from '../core/shape';
import type { NeuralNetworkLayer } from '../coreml/messages';
import { layerOf, type LayerKind } from '.';
import type { CoreMLRead } from './defineLayer';
import { orders } from './orders';

type Weights = Readonly<Record<string, Float32Array>>;

function written(kind: LayerKind, changed: ParamValues, input: Shape, weights: Weights = {}) {
  const definition = layerOf(kind);
  const params = { ...defaultsOf(definition.params), ...changed };
  const outputShape = definition.outputShape([input], params) as Shape;
  const frame = { name: 'layer', inputs: ['in'], output: 'out', inputShapes: [input], outputShape };
  const layers = definition.coreml.write({ ...frame, params, weights });
  expect(layers).toHaveLength(1);
  return layers[0]!;
}

const readAs = (kind: LayerKind, parts: Partial<NeuralNetworkLayer>, input: Shape = [4, 6, 2]) =>
  layerOf(kind).coreml.read!(
    { name: 'layer', input: ['in'], output: ['out'], ...parts },
    { inputShapes: [input] },
  );

/** What is written is read as it was, and written again it is the same message. */
function expectInverse(kind: LayerKind, params: ParamValues, input: Shape, weights: Weights = {}): void {
  const layer = written(kind, params, input, weights);
  const read = readAs(kind, layer, input) as CoreMLRead;
  expect(read.weights).toEqual(weights);
  expect({ ...params, ...read.params }).toEqual(params);
  expect(written(kind, read.params, input, read.weights)).toEqual(layer);
  const strangers = ['flatten', 'permute', 'reshape', 'zeroPadding2d', 'upSampling2d', 'embedding'] as const;
  for (const other of strangers.filter((one) => one !== kind)) expect(readAs(other, layer)).toBeUndefined();
}

const part = fc.integer({ min: 1, max: 5 });

describe('a layer of a Core ML file is read as it was written', () => {
  test('Flatten', () => {
    for (const order of orders) expectInverse('flatten', { order }, [4, 6, 2]);
  });

  test('Permute', () =>
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3], { minLength: 3 }), (dims) =>
        expectInverse('permute', { dims }, [4, 6, 2]),
      ),
    ));

  test('Reshape', () =>
    fc.assert(
      fc.property(fc.tuple(part, part, part), fc.constantFrom(...orders), (targetShape, order) =>
        expectInverse('reshape', { targetShape, order }, [targetShape.reduce((a, b) => a * b)]),
      ),
    ));

  test('ZeroPadding2D', () =>
    fc.assert(
      fc.property(fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(9)), (padding) =>
        expectInverse('zeroPadding2d', { padding }, [4, 6, 2]),
      ),
    ));

  test('UpSampling2D', () =>
    fc.assert(
      fc.property(
        fc.tuple(part, part),
        fc.constantFrom('halfPixel', 'alignCorners', 'asymmetric'),
        (size, grid) => {
          expectInverse('upSampling2d', { size, interpolation: 'bilinear', grid }, [4, 6, 2]);
          expectInverse('upSampling2d', { size, interpolation: 'nearest' }, [4, 6, 2]);
        },
      ),
    ));

  test('Embedding', () => {
    const embeddings = Float32Array.of(1, 2, 3, 4, 5, 6);
    const params = { inputDim: 3, outputDim: 2, useBias: false };
    expectInverse('embedding', params, [1], { embeddings });
    expectInverse('embedding', { ...params, useBias: true }, [1], {
      embeddings,
      bias: Float32Array.of(7, 8),
    });
  });
});

test('Core ML gets its own axes, orders and layouts', () => {
  // Rows of the output are the channels of the input, its columns the rows, its channels the columns.
  expect(written('permute', { dims: [3, 1, 2] }, [4, 6, 2]).permute).toEqual({ axis: [0, 3, 1, 2] });
  const targetShape = [4, 3, 2];
  expect(written('reshape', { targetShape }, [24]).reshape).toEqual({ targetShape: [2, 4, 3], mode: 1 });
  expect(written('flatten', { order: 'channelsFirst' }, [4, 3, 2]).flatten).toEqual({ mode: 0 });
  expect(written('zeroPadding2d', { padding: [1, 2, 3, 4] }, [4, 6, 2]).padding).toEqual({
    constant: { value: 0 },
    paddingAmounts: {
      borderAmounts: [
        { startEdgeSize: 1, endEdgeSize: 2 },
        { startEdgeSize: 3, endEdgeSize: 4 },
      ],
    },
  });
  const upsample = (params: ParamValues) => written('upSampling2d', params, [4, 6, 2]).upsample;
  expect(upsample({ size: [2, 3] })).toEqual({ scalingFactor: [2, 3], mode: 0 });
  expect(upsample({ interpolation: 'bilinear' })).toEqual({
    scalingFactor: [2, 2],
    mode: 1,
    linearUpsampleMode: 2,
  });
  const embeddings = Float32Array.of(1, 2, 3, 4, 5, 6);
  const table = written('embedding', { inputDim: 3, outputDim: 2 }, [1], { embeddings }).embedding!;
  expect([...table.weights.floatValue]).toEqual([1, 3, 5, 2, 4, 6]);
});

describe('of files by others', () => {
  test('what says less is read by its defaults', () => {
    expect(readAs('reshape', { reshape: { targetShape: [1, 2, 4, 3], mode: 0 } })).toMatchObject({
      params: { targetShape: [4, 3, 2], order: 'channelsFirst' },
    });
    expect(readAs('upSampling2d', { upsample: { mode: 0 } })).toMatchObject({ params: { size: [1, 1] } });
    const fractional = { fractionalScalingFactor: [3, 2], mode: 1 };
    expect(readAs('upSampling2d', { upsample: fractional })).toMatchObject({
      params: { size: [3, 2], interpolation: 'bilinear', grid: 'asymmetric' },
    });
    expect(readAs('zeroPadding2d', { padding: { paddingAmounts: { borderAmounts: [] } } })).toMatchObject({
      params: { padding: [0, 0, 0, 0] },
    });
  });

  const sides = { paddingAmounts: { borderAmounts: [{ startEdgeSize: 1, endEdgeSize: 1 }] } };
  const numbers = { floatValue: Float32Array.of(1, 2) };
  const refused: [LayerKind, Partial<NeuralNetworkLayer>, string, Shape?][] = [
    ['flatten', { flatten: { mode: 4 } }, 'mode 4'],
    ['permute', { permute: { axis: [1, 0, 2, 3] } }, 'the sequence stays first'],
    ['permute', { permute: { axis: [0, 1, 1, 3] } }, 'each of the others comes once'],
    ['permute', { permute: { axis: [0, 1, 3, 2] } }, 'a flat vector', [24]],
    ['reshape', { reshape: { targetShape: [2, 2, 4, 3], mode: 0 } }, '2 × 2 × 4 × 3'],
    ['reshape', { reshape: { targetShape: [], mode: 0 } }, 'no shape'],
    ['reshape', { reshape: { targetShape: [2, 4, 3], mode: 2 } }, 'mode 2'],
    ['zeroPadding2d', { padding: { reflection: {}, paddingAmounts: { borderAmounts: [] } } }, 'reflection'],
    ['zeroPadding2d', { padding: { replication: {}, paddingAmounts: { borderAmounts: [] } } }, 'repeating'],
    [
      'zeroPadding2d',
      { padding: { constant: { value: 0.5 }, paddingAmounts: { borderAmounts: [] } } },
      '0.5',
    ],
    ['zeroPadding2d', { padding: { constant: { value: 0 }, ...sides } }, 'so many axes of an array: 1'],
    ['upSampling2d', { upsample: { fractionalScalingFactor: [1.5, 2], mode: 0 } }, '1.5 × 2'],
    ['upSampling2d', { upsample: { scalingFactor: [2], mode: 0 } }, 'whole factors'],
    ['upSampling2d', { upsample: { scalingFactor: [2, 2], mode: 0, linearUpsampleMode: 1 } }, 'mode 0'],
    ['upSampling2d', { upsample: { scalingFactor: [2, 2], mode: 1, linearUpsampleMode: 7 } }, 'grid 7'],
    [
      'embedding',
      { embedding: { inputDim: 3, outputChannels: 1, hasBias: false, weights: numbers } },
      'table takes 3 numbers',
    ],
    [
      'embedding',
      { embedding: { inputDim: 2, outputChannels: 1, hasBias: true, weights: numbers } },
      'bias takes 1 numbers',
    ],
  ];
  test.each(refused)('%s refuses in a sentence %j', (kind, parts, words, input) => {
    const sentence = readAs(kind, parts, input);
    expect(sentence).toContain(words);
    expect(sentence).toMatch(/\.$/);
  });
});

describe('what does not fit is mended in one tap', () => {
  const problemOf = (kind: LayerKind, params: ParamValues, input: Shape): Problem => {
    const definition = layerOf(kind);
    const found = definition.outputShape([input], { ...defaultsOf(definition.params), ...params });
    if (!isProblem(found)) throw new Error('It fits.');
    return found;
  };

  test('Permute takes each dimension once', () => {
    const found = problemOf('permute', { dims: [1, 1, 3] }, [4, 6, 2]);
    expect(found.message).toBe('Permute takes each of the dimensions 1, 2 and 3 once; it has 1, 1, 3.');
    expect(found.repair).toMatchObject({ params: { dims: [2, 1, 3] } });
  });

  test.each([
    [[28, 28, 1], [1024], [32, 32, 1]],
    [[8, 8, 2], [72], [6, 6, 2]],
    [
      [8, 8, 2],
      [4, 4, 3],
      [4, 4, 3],
    ],
    [[28, 28, 1], [10], [1, 1, 10]],
  ])('Reshape to %j of %j becomes %j', (targetShape, input, better) => {
    const found = problemOf('reshape', { targetShape }, input);
    expect(found.message).toMatch(/^Reshape keeps every value: .* has \d+, but .* takes \d+\.$/);
    expect(found.repair).toMatchObject({ params: { targetShape: better } });
  });

  test('Embedding says what Core ML looks up', () => {
    const found = problemOf('embedding', {}, [4]);
    expect(found.message).toContain('one index at a time, as Core ML does');
    expect(found.message).toContain('it gets 4');
  });
});
