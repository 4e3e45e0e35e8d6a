import { describe, expect, test } from 'vitest';
import type { NeuralNetworkLayer } from '../coreml/messages';
import type { Shape } from '../core/shape';
import { parametricSoftplus } from './parametricSoftplus';
import { prelu } from './prelu';

const image = [4, 3, 2];
const bend = { name: 'bend', input: ['before'], output: ['after'] };
const places = { name: 'bend', inputs: ['before'], output: 'after', params: {} };
const shapes = { inputShapes: [image], outputShape: image };
const floats = (...values: readonly number[]) => ({ floatValue: Float32Array.from(values) });
const slopes = (alpha: ReturnType<typeof floats>): NeuralNetworkLayer => ({
  ...bend,
  activation: { PReLU: { alpha } },
});
const read = (layer: NeuralNetworkLayer, shape: Shape = image) =>
  prelu.coreml.read!(layer, { inputShapes: [shape] });

describe('PReLU', () => {
  test('has a slope for each channel, of images and of vectors, and starts as relu, as in Keras', () => {
    for (const shape of [image, [2]])
      expect(prelu.weights!([shape], {})).toMatchObject([
        { name: 'alpha', shape: [2], initializer: 'zeros', trainable: true },
      ]);
  });

  test('writes its slopes', () => {
    const weights = { alpha: Float32Array.of(0.25, -1) };
    expect(prelu.coreml.write({ ...places, ...shapes, weights })).toEqual([slopes(floats(0.25, -1))]);
  });

  test('takes the one slope of a file for all channels', () => {
    expect(read(slopes(floats(0.5)))).toEqual({ params: {}, weights: { alpha: Float32Array.of(0.5, 0.5) } });
    expect(read(slopes(floats(3, 4)))).toMatchObject({ weights: { alpha: Float32Array.of(3, 4) } });
  });

  test('refuses slopes of another number than the channels', () => {
    expect(read(slopes(floats(1, 2, 3)))).toBe('Its slope takes 2 numbers of 32 bits; it has 3.');
    expect(read({ ...bend, activation: { ReLU: {} } })).toBeUndefined();
  });

  test('shares its slopes over height and width in Keras where there are any', () => {
    expect(prelu.snippets.keras({}, [image])).toBe('layers.PReLU(shared_axes=[1, 2])');
    expect(prelu.snippets.keras({}, [[2]])).toBe('layers.PReLU()');
  });
});

describe('ParametricSoftplus', () => {
  const layer = (alpha: ReturnType<typeof floats>, beta = floats(5)): NeuralNetworkLayer => ({
    ...bend,
    activation: { parametricSoftplus: { alpha, beta } },
  });
  const readSoftplus = (from: NeuralNetworkLayer) =>
    parametricSoftplus.coreml.read!(from, { inputShapes: [image] });

  test('starts as softplus', () => {
    expect(parametricSoftplus.weights!([image], {})).toMatchObject([
      { name: 'alpha', shape: [2], initializer: 'ones' },
      { name: 'beta', shape: [2], initializer: 'ones' },
    ]);
  });

  test('spreads what a file gives once, and names what has the wrong number', () => {
    expect(readSoftplus(layer(floats(1, 2)))).toEqual({
      params: {},
      weights: { alpha: Float32Array.of(1, 2), beta: Float32Array.of(5, 5) },
    });
    expect(readSoftplus(layer(floats()))).toBe('Its alpha takes 2 numbers of 32 bits; it has 0.');
    expect(readSoftplus(layer(floats(1), floats(1, 2, 3)))).toBe(
      'Its beta takes 2 numbers of 32 bits; it has 3.',
    );
    expect(readSoftplus(slopes(floats(1)))).toBeUndefined();
  });
});
