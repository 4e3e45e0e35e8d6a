/**
 * The Core ML messages as plain objects, as far as the app writes them. `codec.ts` turns them into bytes; layer files
 * make them without knowing protobuf. Field names are those of `proto/`. Layers are here, the model around them in
 * `model.ts`.
 */
type Empty = Record<never, never>;

export interface WeightParams {
  floatValue: Float32Array;
  isUpdatable?: boolean;
}

/** `PoolingLayerParams.PoolingType`. */
export enum PoolingType {
  max = 0,
  average = 1,
  l2 = 2,
}

export interface PaddingChoice {
  valid?: { paddingAmounts: { borderAmounts?: { startEdgeSize: number; endEdgeSize: number }[] } };
  /** 0 pads the bottom and right more, 1 the top and left. */
  same?: { asymmetryMode: number };
}

export interface ConvolutionLayerParams extends PaddingChoice {
  outputChannels: number;
  kernelChannels: number;
  nGroups: number;
  kernelSize: number[];
  stride: number[];
  dilationFactor: number[];
  hasBias: boolean;
  weights: WeightParams;
  bias?: WeightParams;
}

export interface PoolingLayerParams extends PaddingChoice {
  type: PoolingType;
  kernelSize?: number[];
  stride?: number[];
  avgPoolExcludePadding?: boolean;
  globalPooling?: boolean;
}

export interface InnerProductLayerParams {
  inputChannels: number;
  outputChannels: number;
  hasBias: boolean;
  weights: WeightParams;
  bias?: WeightParams;
}

export interface BatchnormLayerParams {
  channels: number;
  epsilon: number;
  gamma: WeightParams;
  beta: WeightParams;
  mean: WeightParams;
  variance: WeightParams;
}

/** Exactly one is set. */
export interface ActivationParams {
  linear?: { alpha: number; beta: number };
  ReLU?: Empty;
  leakyReLU?: { alpha: number };
  tanh?: Empty;
  sigmoid?: Empty;
  ELU?: { alpha: number };
  softsign?: Empty;
  softplus?: Empty;
}

/** Exactly one of the optional parts after `isUpdatable` is set. */
export interface NeuralNetworkLayer {
  name: string;
  input: string[];
  output: string[];
  isUpdatable?: boolean;
  convolution?: ConvolutionLayerParams;
  pooling?: PoolingLayerParams;
  activation?: ActivationParams;
  innerProduct?: InnerProductLayerParams;
  batchnorm?: BatchnormLayerParams;
  softmax?: Empty;
  add?: { alpha?: number };
  /** Mode 0 walks channels first, 1 channels last. */
  flatten?: { mode: number };
  concat?: { sequenceConcat: boolean };
}
