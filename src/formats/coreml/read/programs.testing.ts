/**
 * Files as five other programs write them, message by message: how each spells defaults, names layers and blobs, and
 * says what trains. For tests only.
 */
import { ColorSpace, type Model, type NeuralNetwork } from '../../../coreml/model';
import {
  DOUBLE,
  FLOAT32,
  INT32,
  array,
  feature,
  weights,
  layer,
  same,
  valid,
  conv,
  inner,
  pool,
  globalAverage,
  relu,
  softmax,
  real,
  set,
  crossEntropy,
  metadata,
  type Type,
} from './pieces.testing';

/** LeNet in SwiftCoreMLTools's way: a relu in a layer of its own, flatten channel by channel, Adam, a set of epochs. */
function swiftLeNet(): Model {
  const image = array([1, 28, 28], FLOAT32);
  return {
    specificationVersion: 4,
    isUpdatable: true,
    description: {
      input: [feature('image', image)],
      output: [feature('output', array([10], FLOAT32))],
      trainingInput: [feature('image', image), feature('output_true', array([1], INT32))],
      metadata: { ...metadata, userDefined: { SwiftCoremltoolsVersion: '0.0.6' } },
    },
    neuralNetwork: {
      layers: [
        layer('conv1', 'image', 'outConv1', conv(1, 8, [3, 3], valid, true)),
        layer('relu1', 'outConv1', 'outRelu1', relu),
        layer('pooling1', 'outRelu1', 'outPooling1', pool([2, 2])),
        layer('conv2', 'outPooling1', 'outConv2', conv(8, 8, [2, 2], valid, true)),
        layer('relu2', 'outConv2', 'outRelu2', relu),
        layer('pooling2', 'outRelu2', 'outPooling2', pool([2, 2])),
        layer('flatten1', 'outPooling2', 'outFlatten1', { flatten: { mode: 0 } }),
        layer('hidden1', 'outFlatten1', 'outHidden1', inner(288, 20, true)),
        layer('relu3', 'outHidden1', 'outRelu3', relu),
        layer('hidden2', 'outRelu3', 'outHidden2', inner(20, 10, true)),
        layer('softmax', 'outHidden2', 'output', softmax),
      ],
      updateParams: {
        lossLayers: crossEntropy('lossLayer', 'output'),
        optimizer: {
          adamOptimizer: {
            learningRate: real(0.0001, 0.3),
            miniBatchSize: set(128, [128]),
            beta1: real(0.9, 1),
            beta2: real(0.999, 1),
            eps: real(1e-8, 1),
          },
        },
        epochs: set(10, [2, 4, 10, 20]),
        shuffle: { defaultValue: true },
      },
    },
  };
}

/** The Keras converter: an image with a scaler, names with double underscores, a reshape that is a flatten, version 5. */
function kerasConverter(): Model {
  return {
    specificationVersion: 5,
    isUpdatable: false,
    description: {
      input: [feature('image', { imageType: { width: 28, height: 28, colorSpace: ColorSpace.grayscale } })],
      output: [feature('output1', array([10], DOUBLE))],
      metadata,
    },
    neuralNetwork: {
      layers: [
        layer('conv2d_1', 'image', 'conv2d_1_output', conv(1, 4, [5, 5], same)),
        layer('conv2d_1__activation__', 'conv2d_1_output', 'conv2d_1__activation___output', relu),
        layer('max_pooling2d_1/MaxPool', 'conv2d_1__activation___output', 'mp', pool([4, 4])),
        layer('conv2d_2', 'mp', 'conv2d_2_output', conv(4, 6, [7, 7], valid)),
        layer('reshape_1', 'conv2d_2_output', 'reshape_1_output', {
          reshape: { targetShape: [6, 1, 1], mode: 0 },
        }),
        layer('linear_1', 'reshape_1_output', 'linear_1_output', {
          activation: { linear: { alpha: 1, beta: 0 } },
        }),
        layer('dense_1', 'linear_1_output', 'dense_1_output', inner(6, 10)),
        layer('dense_1__activation__', 'dense_1_output', 'output1', softmax),
      ],
      preprocessing: [{ featureName: 'image', scaler: { channelScale: Math.fround(1 / 255), grayBias: 0 } }],
    },
  };
}

/** A classifier with words for labels and the probabilities first, as Create ML has it. */
function createML(): Model {
  return {
    specificationVersion: 4,
    isUpdatable: false,
    description: {
      input: [feature('image', array([1, 28, 28], DOUBLE), 'Input image')],
      output: [
        feature(
          'labelProbability',
          { dictionaryType: { stringKeyType: {} } },
          'Probability of each category',
        ),
        feature('label', { stringType: {} }, 'Most likely category'),
      ],
      predictedFeatureName: 'label',
      predictedProbabilitiesName: 'labelProbability',
      metadata,
    },
    neuralNetworkClassifier: {
      layers: [
        layer('features', 'image', 'features', conv(1, 5, [3, 3], same)),
        layer('leaky', 'features', 'leaky', { activation: { leakyReLU: { alpha: Math.fround(0.3) } } }),
        layer('average', 'leaky', 'average', globalAverage),
        layer('flatten', 'average', 'flat', { flatten: { mode: 0 } }),
        layer('plus', 'flat', 'plus', { add: { alpha: 0 } }),
        layer('classes', 'plus', 'scores', inner(5, 10)),
        layer('probabilities', 'scores', 'labelProbability', softmax),
      ],
      stringClassLabels: {
        vector: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
      },
      labelProbabilityLayerName: 'labelProbability',
    },
  };
}

