/**
 * Models that break one rule each on the shape of the file: features, order, names, weights, classifier. For rules.test.ts.
 */
import { convolutionOf, innerProductOf, layerNamed, updateOf, type Sample } from './refused';
import { activation, arrayFeature, classifierModel, convolution, dense, floats, layer } from './samples';
import { plainModel, pooling, someFloats, trainableModel } from './samples';

export const REFUSED_FILES: readonly Sample[] = [
  ['specification version', 'version 3', trainableModel, (m) => (m.specificationVersion = 3)],
  [
    'feature names',
    'an output without a name',
    () => plainModel([3], [layer('', ['in'], { kind: 'softmax' })]),
    () => {},
  ],
  [
    'feature names',
    'two training inputs of one name',
    trainableModel,
    (m) => {
      m.description.trainingInputs.push(m.description.trainingInputs[1]!);
    },
  ],
  [
    'feature types',
    'an output of type int64 in a plain network',
    trainableModel,
    (m) => {
      m.description.outputs[0]!.type = { kind: 'int64', optional: false };
    },
  ],
  [
    'feature types',
    'an image without a colour space',
    classifierModel,
    (m) => {
      const type = { kind: 'image', optional: false, width: 4, height: 4, colorSpace: 'unknown' } as const;
      m.description.inputs[0]!.type = type;
      m.description.trainingInputs[0]!.type = type;
    },
  ],
  [
    'feature types',
    'an optional input',
    trainableModel,
    (m) => {
      m.description.inputs[0]!.type.optional = true;
      m.description.trainingInputs[0]!.type.optional = true;
    },
  ],
  [
    'input rank',
    'an input of rank 2',
    () => plainModel([4, 4], [layer('out', ['in'], activation('relu'))]),
    () => {},
  ],
  [
    'input rank',
    'an input of size 0',
    () => plainModel([0], [layer('out', ['in'], activation('relu'))]),
    () => {},
  ],
  [
    'data type',
    'an output without a data type',
    trainableModel,
    (m) => {
      m.description.outputs[0]!.type = {
        kind: 'multiArray',
        optional: false,
        shape: [3],
        dataType: 'unknown',
      };
    },
  ],
  [
    'image preprocessing',
    'preprocessing of an array',
    trainableModel,
    (m) => {
      m.network.preprocessing = classifierModel().network.preprocessing;
    },
  ],
  [
    'image preprocessing',
    'a scale of 0',
    classifierModel,
    (m) => {
      const { step } = m.network.preprocessing[0]!;
      if (step?.kind === 'scaler') step.channelScale = 0;
    },
  ],
  ['shape mapping', 'exact array mapping', trainableModel, (m) => (m.network.arrayInputShapeMapping = 1)],
  ['layer names', 'a loss named as a layer', trainableModel, (m) => (updateOf(m).losses[0]!.name = 'conv')],
  ['layer names', 'a layer without a name', trainableModel, (m) => (layerNamed(m, 'relu').name = '')],
  [
    'topological order',
    'two layers the wrong way round',
    trainableModel,
    (m) => {
      const [first, second, ...rest] = m.network.layers;
      m.network.layers = [second!, first!, ...rest];
    },
  ],
  [
    'blob produced once',
    'a second layer that writes the same blob',
    trainableModel,
    (m) => {
      m.network.layers.push({ ...layer('again', ['dense'], { kind: 'softmax' }), outputs: ['probs'] });
    },
  ],
  [
    'blob produced once',
    'a layer that writes over the input',
    trainableModel,
    (m) => {
      m.network.layers.push({ ...layer('again', ['in'], activation('relu')), outputs: ['in'] });
    },
  ],
  [
    'outputs produced',
    'an output that no layer makes',
    trainableModel,
    (m) => {
      m.description.outputs.push(arrayFeature('ghost', [3], 'float32'));
    },
  ],
  [
    'outputs produced',
    'an input declared as output',
    trainableModel,
    (m) => {
      m.description.outputs = [arrayFeature('in', [1, 4, 4], 'float32')];
    },
  ],
  [
    'padding set',
    'a convolution without padding',
    trainableModel,
    (m) => (convolutionOf(m).padding = undefined),
  ],
  [
    'padding set',
    'a pooling without padding',
    () => plainModel([1, 4, 4], [layer('out', ['in'], pooling({ padding: undefined }))]),
    () => {},
  ],
  [
    'layer computable',
    'a dense layer on rows and columns',
    () => plainModel([1, 2, 2], [layer('out', ['in'], dense(4, 2))]),
    () => {},
  ],
  [
    'layer computable',
    'a kernel in the other order of channels',
    () => {
      const body = convolution({ kernelChannels: 3, outputChannels: 1, weights: someFloats(12) });
      return plainModel([1, 4, 4], [layer('out', ['in'], body)]);
    },
    () => {},
  ],
  [
    'layer computable',
    'a concatenation of one input',
    () => plainModel([3], [layer('out', ['in'], { kind: 'concat', sequenceConcat: false })]),
    () => {},
  ],
  [
    'layer computable',
    'a window larger than its input',
    () => plainModel([1, 1, 1], [layer('out', ['in'], pooling())]),
    () => {},
  ],
  [
    'layer computable',
    'weights too few',
    trainableModel,
    (m) => (innerProductOf(m).weights = someFloats(53, true)),
  ],
  [
    'output shape',
    'an output declared too long',
    trainableModel,
    (m) => {
      m.description.outputs = [arrayFeature('probs', [4], 'float32')];
    },
  ],
  [
    'weights',
    'a weight that is not a number',
    trainableModel,
    (m) => (innerProductOf(m).bias = floats([0, NaN, 0], true)),
  ],
  [
    'weights',
    'weights given twice',
    () => plainModel([1, 4, 4], [layer('conv', ['in'], convolution())]),
    (m) => {
      convolutionOf(m).weights!.float16Bytes = 8;
    },
  ],
  [
    'weights',
    'a negative variance',
    () =>
      plainModel(
        [1],
        [
          layer('out', ['in'], {
            kind: 'batchnorm',
            channels: 1,
            computeMeanVar: false,
            instanceNormalization: false,
            epsilon: 0.001,
            gamma: floats([1]),
            beta: floats([0]),
            mean: floats([0]),
            variance: floats([-1]),
          }),
        ],
      ),
    () => {},
  ],
  [
    'classifier labels',
    'more labels than outputs',
    classifierModel,
    (m) => {
      m.network.classifier!.labels = { kind: 'string', values: ['a', 'b', 'c', 'd'] };
    },
  ],
  [
    'classifier labels',
    'the same label twice',
    classifierModel,
    (m) => {
      m.network.classifier!.labels = { kind: 'string', values: ['a', 'b', 'a'] };
    },
  ],
  ['classifier labels', 'no labels', classifierModel, (m) => (m.network.classifier!.labels = undefined)],
  [
    'classifier outputs',
    'probabilities of a blob that is not there',
    classifierModel,
    (m) => {
      m.network.classifier!.labelProbabilityLayerName = 'ghost';
    },
  ],
  [
    'classifier outputs',
    'probabilities with keys of another type',
    classifierModel,
    (m) => {
      m.description.outputs[1]!.type = { kind: 'dictionary', optional: false, key: 'int64' };
    },
  ],
  [
    'classifier outputs',
    'a predicted feature in a plain network',
    trainableModel,
    (m) => {
      m.description.predictedFeatureName = 'label';
    },
  ],
];
