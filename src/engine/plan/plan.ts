/**
 * The plan of a training step: plain data that says, in order, what is computed from which part of one flat memory to
 * which other. It is made once per network and largest batch (`makePlan.ts`) and knows no engine: whoever has a kernel
 * for every kind of operation can run it.
 */
import type { ActivationName } from '../../layers/activations';
import type { Sampling } from '../../layers/interpolation';
import type { Loss } from '../engine';

/** Index into `Plan.buffers`. */
export type BufferId = number;

export interface PlannedBuffer {
  /** What it holds, for people: "conv2d", "gradient of conv2d", "positions of max_pooling2d". */
  readonly name: string;
  /** Floats (or int32) of one example; of all examples where `shared`. */
  readonly size: number;
  readonly shared: boolean;
  /** Bytes from the start of the memory; a multiple of 16. */
  readonly offset: number;
  /** First and last operation that touches it, counted over forward and backward. */
  readonly from: number;
  readonly until: number;
}

/** A weight's place in each of the flat blocks (weights and optimizer slots). */
export interface PlannedWeight {
  readonly key: string;
  /** Floats from the start of the block; a multiple of `PlanOptions.weightAlignment`. */
  readonly start: number;
  readonly size: number;
  readonly trainable: boolean;
}

/** A window that slides over an image, of a convolution or a pooling. Pairs are height and width. */
export interface WindowShape {
  readonly image: readonly [height: number, width: number, channels: number];
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** Border above and left. */
  readonly border: readonly [number, number];
  readonly output: readonly [height: number, width: number];
}

/** "linear" is the identity; with other numbers than 1 and 0 it is "affine". */
export interface Curve {
  readonly name: ActivationName | 'leakyRelu' | 'thresholdedRelu' | 'scaledTanh' | 'hardSigmoid' | 'affine';
  /** The Activation layer's numbers, where the curve takes them; leaky relu's slope is alpha. */
  readonly alpha: number;
  readonly beta: number;
}

/** Weights by their places in the block, in floats. */
interface Product {
  readonly kernel: number;
  readonly bias?: number;
  readonly curve: Curve;
}
export interface DenseShape extends Product {
  readonly inputs: number;
  readonly units: number;
}
export interface ConvolutionShape extends Product {
  readonly window: WindowShape;
  readonly filters: number;
  readonly groups: number;
}
/**
 * A transposed convolution. It computes what takes gradients back through a convolution with the same kernel, which has
 * neither bias nor curve: its own input are that one's outputs, and its outputs that one's image.
 */
export interface TransposedShape extends Product {
  readonly through: ConvolutionShape;
}
/** A max pooling that is computed with the convolution before it: the convolution's own output is never stored. */
export interface FusedPooling {
  readonly window: WindowShape;
  /** One word for each pooled value that tells where in its window it came from; the engine's own code. */
  readonly positions: BufferId;
}
export interface NormalizationShape {
  readonly channels: number;
  /** Rows of `channels` values in one example. */
  readonly rows: number;
  readonly gamma: number;
  readonly beta: number;
  readonly movingMean: number;
  readonly movingVariance: number;
  readonly momentum: number;
  readonly epsilon: number;
  /** Of the activation that is computed with it. */
  readonly curve: Curve;
}
/** An activation whose numbers are weights, one of each a channel. */
export interface ChannelCurveShape {
  readonly name: 'prelu' | 'parametricSoftplus';
  readonly channels: number;
  /** Rows of `channels` values in one example. */
  readonly rows: number;
  readonly alpha: number;
  /** Parametric softplus has it. */
  readonly beta?: number;
}

/** One axis along which a rearranged output is walked. */
export interface WalkedAxis {
  /** Places of the output. */
  readonly count: number;
  /** How far apart in the input the values of neighbouring places lie; 0 repeats them. */
  readonly stride: number;
  /** Places before the first that has a value, and how many have one. The others are zero. */
  readonly before: number;
  readonly inside: number;
}
/** Along one side of an image, each output value lies between two input values; see `layers/interpolation.ts`. */
export interface InterpolationShape {
  readonly rows: Sampling;
  readonly columns: Sampling;
  readonly channels: number;
}
export interface EmbeddingShape {
  /** By their places in the block, in floats: `rows` vectors of `columns` values, and what is added to all of them. */
  readonly embeddings: number;
  readonly bias?: number;
  readonly rows: number;
  readonly columns: number;
}

interface From {
  readonly input: BufferId;
  readonly output: BufferId;
}
/**
 * What the backward operation of every kind gets. One that has weights takes three steps in this order: the gradient of
 * its input, from the weights as they were; the gradient of its weights, summed over the batch; and the optimizer's
 * update of these weights, at once or at the end of the step. No other operation needs these gradients, so they have no
 * place in the plan. Where its layer is frozen, it takes the first step alone.
 */
interface Back {
  /** Gradient of the output; the operation may change it. */
  readonly outputGradient: BufferId;
  /** Missing where nothing before needs it. */
  readonly inputGradient?: BufferId;
  /** Add to what is there: another branch wrote to it before. */
  readonly accumulate: boolean;
  /** True where the layer has weights and is frozen: they get no gradient and stay. It has an `inputGradient` then. */
  readonly frozen?: boolean;
}

