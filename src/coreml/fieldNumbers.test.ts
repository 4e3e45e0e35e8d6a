/**
 * Every message of `proto/` against the numbers of the public format. A wrong number would be no error to protobuf, but
 * a field that is skipped in silence.
 */
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { expect, test } from 'vitest';

/** Field numbers as Apple's format states them, by message; nothing here is read from `proto/`. */
const NUMBERS: Record<string, Record<string, number>> = {
  Model: {
    specificationVersion: 1,
    description: 2,
    isUpdatable: 10,
    neuralNetworkRegressor: 303,
    neuralNetworkClassifier: 403,
    neuralNetwork: 500,
  },
  ModelDescription: {
    input: 1,
    output: 10,
    predictedFeatureName: 11,
    predictedProbabilitiesName: 12,
    trainingInput: 50,
    metadata: 100,
  },
  Metadata: { shortDescription: 1, versionString: 2, author: 3, license: 4, userDefined: 100 },
  FeatureDescription: { name: 1, shortDescription: 2, type: 3 },
  FeatureType: {
    int64Type: 1,
    doubleType: 2,
    stringType: 3,
    imageType: 4,
    multiArrayType: 5,
    dictionaryType: 6,
    isOptional: 1000,
  },
  DictionaryFeatureType: { int64KeyType: 1, stringKeyType: 2 },
  ArrayFeatureType: { shape: 1, dataType: 2 },
  ImageFeatureType: { width: 1, height: 2, colorSpace: 3 },
  NeuralNetwork: {
    layers: 1,
    preprocessing: 2,
    arrayInputShapeMapping: 5,
    imageInputShapeMapping: 6,
    updateParams: 10,
  },
  NeuralNetworkRegressor: {
    layers: 1,
    preprocessing: 2,
    arrayInputShapeMapping: 5,
    imageInputShapeMapping: 6,
    updateParams: 10,
  },
  NeuralNetworkClassifier: {
    layers: 1,
    preprocessing: 2,
    arrayInputShapeMapping: 5,
    imageInputShapeMapping: 6,
    updateParams: 10,
    stringClassLabels: 100,
    int64ClassLabels: 101,
    labelProbabilityLayerName: 200,
  },
  StringVector: { vector: 1 },
  Int64Vector: { vector: 1 },
  NeuralNetworkPreprocessing: { featureName: 1, scaler: 10, meanImage: 11 },
  NeuralNetworkImageScaler: { channelScale: 10, blueBias: 20, greenBias: 21, redBias: 22, grayBias: 30 },
  NeuralNetworkMeanImage: { meanImage: 1 },
  NeuralNetworkLayer: {
    name: 1,
    input: 2,
    output: 3,
    isUpdatable: 10,
    convolution: 100,
    pooling: 120,
    activation: 130,
    innerProduct: 140,
    embedding: 150,
    batchnorm: 160,
    softmax: 175,
    padding: 200,
    upsample: 210,
    add: 230,
    multiply: 231,
    reshape: 300,
    flatten: 301,
    permute: 310,
    concat: 320,
  },
  WeightParams: {
    floatValue: 1,
    float16Value: 2,
    rawValue: 30,
    int8RawValue: 31,
    quantization: 40,
    isUpdatable: 50,
  },
  QuantizationParams: { numberOfBits: 1 },
  ConvolutionLayerParams: {
    outputChannels: 1,
    kernelChannels: 2,
    nGroups: 10,
    kernelSize: 20,
    stride: 30,
    dilationFactor: 40,
    valid: 50,
    same: 51,
    isDeconvolution: 60,
    hasBias: 70,
    weights: 90,
    bias: 91,
    outputShape: 100,
  },
  ValidPadding: { paddingAmounts: 1 },
  SamePadding: { asymmetryMode: 1 },
  BorderAmounts: { borderAmounts: 10 },
  'BorderAmounts.EdgeSizes': { startEdgeSize: 1, endEdgeSize: 2 },
  PoolingLayerParams: {
    type: 1,
    kernelSize: 10,
    stride: 20,
    valid: 30,
    same: 31,
    includeLastPixel: 32,
    avgPoolExcludePadding: 50,
    globalPooling: 60,
  },
  'PoolingLayerParams.ValidCompletePadding': { paddingAmounts: 10 },
  InnerProductLayerParams: { inputChannels: 1, outputChannels: 2, hasBias: 10, weights: 20, bias: 21 },
  EmbeddingLayerParams: { inputDim: 1, outputChannels: 2, hasBias: 10, weights: 20, bias: 21 },
  BatchnormLayerParams: {
    channels: 1,
    computeMeanVar: 5,
    instanceNormalization: 6,
    epsilon: 10,
    gamma: 15,
    beta: 16,
    mean: 17,
    variance: 18,
  },
  SoftmaxLayerParams: {},
  ActivationParams: {
    linear: 5,
    ReLU: 10,
    leakyReLU: 15,
    thresholdedReLU: 20,
    PReLU: 25,
    tanh: 30,
    scaledTanh: 31,
    sigmoid: 40,
    sigmoidHard: 41,
    ELU: 50,
    softsign: 60,
    softplus: 70,
    parametricSoftplus: 71,
  },
  ActivationLinear: { alpha: 1, beta: 2 },
  ActivationReLU: {},
  ActivationLeakyReLU: { alpha: 1 },
  ActivationThresholdedReLU: { alpha: 1 },
  ActivationPReLU: { alpha: 1 },
  ActivationTanh: {},
  ActivationScaledTanh: { alpha: 1, beta: 2 },
  ActivationSigmoid: {},
  ActivationSigmoidHard: { alpha: 1, beta: 2 },
  ActivationELU: { alpha: 1 },
  ActivationSoftsign: {},
  ActivationSoftplus: {},
  ActivationParametricSoftplus: { alpha: 1, beta: 2 },
  PaddingLayerParams: { constant: 1, reflection: 2, replication: 3, paddingAmounts: 10 },
  'PaddingLayerParams.PaddingConstant': { value: 1 },
  'PaddingLayerParams.PaddingReflection': {},
  'PaddingLayerParams.PaddingReplication': {},
  UpsampleLayerParams: { scalingFactor: 1, mode: 5, linearUpsampleMode: 6, fractionalScalingFactor: 7 },
  AddLayerParams: { alpha: 1 },
  MultiplyLayerParams: { alpha: 1 },
  ReshapeLayerParams: { targetShape: 1, mode: 2 },
  FlattenLayerParams: { mode: 1 },
  PermuteLayerParams: { axis: 1 },
  ConcatLayerParams: { sequenceConcat: 100 },
  NetworkUpdateParameters: { lossLayers: 1, optimizer: 2, epochs: 3, shuffle: 10, seed: 20 },
  LossLayer: { name: 1, categoricalCrossEntropyLossLayer: 10, meanSquaredErrorLossLayer: 11 },
  CategoricalCrossEntropyLossLayer: { input: 1, target: 2 },
  MeanSquaredErrorLossLayer: { input: 1, target: 2 },
  Optimizer: { sgdOptimizer: 10, adamOptimizer: 11 },
  SGDOptimizer: { learningRate: 1, miniBatchSize: 2, momentum: 3 },
  AdamOptimizer: { learningRate: 1, miniBatchSize: 2, beta1: 3, beta2: 4, eps: 5 },
  Int64Parameter: { defaultValue: 1, range: 10, set: 11 },
  DoubleParameter: { defaultValue: 1, range: 10 },
  BoolParameter: { defaultValue: 1 },
  Int64Range: { minValue: 1, maxValue: 2 },
  Int64Set: { values: 1 },
  DoubleRange: { minValue: 1, maxValue: 2 },
  Int64FeatureType: {},
  DoubleFeatureType: {},
  StringFeatureType: {},
};

