/**
 * Small valid models as plain descriptions, for tests to compute, and to break in one point each.
 */
import type { Convolution, Feature, InnerProduct, Layer, LayerBody, Model, Pooling, Weights } from '../types';

export function floats(values: readonly number[], isUpdatable = false): Weights {
  return { floats: new Float32Array(values), float16Bytes: 0, rawBytes: 0, isQuantized: false, isUpdatable };
}

/** `count` different small numbers. */
export function someFloats(count: number, isUpdatable = false): Weights {
  return floats(
    Array.from({ length: count }, (_, at) => ((at * 7) % 11) / 10 - 0.5),
    isUpdatable,
  );
}

export function layer(name: string, inputs: string[], body: LayerBody, isUpdatable = false): Layer {
  return { name, inputs, outputs: [name], isUpdatable, body };
}

export function convolution(changes: Partial<Convolution> = {}): Convolution {
  return {
    kind: 'convolution',
    outputChannels: 1,
    kernelChannels: 1,
    groups: 1,
    kernelSize: [2, 2],
    stride: [1, 1],
    dilation: [1, 1],
    padding: { mode: 'valid', amounts: [] },
    isDeconvolution: false,
    hasBias: false,
    weights: floats([1, 2, 3, 4]),
    bias: undefined,
    outputShape: [],
    ...changes,
  };
}

export function pooling(changes: Partial<Pooling> = {}): Pooling {
  return {
    kind: 'pooling',
    type: 0,
    kernelSize: [2, 2],
    stride: [2, 2],
    padding: { mode: 'valid', amounts: [] },
    averageExcludesPadding: false,
    global: false,
    ...changes,
  };
}

export function dense(inputChannels: number, outputChannels: number, isUpdatable = false): InnerProduct {
  return {
    kind: 'innerProduct',
    inputChannels,
    outputChannels,
    hasBias: true,
    weights: someFloats(inputChannels * outputChannels, isUpdatable),
    bias: someFloats(outputChannels, isUpdatable),
  };
}

export function activation(name: 'relu' | 'tanh' | 'sigmoid' | 'softsign' | 'softplus'): LayerBody {
  return { kind: 'activation', activation: { name } };
}

export function arrayFeature(
  name: string,
  shape: number[],
  dataType: 'float32' | 'double' | 'int32',
): Feature {
  return { name, shortDescription: '', type: { kind: 'multiArray', optional: false, shape, dataType } };
}

/** A model of the given layers that cannot be trained: one input, the last layer's output declared without a shape. */
export function plainModel(inputShape: number[], layers: Layer[]): Model {
  return {
    specificationVersion: 4,
    isUpdatable: false,
    description: {
      inputs: [arrayFeature('in', inputShape, 'float32')],
      outputs: [arrayFeature(layers.at(-1)?.outputs[0] ?? 'in', [], 'float32')],
      predictedFeatureName: '',
      predictedProbabilitiesName: '',
      trainingInputs: [],
      metadata: { shortDescription: '', version: '', author: '', license: '', userDefined: {} },
    },
    network: {
      kind: 'neuralNetwork',
      layers,
      preprocessing: [],
      arrayInputShapeMapping: 0,
      imageInputShapeMapping: 0,
      update: undefined,
      classifier: undefined,
    },
  };
}

/** An updatable network for a grey 4 x 4 array: convolution, relu, flatten, dense, softmax; cross-entropy and Adam. */
export function trainableModel(): Model {
  const model = plainModel(
    [1, 4, 4],
    [
      layer(
        'conv',
        ['in'],
        convolution({
          outputChannels: 2,
          hasBias: true,
          weights: someFloats(8, true),
          bias: someFloats(2, true),
        }),
        true,
      ),
      layer('relu', ['conv'], activation('relu')),
      layer('flat', ['relu'], { kind: 'flatten', mode: 1 }),
      layer('dense', ['flat'], dense(18, 3, true), true),
      layer('probs', ['dense'], { kind: 'softmax' }),
    ],
  );
  model.isUpdatable = true;
  model.description.outputs = [arrayFeature('probs', [3], 'float32')];
  model.description.trainingInputs = [
    structuredClone(model.description.inputs[0]!),
    arrayFeature('target', [1], 'int32'),
  ];
  model.network.update = {
    losses: [{ name: 'loss', kind: 'categoricalCrossEntropy', input: 'probs', target: 'target' }],
    optimizer: {
      kind: 'adam',
      learningRate: { value: 0.001, range: { min: 0, max: 0.3 } },
      miniBatchSize: { value: 16, allowed: { kind: 'set', values: [8, 16] } },
      beta1: { value: 0.9, range: { min: 0, max: 1 } },
      beta2: { value: 0.999, range: { min: 0, max: 1 } },
      eps: { value: 1e-8, range: { min: 0, max: 1 } },
    },
    epochs: { value: 2, allowed: { kind: 'range', min: 1, max: 10 } },
    shuffle: true,
    seed: { value: 0, allowed: undefined },
  };
  return model;
}

/** The same network without its softmax, with mean squared error and SGD. */
export function regressionModel(): Model {
  const model = trainableModel();
  model.network.layers.pop();
  model.description.outputs = [arrayFeature('dense', [3], 'float32')];
  model.description.trainingInputs[1] = arrayFeature('target', [3], 'double');
  model.network.update = {
    ...model.network.update!,
    losses: [{ name: 'loss', kind: 'meanSquaredError', input: 'dense', target: 'target' }],
    optimizer: {
      kind: 'sgd',
      learningRate: { value: 0.1, range: { min: 0, max: 1 } },
      miniBatchSize: { value: 16, allowed: { kind: 'set', values: [8, 16] } },
      momentum: { value: 0.9, range: { min: 0, max: 1 } },
    },
  };
  return model;
}

/** The trainable network as a classifier of grey 4 x 4 images, labelled 'a', 'b', 'c'. */
export function classifierModel(): Model {
  const model = trainableModel();
  const image: Feature = {
    name: 'in',
    shortDescription: '',
    type: { kind: 'image', optional: false, width: 4, height: 4, colorSpace: 'grayscale' },
  };
  const label: Feature = { name: 'label', shortDescription: '', type: { kind: 'string', optional: false } };
  model.description = {
    ...model.description,
    inputs: [image],
    outputs: [
      label,
      { name: 'chances', shortDescription: '', type: { kind: 'dictionary', optional: false, key: 'string' } },
    ],
    predictedFeatureName: 'label',
    predictedProbabilitiesName: 'chances',
    trainingInputs: [structuredClone(image), structuredClone(label)],
  };
  model.network.kind = 'neuralNetworkClassifier';
  model.network.classifier = {
    labels: { kind: 'string', values: ['a', 'b', 'c'] },
    labelProbabilityLayerName: 'probs',
  };
  const biases = { blueBias: 0, greenBias: 0, redBias: 0, grayBias: 0 };
  model.network.preprocessing = [
    { featureName: 'in', step: { kind: 'scaler', channelScale: 1 / 255, ...biases } },
  ];
  return model;
}
