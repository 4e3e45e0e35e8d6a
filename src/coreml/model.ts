/**
 * The Core ML messages around the layers, as plain objects: the model, its features, and how it is updated on the
 * device. Field names are those of `proto/`; numbers stand for 64 bit integers. Not for layers: see `messages.ts`.
 */
import type { NeuralNetworkLayer } from './messages';

/** `ArrayFeatureType.ArrayDataType`. */
export enum ArrayDataType {
  float32 = 65568,
  float16 = 65552,
  double = 65600,
  int32 = 131104,
}

/** `ImageFeatureType.ColorSpace`. */
export enum ColorSpace {
  grayscale = 10,
  rgb = 20,
  bgr = 30,
}

type Empty = Record<never, never>;

/** Exactly one is set. */
export interface FeatureType {
  int64Type?: Empty;
  /** Never written. */
  doubleType?: Empty;
  stringType?: Empty;
  imageType?: { width: number; height: number; colorSpace: ColorSpace };
  /** Shape `[C]` or `[C, H, W]`. */
  multiArrayType?: { shape: number[]; dataType: ArrayDataType };
  dictionaryType?: { int64KeyType?: Empty; stringKeyType?: Empty };
  isOptional?: boolean;
}

export interface FeatureDescription {
  name: string;
  shortDescription?: string;
  type: FeatureType;
}

export interface Metadata {
  shortDescription?: string;
  versionString?: string;
  author?: string;
  license?: string;
  userDefined?: Record<string, string>;
}

export interface ModelDescription {
  input: FeatureDescription[];
  output: FeatureDescription[];
  predictedFeatureName?: string;
  predictedProbabilitiesName?: string;
  /** The inputs once more, and the target. */
  trainingInput?: FeatureDescription[];
  metadata?: Metadata;
}

/** At most one of range and set is there. */
export interface Int64Parameter {
  defaultValue: number;
  range?: { minValue: number; maxValue: number };
  set?: { values: number[] };
}

export interface DoubleParameter {
  defaultValue: number;
  range?: { minValue: number; maxValue: number };
}

interface LossInputs {
  /** Blob that the network makes. */
  input: string;
  /** Name of the true value; no blob of the network. */
  target: string;
}

/** One of the two losses is set. */
export interface LossLayer {
  name: string;
  categoricalCrossEntropyLossLayer?: LossInputs;
  meanSquaredErrorLossLayer?: LossInputs;
}

/** One of the two is set. */
export interface Optimizer {
  sgdOptimizer?: { learningRate: DoubleParameter; miniBatchSize: Int64Parameter; momentum?: DoubleParameter };
  adamOptimizer?: {
    learningRate: DoubleParameter;
    miniBatchSize: Int64Parameter;
    beta1: DoubleParameter;
    beta2: DoubleParameter;
    eps: DoubleParameter;
  };
}

export interface NetworkUpdateParameters {
  lossLayers: LossLayer[];
  optimizer: Optimizer;
  epochs: Int64Parameter;
  shuffle?: { defaultValue: boolean };
  seed?: Int64Parameter;
}

/** Multiplies the pixels of an image input, which are 0 to 255, and adds to them. */
export interface ImageScaler {
  channelScale: number;
  grayBias?: number;
  redBias?: number;
  greenBias?: number;
  blueBias?: number;
}

/** One of the two is set; the app writes scalers only. */
export interface Preprocessing {
  featureName: string;
  scaler?: ImageScaler;
  meanImage?: { meanImage: Float32Array };
}

export interface NeuralNetwork {
  layers: NeuralNetworkLayer[];
  preprocessing?: Preprocessing[];
  /** 0: arrays have the rank 1 or 3, and layers see five axes. The only one that the app writes. */
  arrayInputShapeMapping?: number;
  imageInputShapeMapping?: number;
  updateParams?: NetworkUpdateParameters;
}

export interface NeuralNetworkClassifier extends NeuralNetwork {
  /** One of the two lists is set, in the order of the output's values. */
  stringClassLabels?: { vector: string[] };
  int64ClassLabels?: { vector: number[] };
  /** Blob that holds the probabilities. */
  labelProbabilityLayerName: string;
}

/** One of the three networks is set; the app writes no regressor. */
export interface Model {
  specificationVersion: number;
  description: ModelDescription;
  isUpdatable: boolean;
  neuralNetwork?: NeuralNetwork;
  neuralNetworkClassifier?: NeuralNetworkClassifier;
  neuralNetworkRegressor?: NeuralNetwork;
}
