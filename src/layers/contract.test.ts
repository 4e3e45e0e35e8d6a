import * as core from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfLayers from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { defaultsOf, type ParamSpec, type ParamValue, type ParamValues } from '../core/params';
import { isProblem } from '../core/problem';
import { sizeOf, type Shape } from '../core/shape';
import { layerOf, layers } from '.';
import type { LayerDefinition } from './defineLayer';

/** Generated cases of each kind, and how many of them must get a shape for the test to mean something. */
const RUNS = 60;
const ENOUGH = 0.3;

const kinds = layers.map(({ kind }) => kind);

beforeAll(async () => {
  expect(await core.setBackend('cpu')).toBe(true);
});

/** The plainest value half of the time: what goes wrong goes wrong one thing at a time. */
function often<T>(plain: T, any: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof(fc.constant(plain), any);
}

/** Values within the schema, small so that networks stay small. */
function valueOf(spec: ParamSpec): fc.Arbitrary<ParamValue> {
  switch (spec.type) {
    case 'integer':
      return often(spec.min, fc.integer({ min: spec.min, max: Math.min(spec.max, spec.min + 7) }));
    case 'real':
      return fc.double({ min: spec.min, max: spec.max, noNaN: true });
    case 'tuple': {
      const part = fc.integer({ min: spec.min, max: Math.min(spec.max, 4) });
      const least = spec.parts.map(() => spec.min);
      return often<readonly number[]>(least, fc.tuple(...spec.parts.map(() => part)));
    }
    case 'boolean':
      return fc.boolean();
    case 'choice':
      return fc.constantFrom(...spec.options);
    default:
      return spec satisfies never;
  }
}

function paramsOf({ kind, params }: LayerDefinition): fc.Arbitrary<ParamValues> {
  const values = Object.entries(params).map(([key, spec]) => [key, valueOf(spec)] as const);
  return fc.record({ ...Object.fromEntries(values), ...fittingParams[kind] });
}

const image = fc.tuple(
  fc.integer({ min: 1, max: 11 }),
  fc.integer({ min: 1, max: 11 }),
  fc.constantFrom(1, 2, 3, 4, 6),
);
const vector = fc.tuple(fc.integer({ min: 1, max: 20 }));

/** Parameters that must fit each other: mostly they do. */
const fittingParams: Record<string, Record<string, fc.Arbitrary<ParamValue>>> = {
  permute: {
    dims: fc.oneof(
      { weight: 4, arbitrary: fc.shuffledSubarray([1, 2, 3], { minLength: 3 }) },
      { weight: 1, arbitrary: fc.constant([1, 2, 2]) },
    ),
  },
};

/** What a kind takes first of all, where that is not an image. */
function usualOf(kind: string, params: ParamValues): fc.Arbitrary<Shape> {
  const target = params['targetShape'] as Shape | undefined;
  if (target)
    return fc.oneof(fc.shuffledSubarray([...target], { minLength: 3 }), fc.constant([sizeOf(target)]));
  if (kind === 'embedding') return fc.constant([1]);
  return kind === 'dense' ? vector : image;
}

/** Mostly what the kind can take: inputs of the right rank, and of one shape where it joins several. */
function inputsOf({ kind, inputs }: LayerDefinition, params: ParamValues): fc.Arbitrary<readonly Shape[]> {
  const usual = usualOf(kind, params);
  const other: fc.Arbitrary<Shape> = fc.oneof(image, vector);
  const shape: fc.Arbitrary<Shape> = fc.oneof(
    { weight: 4, arbitrary: usual },
    { weight: 1, arbitrary: other },
  );
  const count = fc.integer({ min: inputs.min, max: Math.min(inputs.max, 4) });
  const alike = fc.tuple(shape, count).map(([one, n]) => Array.from({ length: n }, () => one));
  const unlike = count.chain((n) => fc.array(shape, { minLength: n, maxLength: n }));
  return fc.oneof({ weight: 3, arbitrary: alike }, { weight: 1, arbitrary: unlike });
}

const casesOf = (definition: LayerDefinition): fc.Arbitrary<readonly [readonly Shape[], ParamValues]> =>
  paramsOf(definition).chain((params) => inputsOf(definition, params).map((inputs) => [inputs, params]));

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
