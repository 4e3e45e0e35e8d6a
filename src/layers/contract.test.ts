import * as core from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfLayers from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkParam, defaultsOf, type ParamSpec, type ParamValue, type ParamValues } from '../core/params';
import { isProblem } from '../core/problem';
import { sizeOf, type Shape } from '../core/shape';
import { layerOf, layers, type LayerKind } from '.';
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

function paramsOf({ params }: LayerDefinition): fc.Arbitrary<ParamValues> {
  return fc.record(Object.fromEntries(Object.entries(params).map(([key, spec]) => [key, valueOf(spec)])));
}

const image = fc.tuple(
  fc.integer({ min: 1, max: 11 }),
  fc.integer({ min: 1, max: 11 }),
  fc.constantFrom(1, 2, 3, 4, 6),
);
const vector = fc.tuple(fc.integer({ min: 1, max: 20 }));

/** Mostly what the kind can take: inputs of the right rank, and of one shape where it joins several. */
function inputsOf({ kind, inputs }: LayerDefinition): fc.Arbitrary<readonly Shape[]> {
  const [usual, other] = kind === 'dense' ? [vector, image] : [image, vector];
  const shape: fc.Arbitrary<Shape> = fc.oneof(
    { weight: 4, arbitrary: usual },
    { weight: 1, arbitrary: other },
  );
  const count = fc.integer({ min: inputs.min, max: Math.min(inputs.max, 4) });
  const alike = fc.tuple(shape, count).map(([one, n]) => Array.from({ length: n }, () => one));
  const unlike = count.chain((n) => fc.array(shape, { minLength: n, maxLength: n }));
  return fc.oneof({ weight: 3, arbitrary: alike }, { weight: 1, arbitrary: unlike });
}

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
        fc.property(inputsOf(definition), paramsOf(definition), (inputs, params) => {
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

describe('every kind', () => {
  for (const kind of kinds) {
    const definition = layerOf(kind);
    test(`${definition.label} has defaults within its limits, and texts that are whole`, () => {
      for (const spec of Object.values(definition.params)) {
        expect(checkParam(spec, spec.default)).toBeUndefined();
        expect(spec.label).toMatch(/^[A-Z]/);
        if (spec.help) expect(spec.help).toMatch(/\.$/);
      }
      expect(definition.documentation).toMatch(/\.$/);
      expect(definition.inputs.max).toBeGreaterThanOrEqual(definition.inputs.min);
    });
  }

  test('has a name of its own', () => {
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(new Set(layers.map(({ label }) => label)).size).toBe(kinds.length);
    expect(new Set(layers.map(({ autoName }) => autoName)).size).toBe(kinds.length);
  });

  test("has Keras's defaults", () => {
    expect(Object.fromEntries(layers.map(({ kind, params }) => [kind, defaultsOf(params)])))
      .toMatchInlineSnapshot(`
      {
        "activation": {
          "activation": "relu",
          "alpha": 1,
          "negativeSlope": 0.3,
        },
        "add": {},
        "averagePooling2d": {
          "padding": "valid",
          "poolSize": [
            2,
            2,
          ],
          "strides": [
            2,
            2,
          ],
        },
        "batchNormalization": {
          "epsilon": 0.001,
          "momentum": 0.99,
        },
        "concatenate": {},
        "conv2d": {
          "activation": "linear",
          "dilationRate": [
            1,
            1,
          ],
          "filters": 32,
          "groups": 1,
          "kernelInitializer": "glorotUniform",
          "kernelSize": [
            3,
            3,
          ],
          "padding": "valid",
          "strides": [
            1,
            1,
          ],
          "useBias": true,
        },
        "dense": {
          "activation": "linear",
          "kernelInitializer": "glorotUniform",
          "units": 128,
          "useBias": true,
        },
        "dropout": {
          "rate": 0.5,
        },
        "flatten": {},
        "globalAveragePooling2d": {},
        "input": {
          "shape": [
            28,
            28,
            1,
          ],
        },
        "maxPooling2d": {
          "padding": "valid",
          "poolSize": [
            2,
            2,
          ],
          "strides": [
            2,
            2,
          ],
        },
      }
    `);
  });

  test('is written in Keras and PyTorch', () => {
    const snippets = layers.map((definition) => {
      const one = definition.kind === 'dense' ? [1152] : [28, 28, 1];
      const inputs = Array.from({ length: definition.inputs.min }, () => one);
      const params = defaultsOf(definition.params);
      return [definition.snippets.keras(params), definition.snippets.pytorch(params, inputs)];
    });
    expect(snippets.flat().join('\n')).toMatchInlineSnapshot(`
      "keras.Input(shape=(28, 28, 1))
      # input: (N, 1, 28, 28)
      layers.Conv2D(32, (3, 3), strides=(1, 1), padding="valid", dilation_rate=(1, 1), groups=1, activation="linear", use_bias=True, kernel_initializer="glorot_uniform")
      nn.Conv2d(1, 32, (3, 3), stride=(1, 1), padding="valid", dilation=(1, 1), groups=1, bias=True)
      layers.MaxPooling2D(pool_size=(2, 2), strides=(2, 2), padding="valid")
      nn.MaxPool2d((2, 2), stride=(2, 2))
      layers.AveragePooling2D(pool_size=(2, 2), strides=(2, 2), padding="valid")
      nn.AvgPool2d((2, 2), stride=(2, 2))
      layers.GlobalAveragePooling2D()
      nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
      layers.Flatten()
      nn.Flatten()
      layers.Dense(128, activation="linear", use_bias=True, kernel_initializer="glorot_uniform")
      nn.Linear(1152, 128, bias=True)
      layers.Activation("relu")
      nn.ReLU()
      layers.Dropout(0.5)
      nn.Dropout(0.5)
      layers.BatchNormalization(momentum=0.99, epsilon=0.001)
      nn.BatchNorm2d(1, eps=0.001, momentum=0.01)
      layers.Add()
      # forward: x0 + x1
      layers.Concatenate()
      # forward: torch.cat([x0, x1], dim=1)"
    `);
  });

  test('is written in PyTorch with padding of its own where PyTorch pads otherwise', () => {
    const pytorch = (kind: LayerKind, params: ParamValues, inputs: readonly Shape[]): string => {
      const definition = layerOf(kind);
      return definition.snippets.pytorch({ ...defaultsOf(definition.params), ...params }, inputs);
    };
    const same = { padding: 'same', poolSize: [3, 2], strides: [2, 2] };
    expect(
      [
        pytorch('maxPooling2d', same, [[7, 6, 3]]),
        pytorch('averagePooling2d', same, [[7, 6, 3]]),
        pytorch('maxPooling2d', same, [[8, 6, 3]]),
        pytorch('averagePooling2d', same, [[8, 6, 3]]),
        pytorch('conv2d', { activation: 'relu', padding: 'same' }, [[7, 6, 3]]),
        pytorch('conv2d', { strides: [2, 2], padding: 'same' }, [[7, 6, 3]]),
        pytorch('batchNormalization', {}, [[64]]),
      ].join('\n'),
    ).toMatchInlineSnapshot(`
      "nn.MaxPool2d((3, 2), stride=(2, 2), padding=(1, 0))
      nn.AvgPool2d((3, 2), stride=(2, 2), padding=(1, 0), count_include_pad=False)
      nn.Sequential(nn.ConstantPad2d((0, 0, 0, 1), float("-inf")), nn.MaxPool2d((3, 2), stride=(2, 2)))
      # forward: pool(x) / pool(torch.ones_like(x)), with pool = nn.Sequential(nn.ConstantPad2d((0, 0, 0, 1), 0.0), nn.AvgPool2d((3, 2), stride=(2, 2)))
      nn.Sequential(nn.Conv2d(3, 32, (3, 3), stride=(1, 1), padding="same", dilation=(1, 1), groups=1, bias=True), nn.ReLU())
      nn.Sequential(nn.ConstantPad2d((0, 1, 1, 1), 0.0), nn.Conv2d(3, 32, (3, 3), stride=(2, 2), padding="valid", dilation=(1, 1), groups=1, bias=True))
      nn.BatchNorm1d(64, eps=0.001, momentum=0.01)"
    `);
  });
});
