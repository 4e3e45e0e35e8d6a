/** Bytes of Core ML models: what is encoded comes back. Field numbers: `fieldNumbers.test.ts`. */
import { expect, test } from 'vitest';
import { decodeModel, encodeModel } from './codec';
import { PoolingType, type ActivationParams, type NeuralNetworkLayer } from './messages';
import { ArrayDataType, ColorSpace, type FeatureDescription, type Model, type NeuralNetwork } from './model';

const floats = (...values: number[]) => ({ floatValue: Float32Array.from(values), isUpdatable: true });
const real = (defaultValue: number) => ({ defaultValue, range: { minValue: 0.125, maxValue: 1.5 } });
const whole = (defaultValue: number) => ({ defaultValue, range: { minValue: 1, maxValue: 2 ** 40 } });

const activations: ActivationParams[] = [
  { linear: { alpha: 2, beta: 3 } },
  { ReLU: {} },
  { leakyReLU: { alpha: 0.25 } },
  { tanh: {} },
  { sigmoid: {} },
  { ELU: { alpha: 0.5 } },
  { softsign: {} },
  { softplus: {} },
];

const convolution = {
  outputChannels: 2,
  kernelChannels: 1,
  nGroups: 3,
  kernelSize: [2, 1],
  stride: [4, 5],
  dilationFactor: [6, 7],
  hasBias: true,
  weights: floats(1.5, -2.25, 0, 3),
  bias: floats(0.5, -0.5),
};

const layers: NeuralNetworkLayer[] = [
  { convolution: { ...convolution, same: { asymmetryMode: 1 } } },
  {
    convolution: {
      ...convolution,
      valid: { paddingAmounts: { borderAmounts: [{ startEdgeSize: 1, endEdgeSize: 2 }] } },
    },
  },
  {
    pooling: {
      type: PoolingType.average,
      kernelSize: [2, 3],
      stride: [1, 2],
      valid: { paddingAmounts: {} },
      avgPoolExcludePadding: true,
      globalPooling: true,
    },
  },
  ...activations.map((activation) => ({ activation })),
  {
    innerProduct: {
      inputChannels: 2,
      outputChannels: 1,
      hasBias: true,
      weights: floats(1, 2),
      bias: floats(3),
    },
  },
  {
    batchnorm: {
      channels: 1,
      epsilon: 0.5,
      gamma: floats(1),
      beta: floats(2),
      mean: floats(3),
      variance: floats(4),
    },
  },
  { softmax: {} },
  { add: { alpha: 2 } },
  { flatten: { mode: 1 } },
  { concat: { sequenceConcat: true } },
].map((body, i) => ({ name: `l${i}`, input: [`b${i}`], output: [`b${i + 1}`], isUpdatable: true, ...body }));

const network: NeuralNetwork = {
  layers,
  preprocessing: [{ featureName: 'image', scaler: { channelScale: 0.25 } }],
  updateParams: {
    lossLayers: [
      { name: 'loss', categoricalCrossEntropyLossLayer: { input: 'a', target: 'b' } },
      { name: 'other', meanSquaredErrorLossLayer: { input: 'c', target: 'd' } },
    ],
    optimizer: {
      adamOptimizer: {
        learningRate: real(0.5),
        miniBatchSize: whole(8),
        beta1: real(0.75),
        beta2: real(0.875),
        eps: real(0.25),
      },
    },
    epochs: whole(3),
    shuffle: { defaultValue: true },
    seed: { defaultValue: 7 },
  },
};

const features: FeatureDescription[] = [
  {
    name: 'image',
    shortDescription: 'grey',
    type: { imageType: { width: 3, height: 4, colorSpace: ColorSpace.grayscale } },
  },
  { name: 'array', type: { multiArrayType: { shape: [1, 2, 3], dataType: ArrayDataType.double } } },
  { name: 'number', type: { int64Type: {} } },
  { name: 'text', type: { stringType: {} } },
  { name: 'byNumber', type: { dictionaryType: { int64KeyType: {} } } },
  { name: 'byText', type: { dictionaryType: { stringKeyType: {} } } },
];

const about = {
  specificationVersion: 4,
  isUpdatable: true,
  description: {
    input: features,
    output: features,
    trainingInput: features,
    predictedFeatureName: 'number',
    predictedProbabilitiesName: 'byNumber',
    metadata: {
      shortDescription: 'Digits, "ä" and 数',
      versionString: '1.2',
      author: 'A',
      license: 'MIT',
      userDefined: { a: 'b' },
    },
  },
};

const model: Model = { ...about, neuralNetwork: network };

test('a model with every field that the app writes comes back as it was', () => {
  expect(decodeModel(encodeModel(model)).model).toMatchObject(model);
});

test('a classifier and SGD come back as they were, with labels of both kinds', () => {
  const classifier = {
    layers,
    updateParams: {
      ...network.updateParams!,
      optimizer: {
        sgdOptimizer: { learningRate: real(0.5), miniBatchSize: whole(8), momentum: real(0.75) },
      },
    },
    labelProbabilityLayerName: 'probability',
  };
  for (const labels of [
    { int64ClassLabels: { vector: [0, 1, 2] } },
    { stringClassLabels: { vector: ['a', 'b'] } },
  ]) {
    const written: Model = { ...about, neuralNetworkClassifier: { ...classifier, ...labels } };
    expect(decodeModel(encodeModel(written)).model).toMatchObject(written);
  }
});

test('encoding what was decoded gives the same bytes', () => {
  const bytes = encodeModel(model);
  expect(encodeModel(decodeModel(bytes).model)).toEqual(bytes);
});

test('weights take four bytes each, whatever their number, and keep every bit', () => {
  const count = 600_000;
  const floatValue = Float32Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i) / 3));
  const one = (values: Float32Array): Model => ({
    specificationVersion: 4,
    isUpdatable: false,
    description: { input: [], output: [] },
    neuralNetwork: {
      layers: [
        {
          name: 'dense',
          input: ['a'],
          output: ['b'],
          innerProduct: {
            inputChannels: count,
            outputChannels: 1,
            hasBias: false,
            weights: { floatValue: values },
          },
        },
      ],
    },
  });
  const bytes = encodeModel(one(floatValue));
  expect(bytes.length).toBeGreaterThanOrEqual(4 * count);
  expect(bytes.length).toBeLessThan(4 * count + 100);
  expect(bytes.constructor).toBe(Uint8Array);
  const back = decodeModel(bytes).model.neuralNetwork!.layers[0]!.innerProduct!.weights.floatValue;
  expect(back).toBeInstanceOf(Float32Array);
  expect(Buffer.from(back.buffer).equals(Buffer.from(floatValue.buffer))).toBe(true);
});

test('bytes that are cut short or no model are refused in words', () => {
  const bytes = encodeModel(model);
  expect(() => decodeModel(bytes.subarray(0, bytes.length - 3))).toThrow(/no readable Core ML model/);
  expect(() => decodeModel(new Uint8Array())).toThrow(/states no specification version/);
});
