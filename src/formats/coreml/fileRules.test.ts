/** The rules of a whole file, one by one: files that are accepted, and for each rule one that breaks it alone. */
import { expect, test } from 'vitest';
import { brokenRules, fileRules } from '../../coreml/fileRules';
import type { Model } from '../../coreml/model';
import { modelOf } from '../coreml';
import {
  brokenBy,
  choose,
  compiled,
  conv,
  dense,
  image,
  layerNamed,
  lenet,
  sourceOf,
  type Breaking,
} from './testing';

const network = modelOf(sourceOf(lenet));
const classifier = modelOf(choose(sourceOf(lenet), { modelType: 'classifier', input: 'image' }));
const sgd = modelOf(sourceOf(lenet, { optimizer: 'sgd' }));
const numbers = modelOf(
  sourceOf(compiled(image(), { kind: 'flatten' }, dense('d', 10, 'sigmoid')), { loss: 'meanSquaredError' }),
);
const fixed = modelOf(
  sourceOf(
    compiled(image(), conv('c'), { kind: 'batchNormalization' }, { kind: 'flatten' }, dense('d', 10, 'relu')),
  ),
);
const padded = modelOf(
  sourceOf(
    compiled(
      image(),
      { kind: 'zeroPadding2d' },
      { kind: 'prelu' },
      conv('c'),
      { kind: 'flatten' },
      dense('d', 10, 'softmax'),
    ),
  ),
);

test('files of every sort are accepted', () => {
  for (const model of [network, classifier, sgd, numbers, fixed, padded])
    expect(brokenRules(model)).toEqual([]);
  expect(fixed.isUpdatable).toBe(false);
});

interface Spoilt {
  /** Missing: the network. */
  readonly of?: Model;
  readonly by: Breaking;
  readonly says: string;
}

