/**
 * What Core ML trains on the device, by the type of a layer: one table. `judge.ts` judges a network by it; the rules of
 * a file as a whole are in `fileRules.ts`. Sources are files and functions of Apple's coremltools, below
 * mlmodel/src/Validation/NeuralNetwork/, as far as devices follow them.
 */
import type { ActivationParams, NeuralNetworkLayer } from './messages';

type PlainType = Exclude<
  keyof NeuralNetworkLayer,
  'name' | 'input' | 'output' | 'isUpdatable' | 'activation'
>;

/** A layer's type; of an activation layer, the function's. */
export type LayerType = PlainType | keyof ActivationParams;

export interface Rule {
  /** What the type is called in a sentence. */
  readonly noun: string;
  /** Whether its weights can be trained; a sentence says why not where it has some. */
  readonly updatable: true | string | undefined;
  /** Whether gradients pass from its output to its inputs; else the reason in one sentence. */
  readonly passesGradients: true | string;
  /** Where Apple's validator says so. */
  readonly source: string;
}

const GRADIENTS = 'NeuralNetworkValidatorGraph.hpp, isLayerSupportedForBackprop';
const UPDATABLE = 'UpdatableNeuralNetworkValidator.cpp, validateUpdatableLayerSupport';

const passing = (noun: string): Rule => ({
  noun,
  updatable: undefined,
  passesGradients: true,
  source: GRADIENTS,
});
const trained = (noun: string): Rule => ({ noun, updatable: true, passesGradients: true, source: UPDATABLE });
const blocking = (noun: string): Rule => ({
  noun,
  updatable: undefined,
  passesGradients: `Core ML passes no gradients through ${noun}.`,
  source: GRADIENTS,
});
/** With weights that stay. */
const keeping = (noun: string, why: string): Rule => ({
  ...blocking(noun),
  updatable: why,
  source: UPDATABLE,
});

export const rules: Readonly<Record<LayerType, Rule>> = {
  convolution: trained('convolution'),
  innerProduct: trained('inner product'),
  flatten: passing('flatten'),
  pooling: passing('pooling'),
  batchnorm: {
    noun: 'batch normalization',
    updatable:
      'Core ML never trains batch normalization: its statistics, gamma and beta stay on the device as they are in the file.',
    passesGradients: true,
    source: UPDATABLE,
  },
  ReLU: passing('relu'),
  sigmoid: passing('sigmoid'),
  tanh: passing('tanh'),
  softmax: {
    noun: 'softmax',
    updatable: undefined,
    passesGradients:
      'Core ML passes gradients through softmax only where the cross-entropy loss reads it directly.',
    source: 'UpdatableNeuralNetworkValidator.cpp, isTrainingConfigurationSupported',
  },
  embedding: keeping(
    'embedding',
    'Core ML never trains an embedding: its vectors stay on the device as they are in the file.',
  ),
  padding: blocking('padding'),
  upsample: blocking('upsampling'),
  add: blocking('add'),
  multiply: blocking('multiply'),
  concat: blocking('concatenation'),
  reshape: blocking('reshape'),
  permute: blocking('permute'),
  linear: blocking('a linear activation'),
  leakyReLU: blocking('leaky relu'),
  thresholdedReLU: blocking('thresholded relu'),
  PReLU: keeping(
    'prelu',
    'Core ML never trains the slopes of prelu: they stay on the device as they are in the file.',
  ),
  scaledTanh: blocking('scaled tanh'),
  sigmoidHard: blocking('hard sigmoid'),
  ELU: blocking('elu'),
  softsign: blocking('softsign'),
  softplus: blocking('softplus'),
  parametricSoftplus: keeping(
    'parametric softplus',
    'Core ML never trains parametric softplus: its values stay on the device as they are in the file.',
  ),
};

/** The one type that a written layer has. */
export function layerTypeOf(layer: NeuralNetworkLayer): LayerType {
  const { activation, ...rest } = layer;
  const parts: object = activation ?? rest;
  const type = (Object.keys(rules) as LayerType[]).find((key) => key in parts);
  if (!type) throw new Error(`The layer "${layer.name}" states no type that the rules know.`);
  return type;
}