export type ForwardOperation =
  | ({ readonly type: 'dense'; readonly shape: DenseShape } & From)
  | ({
      readonly type: 'convolution';
      readonly shape: ConvolutionShape;
      readonly pooling?: FusedPooling;
    } & From)
  | ({ readonly type: 'transposedConvolution'; readonly shape: TransposedShape } & From)
  | ({ readonly type: 'maxPooling'; readonly window: WindowShape; readonly positions: BufferId } & From)
  | ({
      readonly type: 'averagePooling';
      readonly window: WindowShape;
      /** Whether what of a window lies outside the image counts, as zeros. */
      readonly countPadding: boolean;
    } & From)
  | ({ readonly type: 'l2Pooling'; readonly window: WindowShape } & From)
  | ({ readonly type: 'activation'; readonly curve: Curve; readonly columns: number } & From)
  | ({ readonly type: 'channelCurve'; readonly shape: ChannelCurveShape } & From)
  | ({
      readonly type: 'dropout';
      readonly rate: number;
      readonly layer: number;
      readonly mask: BufferId;
    } & From)
  | ({
      readonly type: 'normalization';
      readonly shape: NormalizationShape;
      readonly statistics: BufferId;
      /** By its moving statistics in training too, which stay as they are. */
      readonly frozen?: boolean;
    } & From)
  /** Each value of the output is one of the input, or zero; its axes, the outermost first. See `rearrange.ts`. */
  | ({ readonly type: 'rearrangement'; readonly axes: readonly WalkedAxis[] } & From)
  | ({ readonly type: 'interpolation'; readonly grid: InterpolationShape } & From)
  | ({ readonly type: 'embedding'; readonly table: EmbeddingShape } & From)
  | { readonly type: 'add'; readonly inputs: readonly BufferId[]; readonly output: BufferId }
  | { readonly type: 'multiply'; readonly inputs: readonly BufferId[]; readonly output: BufferId }
  | {
      readonly type: 'concatenation';
      readonly inputs: readonly BufferId[];
      readonly output: BufferId;
      /** Channels of each input. */
      readonly columns: readonly number[];
    };

export type BackwardOperation =
  | ({ readonly type: 'denseGradient'; readonly shape: DenseShape } & From & Back)
  | ({
      readonly type: 'convolutionGradient';
      readonly shape: ConvolutionShape;
      readonly pooling?: FusedPooling;
    } & From &
      Back)
  | ({ readonly type: 'transposedConvolutionGradient'; readonly shape: TransposedShape } & From & Back)
  | ({
      readonly type: 'maxPoolingGradient';
      readonly window: WindowShape;
      readonly positions: BufferId;
    } & Back)
  | ({
      readonly type: 'averagePoolingGradient';
      readonly window: WindowShape;
      readonly countPadding: boolean;
    } & Back)
  | ({ readonly type: 'l2PoolingGradient'; readonly window: WindowShape } & From & Back)
  | ({
      readonly type: 'activationGradient';
      readonly curve: Curve;
      readonly columns: number;
      readonly output: BufferId;
      /** Where the slope is not to be told from the output. */
      readonly input?: BufferId;
    } & Back)
  | ({
      readonly type: 'channelCurveGradient';
      readonly shape: ChannelCurveShape;
      readonly input: BufferId;
    } & Back)
  | ({ readonly type: 'dropoutGradient'; readonly mask: BufferId } & Back)
  | ({
      readonly type: 'normalizationGradient';
      readonly shape: NormalizationShape;
      readonly statistics: BufferId;
    } & From &
      Back)
  | ({ readonly type: 'rearrangementGradient'; readonly axes: readonly WalkedAxis[] } & Back)
  | ({ readonly type: 'interpolationGradient'; readonly grid: InterpolationShape } & Back)
  /** Never has an input gradient: an index has none. */
  | ({ readonly type: 'embeddingGradient'; readonly table: EmbeddingShape; readonly input: BufferId } & Back)
  | ({ readonly type: 'addGradient' } & Back)
  /** Of one input: the others are the factors of its gradient. */
  | ({ readonly type: 'multiplyGradient'; readonly inputs: readonly BufferId[] } & Back)
  | ({
      readonly type: 'concatenationGradient';
      /** All channels of the output, the input's own, and where they begin. */
      readonly columns: number;
      readonly part: number;
      readonly first: number;
    } & Back);

/** Loss, its gradient, and what is right, from the network's outputs. */
export interface LossOperation {
  readonly type: 'loss';
  readonly loss: Loss;
  /** The outputs are logits: the network ends in softmax, which is part of the loss. */
  readonly fromLogits: boolean;
  readonly classes: number;
  readonly outputs: BufferId;
  /** Missing where no weight is trained. */
  readonly gradient?: BufferId;
}

export type PlannedOperation = ForwardOperation | LossOperation | BackwardOperation;

export interface Plan {
  /** The largest batch. */
  readonly batch: number;
  /** Of each of the flat blocks: the trainable weights first, then the statistics and what is frozen. In floats. */
  readonly trainableSize: number;
  readonly weightSize: number;
  readonly weights: readonly PlannedWeight[];
  /** Offsets of the flat blocks in bytes: the weights, and what the optimizer keeps of those that are trained. */
  readonly blocks: {
    readonly weights: number;
    readonly slots: readonly number[];
  };
  readonly buffers: readonly PlannedBuffer[];
  readonly input: BufferId;
  readonly inputSize: number;
  readonly forward: readonly ForwardOperation[];
  readonly loss: LossOperation;
  readonly backward: readonly BackwardOperation[];
  /** All memory that it needs. */
  readonly bytes: number;
}