const ENUMS: Record<string, Record<string, number>> = {
  'ArrayFeatureType.ArrayDataType': {
    INVALID_ARRAY_DATA_TYPE: 0,
    FLOAT16: 65552,
    FLOAT32: 65568,
    DOUBLE: 65600,
    INT32: 131104,
  },
  'ImageFeatureType.ColorSpace': { INVALID_COLOR_SPACE: 0, GRAYSCALE: 10, RGB: 20, BGR: 30 },
  'PoolingLayerParams.PoolingType': { MAX: 0, AVERAGE: 1, L2: 2 },
  'SamePadding.SamePaddingMode': { BOTTOM_RIGHT_HEAVY: 0, TOP_LEFT_HEAVY: 1 },
  'FlattenLayerParams.FlattenOrder': { CHANNEL_FIRST: 0, CHANNEL_LAST: 1 },
  'ReshapeLayerParams.ReshapeOrder': { CHANNEL_FIRST: 0, CHANNEL_LAST: 1 },
  'UpsampleLayerParams.InterpolationMode': { NN: 0, BILINEAR: 1 },
  'UpsampleLayerParams.LinearUpsampleMode': { DEFAULT: 0, ALIGN_CORNERS_TRUE: 1, ALIGN_CORNERS_FALSE: 2 },
  NeuralNetworkMultiArrayShapeMapping: { RANK5_ARRAY_MAPPING: 0, EXACT_ARRAY_MAPPING: 1 },
  NeuralNetworkImageShapeMapping: { RANK5_IMAGE_MAPPING: 0, RANK4_IMAGE_MAPPING: 1 },
};

test('every message of proto/ has the fields and numbers of the public format', () => {
  const root = new protobuf.Root();
  for (const file of ['FeatureTypes', 'Parameters', 'Layers', 'NeuralNetwork', 'Model']) {
    const source = readFileSync(new URL(`../../proto/${file}.proto`, import.meta.url), 'utf8');
    protobuf.parse(source, root, { keepCase: true });
  }
  const numbers: Record<string, Record<string, number>> = {};
  const enums: Record<string, Record<string, number>> = {};
  const visit = (parent: protobuf.NamespaceBase, path: string) => {
    for (const child of parent.nestedArray) {
      const name = path ? `${path}.${child.name}` : child.name;
      if (child instanceof protobuf.Enum) enums[name] = { ...child.values };
      if (child instanceof protobuf.Type) {
        numbers[name] = Object.fromEntries(child.fieldsArray.map((field) => [field.name, field.id]));
        visit(child, name);
      }
    }
  };
  visit(root.lookup('coreml') as protobuf.NamespaceBase, '');
  expect(numbers).toEqual(NUMBERS);
  expect(enums).toEqual(ENUMS);
});
