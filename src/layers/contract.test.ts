import * as core from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfLayers from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { defaultsOf, type ParamValues } from '../core/params';
import { isProblem } from '../core/problem';
import { sizeOf, type Shape } from '../core/shape';
import { layerOf, layers } from '.';
import { casesOf } from './arbitrary.testing';
import type { LayerDefinition } from './defineLayer';

/** Generated cases of each kind, and how many of them must get a shape for the test to mean something. */
const RUNS = 60;
const ENOUGH = 0.2;

const kinds = layers.map(({ kind }) => kind);

beforeAll(async () => {
  expect(await core.setBackend('cpu')).toBe(true);
});

interface Built {
  readonly inferred: readonly (number | null)[];
  readonly computed: readonly (number | null)[];
  readonly parameters: number;
  readonly weights: readonly (readonly number[])[];
  readonly trainable: number;
}

/** What TensorFlow.js builds: shapes and counts, as it infers them and as it computes them. */
function build(definition: LayerDefinition, shapes: readonly Shape[], params: ParamValues): Built {
  const inputs = shapes.map((shape) => tfLayers.input({ shape: [...shape] }));
  const tf = { core, layers: tfLayers };
  const output = definition.tensorflow(tf, params, { name: 'built', inputs, stepSeed: () => 1 });
  const inferred = output.shape;
  if (inputs.length === 0) return { inferred, computed: inferred, parameters: 0, weights: [], trainable: 0 };
  const model = tfLayers.model({ inputs, outputs: output });
  const layer = model.getLayer('built');
  const zeros = shapes.map((shape) => core.zeros([2, ...shape]));
  const outputs = model.apply(zeros.length === 1 ? zeros[0]! : zeros, { training: true }) as Tensor;
  const built = {
    inferred,
    computed: outputs.shape[0] === 2 ? [null, ...outputs.shape.slice(1)] : outputs.shape,
    parameters: model.countParams(),
    weights: layer.getWeights().map((weight) => weight.shape),
    trainable: layer.trainableWeights.length,
  };
  core.dispose([...zeros, outputs]);
  model.dispose();
  return built;
}

describe('TensorFlow.js builds what is inferred', () => {
  for (const kind of kinds) {
    const definition = layerOf(kind);
    test(definition.label, () => {
      let cases = 0;
      let successes = 0;
      fc.assert(
        fc.property(casesOf(definition), ([inputs, params]) => {
          cases++;
          const shape = definition.outputShape(inputs, params);
          if (isProblem(shape)) {
            expect(shape.message).toMatch(/\.$/);
            return;
          }
          successes++;
          const weights = definition.weights?.(inputs, params) ?? [];
          const built = build(definition, inputs, params);
          expect(built.inferred).toEqual([null, ...shape]);
          expect(built.computed).toEqual([null, ...shape]);
          expect(built.weights).toEqual(weights.map((weight) => weight.shape));
          expect(built.parameters).toBe(weights.reduce((sum, weight) => sum + sizeOf(weight.shape), 0));
          expect(built.trainable).toBe(weights.filter((weight) => weight.trainable).length);
        }),
        { numRuns: RUNS },
      );
      expect(successes / cases).toBeGreaterThanOrEqual(ENOUGH);
    });
  }

  test('a convolution of 8×5 by 3×2 in steps of 2 drops what does not divide', () => {
    const { conv2d } = Object.fromEntries(layers.map((layer) => [layer.kind, layer])) as Record<
      string,
      LayerDefinition
    >;
    const params = { ...defaultsOf(conv2d!.params), kernelSize: [3, 2], strides: [2, 2] };
    expect(conv2d!.outputShape([[8, 5, 1]], params)).toEqual([3, 2, 32]);
    expect(conv2d!.outputShape([[8, 5, 1]], { ...params, padding: 'same' })).toEqual([4, 3, 32]);
  });
});
