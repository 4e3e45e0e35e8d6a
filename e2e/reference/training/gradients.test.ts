/** Tests of the gradients against finite differences, which need no derivation. */
import { describe, expect, it } from 'vitest';
import {
  activation,
  convolution,
  floats,
  layer,
  pooling,
  regressionModel,
  someFloats,
  trainableModel,
} from '../testing/samples';
import type { Convolution, LayerBody, Model, Pooling } from '../types';
import { gradientsOf, weightsOfUpdatable, type Example } from './gradients';

/** Numbers without ties, so that a maximum has no corner. */
function numbers(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, at) => Math.sin(12.9898 * (at + 1) * seed));
}

/** Every gradient of the model agrees with what a small change of the weight does to the loss. */
function expectGradients(model: Model, batch: readonly Example[]): number {
  const { gradients } = gradientsOf(model, batch);
  let compared = 0;
  for (const each of model.network.layers.filter(({ isUpdatable }) => isUpdatable)) {
    const { weights, bias } = weightsOfUpdatable(each);
    const found = gradients.get(each.name)!;
    for (const [values, gradient] of [
      [weights.floats, found.weights],
      [bias?.floats ?? new Float32Array(0), found.bias],
    ] as const) {
      expect(gradient).toHaveLength(values.length);
      values.forEach((value, at) => {
        const lossAt = (moved: number) => {
          values[at] = moved;
          return [values[at], gradientsOf(model, batch).loss] as const;
        };
        const [above, lossAbove] = lossAt(value + 1e-3);
        const [below, lossBelow] = lossAt(value - 1e-3);
        values[at] = value;
        const measured = (lossAbove - lossBelow) / (above - below);
        expect(Math.abs(gradient[at]! - measured), `${each.name}, weight ${at}`).toBeLessThan(1e-5);
        compared++;
      });
    }
  }
  return compared;
}

/** An updatable convolution, the layer in question, and a mean squared error on what comes out. */
function behindConvolution(body: LayerBody, outputs: number): Model {
  const model = regressionModel();
  const [conv] = model.network.layers;
  model.network.layers = [conv!, layer('dense', ['conv'], body)];
  model.description.trainingInputs[1]!.type = {
    kind: 'multiArray',
    optional: false,
    shape: [outputs],
    dataType: 'double',
  };
  return model;
}

const image = { input: numbers(16, 1), target: numbers(18, 3) };

describe('gradients', () => {
  it('of a whole network with cross-entropy, over a batch', () => {
    const batch = [0, 2, 1].map((target, at) => ({ input: numbers(16, at + 1), target }));
    expect(expectGradients(trainableModel(), batch)).toBe(8 + 2 + 54 + 3);
  });

  it('of a whole network with mean squared error', () => {
    const batch = [1, 2].map((seed) => ({ input: numbers(16, seed), target: numbers(3, seed + 4) }));
    expect(expectGradients(regressionModel(), batch)).toBe(67);
  });

  const passing: [string, LayerBody, number][] = [
    ['relu', activation('relu'), 18],
    ['sigmoid', activation('sigmoid'), 18],
    ['tanh', activation('tanh'), 18],
    ['flatten, channels first', { kind: 'flatten', mode: 0 }, 18],
    ['flatten, channels last', { kind: 'flatten', mode: 1 }, 18],
    [
      'batch normalisation',
      {
        kind: 'batchnorm',
        channels: 2,
        computeMeanVar: false,
        instanceNormalization: false,
        epsilon: 0,
        gamma: floats([2, -1]),
        beta: floats([0.5, 0]),
        mean: floats([0.1, 0.2]),
        variance: floats([0.25, 2]),
      },
      18,
    ],
    ...[0, 1, 2].flatMap((type): [string, LayerBody, number][] => {
      const same: Pooling['padding'] = { mode: 'same', asymmetry: 1 };
      const last: Pooling['padding'] = { mode: 'includeLastPixel', amounts: [1, 1] };
      return [
        [`pooling of type ${type}`, pooling({ type, stride: [1, 1] }), 8],
        [`pooling of type ${type} with same padding`, pooling({ type, padding: same }), 8],
        [`pooling of type ${type} to the last pixel`, pooling({ type, padding: last }), 8],
        [`global pooling of type ${type}`, pooling({ type, global: true }), 2],
      ];
    }),
    [
      'an average without its padding',
      pooling({ type: 1, averageExcludesPadding: true, padding: { mode: 'same', asymmetry: 0 } }),
      8,
    ],
  ];

  it.each(passing)('pass through %s', (_, body, outputs) => {
    const example = { ...image, target: image.target.slice(0, outputs) };
    expect(expectGradients(behindConvolution(body, outputs), [example])).toBe(10);
  });

  const wide = { outputChannels: 2, kernelChannels: 1, weights: someFloats(8, true), hasBias: true };
  const kinds: [string, Partial<Convolution>, number][] = [
    ['strides', { stride: [2, 1] }, 12],
    ['dilation and same padding', { dilation: [1, 2], padding: { mode: 'same', asymmetry: 0 } }, 32],
    ['same padding, heavy at the start', { padding: { mode: 'same', asymmetry: 1 } }, 32],
    [
      'amounts of its own',
      {
        padding: {
          mode: 'valid',
          amounts: [
            { start: 2, end: 0 },
            { start: 0, end: 1 },
          ],
        },
      },
      40,
    ],
    ['a turned direction', { isDeconvolution: true }, 50],
    [
      'a turned direction and same padding',
      { isDeconvolution: true, stride: [2, 2], kernelSize: [2, 2], padding: { mode: 'same', asymmetry: 0 } },
      128,
    ],
  ];

  it.each(kinds)('of a convolution with %s, twice in a row', (_, changes, outputs) => {
    const first = convolution({ ...wide, bias: someFloats(2, true), ...changes });
    const second = convolution({
      ...wide,
      groups: 2,
      kernelSize: [1, 1],
      weights: someFloats(2, true),
      bias: someFloats(2, true),
    });
    const model = behindConvolution(second, outputs);
    model.network.layers[0]!.body = first;
    model.network.layers[1]!.isUpdatable = true;
    expect(expectGradients(model, [{ ...image, target: numbers(outputs, 3) }])).toBe(14);
  });

  it('do not go where nothing learns, and stop with an error at what passes none', () => {
    const model = behindConvolution({ kind: 'activation', activation: { name: 'elu', alpha: 1 } }, 18);
    expect(() => gradientsOf(model, [image])).toThrow('passes no gradients through the activation elu');
    model.network.layers[0]!.isUpdatable = false;
    expect(gradientsOf(model, [image]).gradients.size).toBe(0);
  });

  it('ask for targets that fit', () => {
    expect(() => gradientsOf(trainableModel(), [{ input: numbers(16, 1), target: 3 }])).toThrow(
      'The target should be a class from 0 to 2, but is 3.',
    );
    expect(() => gradientsOf(regressionModel(), [{ input: numbers(16, 1), target: [1] }])).toThrow(
      'The target should be 3 numbers, but is 1 numbers.',
    );
  });
});