/** Transfer learning: a base that stays, a convolution over one place after an inner product, a head that learns. */
function frozenBase(): Model {
  const image = array([1, 28, 28], FLOAT32);
  return {
    specificationVersion: 4,
    isUpdatable: true,
    description: {
      input: [feature('pixels', image)],
      output: [feature('classes', array([10], FLOAT32))],
      trainingInput: [feature('pixels', image), feature('truth', array([1], INT32))],
      metadata,
    },
    neuralNetwork: {
      layers: [
        layer('base/conv', 'pixels', 'base/c', conv(1, 6, [7, 7], valid)),
        layer('base/elu', 'base/c', 'base/e', { activation: { ELU: { alpha: Math.fround(0.7) } } }),
        layer('base/gap', 'base/e', 'base/g', globalAverage),
        layer('base/fc', 'base/g', 'base/f', inner(6, 8)),
        layer('base/1x1', 'base/f', 'base/o', conv(8, 12, [1, 1], valid)),
        layer('head/hidden', 'base/o', 'head/h', inner(12, 9, true)),
        layer('head/relu', 'head/h', 'head/r', relu),
        layer('head/out', 'head/r', 'head/s', inner(9, 10, true)),
        layer('head/prob', 'head/s', 'classes', softmax),
      ],
      updateParams: {
        lossLayers: crossEntropy('cce', 'classes', 'truth'),
        optimizer: {
          sgdOptimizer: { learningRate: real(0.01, 1), miniBatchSize: set(16, [8, 16, 32]) },
        },
        epochs: { defaultValue: 5, range: { minValue: 1, maxValue: 50 } },
        shuffle: { defaultValue: false },
        seed: { defaultValue: 9 },
      },
    },
  };
}

/** A residual network: batch normalization, a sum, a concatenation, a convolution's defaults left unsaid. */
function residual(): Model {
  const image = array([1, 28, 28], FLOAT32);
  const norm: Type = {
    batchnorm: {
      channels: 4,
      epsilon: Math.fround(1e-3),
      gamma: weights(4),
      beta: weights(4),
      mean: weights(4),
      variance: { floatValue: Float32Array.of(1, 2, 3, 4), isUpdatable: false },
    },
  };
  const unsaid = conv(4, 4, [3, 3], same);
  Object.assign(unsaid.convolution!, { nGroups: 0, kernelSize: [], stride: [], dilationFactor: [] });
  const network: NeuralNetwork = {
    layers: [
      layer('stem', 'data', 'stem:0', conv(1, 4, [3, 3], same)),
      layer('bn', 'stem:0', 'bn:0', norm),
      layer('relu', 'bn:0', 'relu:0', relu),
      layer('inner', 'relu:0', 'inner:0', unsaid),
      layer('sum', ['inner:0', 'relu:0'], 'sum:0', { add: {} }),
      layer('wide', ['sum:0', 'bn:0'], 'wide:0', { concat: { sequenceConcat: false } }),
      layer('average', 'wide:0', 'average:0', pool([4, 4], [4, 4], 1)),
      layer('flat', 'average:0', 'flat:0', { flatten: { mode: 1 } }),
      layer('fc', 'flat:0', 'fc:0', inner(392, 10, true)),
      layer('prob', 'fc:0', 'prob', softmax),
    ],
    updateParams: {
      lossLayers: crossEntropy('loss', 'prob'),
      optimizer: {
        sgdOptimizer: { learningRate: real(0.1, 1), miniBatchSize: set(64, [64]), momentum: real(0.9, 1) },
      },
      epochs: set(3, [1, 3, 9]),
      shuffle: { defaultValue: true },
      seed: { defaultValue: 1, range: { minValue: 0, maxValue: 100 } },
    },
  };
  return {
    specificationVersion: 4,
    isUpdatable: true,
    description: {
      input: [feature('data', image)],
      output: [feature('prob', array([10], FLOAT32))],
      trainingInput: [feature('data', image), feature('prob_true', array([1], INT32))],
      metadata,
    },
    neuralNetwork: network,
  };
}

/** By the program: the file's model. */
export const programs: readonly (readonly [program: string, model: Model])[] = [
  ['LeNet by SwiftCoreMLTools', swiftLeNet()],
  ['a network by the Keras converter', kerasConverter()],
  ['a classifier like Create ML’s', createML()],
  ['a frozen base with a head that learns', frozenBase()],
  ['a residual network', residual()],
];
