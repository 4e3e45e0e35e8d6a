/**
 * The plain description that the reference reads out of an .mlmodel file: data only, close to the file, with nothing
 * filled in (an absent kernel size stays an empty list). Not the app's network and not its Core ML messages.
 */

export interface Model {
  specificationVersion: number;
  isUpdatable: boolean;
  description: Description;
  network: Network;
}

export interface Description {
  inputs: Feature[];
  outputs: Feature[];
  predictedFeatureName: string;
  predictedProbabilitiesName: string;
  trainingInputs: Feature[];
  metadata: Metadata;
}

export interface Metadata {
  shortDescription: string;
  version: string;
  author: string;
  license: string;
  userDefined: Record<string, string>;
}

export interface Feature {
  name: string;
  shortDescription: string;
  type: FeatureType;
}

/** `none` stands for a feature whose type is not set; colour spaces and data types not in coreml.md are `unknown`. */
export type FeatureType = { optional: boolean } & (
  | { kind: 'none' }
  | { kind: 'int64' }
  | { kind: 'double' }
  | { kind: 'string' }
  | { kind: 'image'; width: number; height: number; colorSpace: ColorSpace }
  | { kind: 'multiArray'; shape: number[]; dataType: DataType }
  | { kind: 'dictionary'; key: 'int64' | 'string' | 'none' }
);

export type ColorSpace = 'grayscale' | 'rgb' | 'bgr' | 'unknown';
export type DataType = 'float32' | 'double' | 'int32' | 'float16' | 'unknown';

export interface Network {
  kind: 'neuralNetwork' | 'neuralNetworkClassifier';
  layers: Layer[];
  preprocessing: Preprocessing[];
  arrayInputShapeMapping: number;
  imageInputShapeMapping: number;
  update: UpdateParameters | undefined;
  classifier: Classifier | undefined;
}

export interface Classifier {
  labels: { kind: 'string'; values: string[] } | { kind: 'int64'; values: number[] } | undefined;
  labelProbabilityLayerName: string;
}

export interface Preprocessing {
  featureName: string;
  step:
    | {
        kind: 'scaler';
        channelScale: number;
        blueBias: number;
        greenBias: number;
        redBias: number;
        grayBias: number;
      }
    | { kind: 'meanImage'; values: Float32Array }
    | undefined;
}

export interface Layer {
  name: string;
  inputs: string[];
  outputs: string[];
  isUpdatable: boolean;
  body: LayerBody;
}

export type LayerBody =
  | Convolution
  | Pooling
  | { kind: 'activation'; activation: Activation }
  | InnerProduct
  | Embedding
  | BatchNorm
  | { kind: 'softmax' }
  | PaddingLayer
  | {
      kind: 'upsample';
      scalingFactor: number[];
      mode: number;
      linearMode: number;
      fractionalScalingFactor: number[];
    }
  | { kind: 'add'; alpha: number }
  | { kind: 'multiply'; alpha: number }
  | { kind: 'reshape'; targetShape: number[]; mode: number }
  | { kind: 'flatten'; mode: number }
  | { kind: 'permute'; axis: number[] }
  | { kind: 'concat'; sequenceConcat: boolean }
  | { kind: 'softmaxND'; axis: number }
  | { kind: 'flattenTo2D'; axis: number };

export interface Convolution {
  kind: 'convolution';
  outputChannels: number;
  kernelChannels: number;
  groups: number;
  kernelSize: number[];
  stride: number[];
  dilation: number[];
  padding: WindowPadding | undefined;
  isDeconvolution: boolean;
  hasBias: boolean;
  /** `[out, in/groups, kH, kW]` */
  weights: Weights | undefined;
  bias: Weights | undefined;
  outputShape: number[];
}

export interface Pooling {
  kind: 'pooling';
  /** 0 max, 1 average, 2 L2 */
  type: number;
  kernelSize: number[];
  stride: number[];
  padding: WindowPadding | { mode: 'includeLastPixel'; amounts: number[] } | undefined;
  averageExcludesPadding: boolean;
  global: boolean;
}

/** Asymmetry 0 puts an odd amount at the bottom and right, 1 at the top and left. */
export type WindowPadding = { mode: 'valid'; amounts: Border[] } | { mode: 'same'; asymmetry: number };

export interface Border {
  start: number;
  end: number;
}

export interface InnerProduct {
  kind: 'innerProduct';
  inputChannels: number;
  outputChannels: number;
  hasBias: boolean;
  /** `[out, in]` */
  weights: Weights | undefined;
  bias: Weights | undefined;
}

export interface Embedding {
  kind: 'embedding';
  inputDim: number;
  outputChannels: number;
  hasBias: boolean;
  weights: Weights | undefined;
  bias: Weights | undefined;
}

export interface BatchNorm {
  kind: 'batchnorm';
  channels: number;
  computeMeanVar: boolean;
  instanceNormalization: boolean;
  epsilon: number;
  gamma: Weights | undefined;
  beta: Weights | undefined;
  mean: Weights | undefined;
  variance: Weights | undefined;
}

export interface PaddingLayer {
  kind: 'padding';
  padding: { mode: 'constant'; value: number } | { mode: 'reflection' } | { mode: 'replication' } | undefined;
  amounts: Border[];
}

export type Activation =
  | { name: 'none' | 'relu' | 'tanh' | 'sigmoid' | 'softsign' | 'softplus' }
  | { name: 'leakyRelu' | 'thresholdedRelu' | 'elu'; alpha: number }
  | { name: 'linear' | 'scaledTanh' | 'sigmoidHard'; alpha: number; beta: number }
  | { name: 'prelu'; alpha: Weights | undefined }
  | { name: 'parametricSoftplus'; alpha: Weights | undefined; beta: Weights | undefined };

/** Numbers of a layer; float16 and raw values are counted, not decoded. */
export interface Weights {
  floats: Float32Array;
  float16Bytes: number;
  rawBytes: number;
  isQuantized: boolean;
  isUpdatable: boolean;
}

export interface UpdateParameters {
  losses: Loss[];
  optimizer: Optimizer | undefined;
  epochs: IntegerParameter | undefined;
  shuffle: boolean | undefined;
  seed: IntegerParameter | undefined;
}

export interface Loss {
  name: string;
  kind: 'categoricalCrossEntropy' | 'meanSquaredError' | 'none';
  input: string;
  target: string;
}

export type Optimizer =
  | {
      kind: 'sgd';
      learningRate: DoubleParameter | undefined;
      miniBatchSize: IntegerParameter | undefined;
      momentum: DoubleParameter | undefined;
    }
  | {
      kind: 'adam';
      learningRate: DoubleParameter | undefined;
      miniBatchSize: IntegerParameter | undefined;
      beta1: DoubleParameter | undefined;
      beta2: DoubleParameter | undefined;
      eps: DoubleParameter | undefined;
    };

export interface DoubleParameter {
  value: number;
  range: { min: number; max: number } | undefined;
}

export interface IntegerParameter {
  value: number;
  allowed: { kind: 'range'; min: number; max: number } | { kind: 'set'; values: number[] } | undefined;
}
