/**
 * The Core ML messages as plain objects, as far as the app writes them. `codec.ts` turns them into bytes; layer files
 * make them without knowing protobuf. Field names are those of `proto/`. Layers are here, the model around them in
 * `model.ts`.
 */
type Empty = Record<never, never>;

/** The app writes `floatValue`; files of others may have the weights in one of the forms after it. */
export interface WeightParams {
  floatValue: Float32Array;
  float16Value?: Uint8Array;
  rawValue?: Uint8Array;
  int8RawValue?: Uint8Array;
  quantization?: { numberOfBits: number };
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

/** A deconvolution too: its kernels then lie as `[in, out/groups, height, width]`. */
export interface ConvolutionLayerParams extends PaddingChoice {
  outputChannels: number;
  kernelChannels: number;
  nGroups: number;
  kernelSize: number[];
  stride: number[];
  dilationFactor: number[];
  isDeconvolution?: boolean;
  hasBias: boolean;
  weights: WeightParams;
  bias?: WeightParams;
  /** Height and width of a deconvolution's output, where its padding does not give them. */
  outputShape?: number[];
}

export interface PoolingLayerParams extends PaddingChoice {
  type: PoolingType;
  /** Caffe's padding: a window more where the last pixels would be left out. */
  includeLastPixel?: { paddingAmounts: number[] };
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

/** One vector of `outputChannels` for each index; the weights are `[outputChannels, inputDim]`. */
export interface EmbeddingLayerParams {
  inputDim: number;
  outputChannels: number;
  hasBias: boolean;
  weights: WeightParams;
  bias?: WeightParams;
}

export interface BatchnormLayerParams {
  channels: number;
  computeMeanVar?: boolean;
  instanceNormalization?: boolean;
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
  thresholdedReLU?: { alpha: number };
  /** One slope a channel, or one for all. */
  PReLU?: { alpha: WeightParams };
  tanh?: Empty;
  scaledTanh?: { alpha: number; beta: number };
  sigmoid?: Empty;
  sigmoidHard?: { alpha: number; beta: number };
  ELU?: { alpha: number };
  softsign?: Empty;
  softplus?: Empty;
  /** One of each a channel, or one for all. */
  parametricSoftplus?: { alpha: WeightParams; beta: WeightParams };
}

/** One of the first three is set. Amounts of height, then of width. */
export interface PaddingLayerParams {
  constant?: { value: number };
  reflection?: Empty;
  replication?: Empty;
  paddingAmounts: { borderAmounts: { startEdgeSize: number; endEdgeSize: number }[] };
}

export interface UpsampleLayerParams {
  scalingFactor?: number[];
  /** 0 nearest, 1 bilinear. */
  mode: number;
  /** 0 the default, 1 aligned corners, 2 corners not aligned. */
  linearUpsampleMode?: number;
  fractionalScalingFactor?: number[];
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
  embedding?: EmbeddingLayerParams;
  batchnorm?: BatchnormLayerParams;
  softmax?: Empty;
  padding?: PaddingLayerParams;
  upsample?: UpsampleLayerParams;
  /** Of one input: adds `alpha`. */
  add?: { alpha?: number };
  /** Of one input: multiplies by `alpha`. */
  multiply?: { alpha?: number };
  /** Target `[C, H, W]`. Mode 0 walks channels first, 1 channels last. */
  reshape?: { targetShape: number[]; mode: number };
  /** Mode 0 walks channels first, 1 channels last. */
  flatten?: { mode: number };
  /** The order of the axes sequence, channels, height, width; 0 is the sequence. */
  permute?: { axis: number[] };
  concat?: { sequenceConcat: boolean };
}