const spoilt: Readonly<Record<string, Spoilt>> = {
  specificationVersion: { by: (model) => (model.specificationVersion = 3), says: 'version 3' },
  oneNetwork: {
    of: classifier,
    by: (model, own) => (model.neuralNetwork = own),
    says: 'a network and a classifier',
  },
  featureNames: {
    by: ({ description }) => description.output.push({ name: '', type: { int64Type: {} } }),
    says: 'has no name',
  },
  inputShape: {
    of: fixed,
    by: ({ description }) => (description.input[0]!.type.multiArrayType!.shape = [28, 28]),
    says: '28×28',
  },
  dataType: {
    of: fixed,
    by: ({ description }) => (description.input[0]!.type.multiArrayType!.dataType = 0 as never),
    says: 'no data type',
  },
  imageSize: {
    of: classifier,
    by({ description }) {
      const type = { imageType: { width: 0, height: 28, colorSpace: 10 } };
      description.input[0]!.type = type;
      description.trainingInput![0]!.type = type;
    },
    says: 'lacks a width',
  },
  preprocessing: {
    of: classifier,
    by: (_, { preprocessing }) => (preprocessing![0]!.featureName = 'picture'),
    says: 'pixels of "picture"',
  },
  outputsMade: {
    of: fixed,
    by: ({ description }) => (description.output[0]!.name = 'y'),
    says: 'output "y"',
  },
  classLabels: {
    of: classifier,
    by: ({ neuralNetworkClassifier }) => neuralNetworkClassifier!.int64ClassLabels!.vector.push(10),
    says: '11 labels and 10 probabilities',
  },
  classifierOutputs: {
    of: classifier,
    by: ({ neuralNetworkClassifier }) => (neuralNetworkClassifier!.labelProbabilityLayerName = 'p'),
    says: 'probabilities "p"',
  },
  layerNames: { by: (_, own) => (own.layers[4]!.name = 'lossLayer'), says: 'named "lossLayer"' },
  order: {
    of: fixed,
    by: (_, { layers }) => layers.splice(0, 2, layers[1]!, layers[0]!),
    says: 'which nothing before it makes',
  },
  madeOnce: {
    of: fixed,
    by: (_, { layers }) => layers.push({ ...layers[2]!, name: 'again' }),
    says: 'made more than once',
  },
  convolutionPadding: {
    by: (_, own) => delete layerNamed(own, 'conv2d').convolution!.valid,
    says: '"conv2d" states no padding',
  },
  poolingPadding: {
    by: (_, own) => (layerNamed(own, 'max_pooling2d').pooling!.same = { asymmetryMode: 0 }),
    says: '"max_pooling2d" states two paddings',
  },
  paddingKind: {
    of: padded,
    by: (_, own) => delete layerNamed(own, 'zero_padding2d').padding!.constant,
    says: '"zero_padding2d" states no kinds of padding',
  },
  weightCounts: {
    by: (_, own) => (layerNamed(own, 'dense').innerProduct!.outputChannels = 499),
    says: 'The kernel of "dense" has 576000 numbers; its sizes ask for 574848',
  },
  finiteWeights: {
    by: (_, own) => (layerNamed(own, 'dense').innerProduct!.bias!.floatValue[3] = NaN),
    says: '"dense" has weights that are no finite numbers',
  },
  updatable: { by: (model) => (model.isUpdatable = false), says: 'what only training needs' },
  updatableTypes: {
    by: (_, own) => (layerNamed(own, 'flatten').isUpdatable = true),
    says: 'Core ML cannot train flatten',
  },
  flags: {
    by: (_, own) => (layerNamed(own, 'conv2d').convolution!.bias!.isUpdatable = false),
    says: '"conv2d" is flagged, but its weights or its bias are not',
  },
  floatWeights: {
    by(_, own) {
      const { weights } = layerNamed(own, 'conv2d').convolution!;
      weights.floatValue = Float64Array.from(weights.floatValue) as never;
    },
    says: 'no floats of 32 bits',
  },
  oneLoss: {
    by(_, __, { lossLayers }) {
      const [layer] = lossLayers;
      lossLayers.push({ ...layer!, name: 'second' });
    },
    says: '2 losses',
  },
  lossInput: {
    of: numbers,
    by: (_, { layers }) => {
      const last = layers.at(-1)!;
      delete last.activation;
      last.softmax = {};
    },
    says: 'must not read a softmax layer',
  },
  lossTarget: {
    by({ description }, { layers }, { lossLayers }) {
      const target = layers[0]!.output[0]!;
      lossLayers[0]!.categoricalCrossEntropyLossLayer!.target = target;
      description.trainingInput![1]!.name = target;
    },
    says: 'which the network itself makes',
  },
  gradients: {
    by(_, own) {
      const middle = layerNamed(own, 'dense_relu');
      middle.activation = { ELU: { alpha: 1 } };
    },
    says: '"conv2d" is flagged, but no gradient comes to it. Core ML passes no gradients through elu.',
  },
  optimizer: {
    by: (_, __, { optimizer }) => delete (optimizer.adamOptimizer as { eps?: unknown }).eps,
    says: 'lacks its eps',
  },
  optimizerNumbers: {
    of: sgd,
    by: (_, __, { optimizer }) => (optimizer.sgdOptimizer!.momentum!.defaultValue = 1.5),
    says: "The optimizer's momentum is 1.5 by default, outside its range 0 to 1.",
  },
  batchSize: {
    by: (_, __, { optimizer }) => (optimizer.adamOptimizer!.miniBatchSize = { defaultValue: 0 }),
    says: 'The batch size is 1 or more; it has 0.',
  },
  epochs: {
    by: (_, __, update) => (update.epochs = { defaultValue: 10, set: { values: [1, 5] } }),
    says: 'The number of epochs is 10 by default, which is not in its set 1, 5.',
  },
  seed: {
    by: (_, __, { seed }) => (seed!.range = { minValue: 9, maxValue: 1 }),
    says: 'The seed has the range 9 to 1; the smaller number comes first.',
  },
  trainingInputs: {
    by({ description }) {
      description.trainingInput![0] = { ...description.trainingInput![0]!, name: 'picture' };
    },
    says: 'fed no input of the model',
  },
  targetType: {
    of: numbers,
    by: ({ description }) => (description.trainingInput![1]!.type = { int64Type: {} }),
    says: 'of another type',
  },
};

test('every rule has a file that breaks it, a sentence, and a place in the validator', () => {
  expect(fileRules.map(({ id }) => id)).toEqual(Object.keys(spoilt));
  for (const { sentence, source } of fileRules) {
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(source).toMatch(/^[\w/-]+\.[ch]pp, \w+$/);
  }
});

test.each(Object.entries(spoilt))(
  '%s is broken alone, and said in words',
  (id, { of = network, by, says }) => {
    const broken = brokenBy(by, of);
    expect(broken.map(({ rule }) => rule.id)).toEqual([id]);
    expect(broken[0]!.message).toContain(says);
    expect(broken[0]!.message).toMatch(/^["A-Z].*\.$/);
  },
);
