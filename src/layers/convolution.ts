/** What the convolutions share: parameters, weights, the Core ML layer. Not a layer kind itself. */
import { hwioToOihw, oihwToHwio } from '../core/layouts';
import { problem, type Problem } from '../core/problem';
import { formatShape, sizeOf, type Shape } from '../core/shape';
import type { ConvolutionLayerParams, NeuralNetworkLayer } from '../coreml/messages';
import { withCoremlActivation } from './activations';
import { coremlPadding, readCoremlPadding, type PaddingRead } from './coremlPadding';
import { readBias, readFloats, readPair } from './coremlReading';
import type { CoreMLContext, CoreMLReadContext, WeightSpec } from './defineLayer';
import { kernelAndBias, weightedParams, type WeightedParams } from './weighted';
import type { PaddingOf, Window } from './windows';

export const convolutionParams = {
  filters: { type: 'integer', label: 'Filters', default: 32, min: 1, max: 4096, step: 'double' },
  kernelSize: {
    type: 'tuple',
    label: 'Kernel size',
    parts: ['height', 'width'],
    default: [3, 3],
    min: 1,
    max: 64,
  },
  strides: { type: 'tuple', label: 'Strides', parts: ['height', 'width'], default: [1, 1], min: 1, max: 64 },
  dilationRate: {
    type: 'tuple',
    label: 'Dilation rate',
    parts: ['height', 'width'],
    default: [1, 1],
    min: 1,
    max: 32,
  },
  groups: {
    type: 'integer',
    label: 'Groups',
    help: 'Splits the channels into this many parts that do not see each other.',
    default: 1,
    min: 1,
    max: 4096,
    step: 'double',
  },
  ...weightedParams,
} as const;

/** What every convolution is told, beside its padding. */
export interface ConvolutionParams extends WeightedParams {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
}

/**
 * The kernel of this shape and, where it is wanted, the bias for `channels` outputs. Fans are those that Keras takes
 * from the shape: taps times the last but one, and the last.
 */
export function convolutionWeights(
  p: ConvolutionParams,
  shape: Shape,
  channels: number,
): readonly WeightSpec[] {
  const taps = shape[0]! * shape[1]!;
  return kernelAndBias(p, shape, { fanIn: taps * shape[2]!, fanOut: taps * shape[3]! }, channels);
}

/** The window of a convolution that slides over its input. */
export const convolutionWindow = (
  p: Pick<ConvolutionParams, 'kernelSize' | 'strides'> &
    PaddingOf & { readonly dilationRate: readonly number[] },
): Window => ({
  size: p.kernelSize,
  strides: p.strides,
  padding: p.padding,
  pads: p.pads,
  dilation: p.dilationRate,
  param: 'kernelSize',
  noun: 'kernel',
});

/** The Problem of groups that do not come out even. */
export function unevenGroups(
  channels: number,
  { filters, groups }: { readonly filters: number; readonly groups: number },
): Problem | undefined {
  if (channels % groups === 0 && filters % groups === 0) return undefined;
  return problem(
    'groups',
    `Groups must divide both the ${channels} input channels and the ${filters} filters; ${groups} does not.`,
    { type: 'setParams', params: { groups: 1 }, label: 'Use one group' },
  );
}

/** The Problem of a convolution that makes steps and has its taps apart too, which Keras refuses. */
export function stridesAndDilation(
  label: string,
  {
    strides,
    dilationRate,
  }: { readonly strides: readonly number[]; readonly dilationRate: readonly number[] },
): Problem | undefined {
  if (sizeOf(strides) === 1 || sizeOf(dilationRate) === 1) return undefined;
  return problem(
    'stridesAndDilation',
    `${label} takes strides above 1 or a dilation rate above 1, not both; it has strides ` +
      `${formatShape(strides)} and dilation ${formatShape(dilationRate)}.`,
    { type: 'setParams', params: { dilationRate: [1, 1] }, label: 'Use no dilation' },
  );
}

/** What of a convolution is not among its parameters alike for all kinds. */
export interface WrittenConvolution {
  readonly outputChannels: number;
  /** Channels that one kernel sees; of a deconvolution all of its input. */
  readonly kernelChannels: number;
  readonly groups: number;
  readonly dilationRate: readonly number[];
  /** `[height, width, in, out]` as it is to be written: out/groups and in change places in a deconvolution. */
  readonly kernel: Shape;
  readonly isDeconvolution?: true;
}

/** The Core ML layers of a convolution and its activation. */
export function writeConvolution(
  c: CoreMLContext<ConvolutionParams & PaddingOf>,
  { outputChannels, kernelChannels, groups, dilationRate, kernel, isDeconvolution }: WrittenConvolution,
): readonly NeuralNetworkLayer[] {
  const { name, params: p, inputs, output, weights } = c;
  const convolution: ConvolutionLayerParams = {
    outputChannels,
    kernelChannels,
    nGroups: groups,
    kernelSize: [...p.kernelSize],
    stride: [...p.strides],
    dilationFactor: [...dilationRate],
    ...coremlPadding(p),
    ...(isDeconvolution && { isDeconvolution }),
    hasBias: p.useBias,
    weights: { floatValue: hwioToOihw(weights.kernel!, kernel) },
    ...(p.useBias ? { bias: { floatValue: weights.bias! } } : {}),
  };
  return withCoremlActivation({ name, input: [...inputs], convolution }, p.activation, output);
}

/** What a file says of a convolution of any kind. */
export interface ConvolutionRead {
  readonly groups: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilationRate: readonly number[];
  readonly padding: PaddingRead;
  readonly useBias: boolean;
  readonly weights: Readonly<Record<string, Float32Array>>;
}

/** Reads a convolution whose defaults are filled in and whose kernel has its numbers, or says what is amiss. */
export function readConvolution(
  c: ConvolutionLayerParams,
  { inputShapes }: CoreMLReadContext,
): ConvolutionRead | string {
  const groups = c.nGroups || 1;
  const kernelSize = readPair(c.kernelSize, 'kernel size', [3, 3]);
  const strides = readPair(c.stride, 'stride', [1, 1]);
  const dilationRate = readPair(c.dilationFactor, 'dilation', [1, 1]);
  const padding = readCoremlPadding(c);
  const wrong = [kernelSize, strides, dilationRate, padding].find((part) => typeof part === 'string');
  if (wrong !== undefined) return wrong;
  const { outputChannels, kernelChannels } = c;
  if (outputChannels % groups !== 0 || (c.isDeconvolution && kernelChannels % groups !== 0))
    return `Its ${groups} groups divide ${outputChannels} output channels and ${kernelChannels} kernel channels unevenly.`;
  const image = inputShapes[0];
  const channels = c.isDeconvolution ? kernelChannels : kernelChannels * groups;
  if (image?.length === 3 && image[2] !== channels)
    return `It takes an image of ${channels} channels; it gets one of ${image[2]}.`;
  const perGroup = outputChannels / groups;
  const size = kernelSize as readonly number[];
  const shape = c.isDeconvolution
    ? [...size, perGroup, kernelChannels]
    : [...size, kernelChannels, outputChannels];
  const kernel = readFloats(c.weights, sizeOf(shape), 'kernel');
  if (typeof kernel === 'string') return kernel;
  const bias = readBias(c);
  if (typeof bias === 'string') return bias;
  return {
    groups,
    kernelSize: size,
    strides: strides as readonly number[],
    dilationRate: dilationRate as readonly number[],
    padding: padding as PaddingRead,
    useBias: c.hasBias,
    weights: { kernel: oihwToHwio(kernel, shape), ...(bias && { bias }) },
  };
}
