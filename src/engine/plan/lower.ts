/** How each kind of layer becomes operations: one entry for each kind of the catalogue. */
import { sizeOf } from '../../core/shape';
import type { LayerKind } from '../../layers';
import { isFrozen, type CompiledLayer } from '../../network/compiled';
import { borders, type Padding } from '../../layers/windows';
import { alias, groupCurve, type LayerContext, type Lowered } from './builder';
import { lowerChannelCurve } from './channelCurve';
import { slopeNeedsInput } from './curve';
import { lowerEmbedding } from './embedding';
import { groupsOf } from './groups';
import { lowerTransposedConvolution } from './lowerTransposed';
import { lowerFlatten, lowerPermute, lowerReshape, lowerUpSampling, lowerZeroPadding } from './rearrange';
import { lowerAdd, lowerConcatenation, lowerMultiply } from './merge';
import { imageWindow, lowerAverage, lowerL2, lowerMaxPooling } from './pool';
import type { ConvolutionShape, DenseShape, NormalizationShape, WindowShape } from './plan';

const pair = (value: unknown): readonly [number, number] => value as [number, number];

function windowOf(layer: CompiledLayer, size: unknown): WindowShape {
  const { params } = layer;
  const image = layer.inputShapes[0] as readonly [number, number, number];
  const [height, width] = layer.outputShape;
  const window = {
    size: pair(size),
    strides: pair(params['strides']),
    dilation: pair(params['dilationRate'] ?? [1, 1]),
  };
  const padding = { padding: params['padding'] as Padding, pads: params['pads'] as readonly number[] };
  const [rows, columns] = borders({ ...window, ...padding }, image.slice(0, 2));
  return {
    ...window,
    image,
    border: [rows!.padding[0], columns!.padding[0]],
    output: [height!, width!],
  };
}

/** The window of a layer that pools. */
const poolOf = ({ group: { layer } }: LayerContext): WindowShape => windowOf(layer, layer.params['poolSize']);

function lowerDense(context: LayerContext): Lowered {
  const { group, inputs } = context;
  const { layer } = group;
  const shape: DenseShape = {
    kernel: context.weight('kernel')!,
    bias: context.weight('bias'),
    curve: groupCurve(context),
    inputs: sizeOf(layer.inputShapes[0]!),
    units: sizeOf(layer.outputShape),
  };
  const values = { input: inputs[0]!, output: context.output() };
  return {
    output: values.output,
    forward: [{ type: 'dense', shape, ...values }],
    backward: (outputGradient, target) => [
      { type: 'denseGradient', shape, ...values, outputGradient, ...target },
    ],
  };
}

function lowerConvolution(context: LayerContext): Lowered {
  const { layer, pooling: pooled } = context.group;
  const { params } = layer;
  const shape: ConvolutionShape = {
    kernel: context.weight('kernel')!,
    bias: context.weight('bias'),
    curve: groupCurve(context),
    window: windowOf(layer, params['kernelSize']),
    filters: layer.outputShape.at(-1)!,
    groups: groupsOf(layer),
  };
  const values = { input: context.inputs[0]!, output: context.output() };
  const pooling = pooled && {
    pooling: {
      window: windowOf(pooled, pooled.params['poolSize']),
      positions: context.buffer('positions', sizeOf(pooled.outputShape)),
    },
  };
  return {
    output: values.output,
    forward: [{ type: 'convolution', shape, ...pooling, ...values }],
    backward: (outputGradient, target) => [
      { type: 'convolutionGradient', shape, ...pooling, ...values, outputGradient, ...target },
    ],
  };
}

function lowerActivation(context: LayerContext): Lowered {
  const curve = groupCurve(context);
  if (curve.name === 'linear') return alias(context);
  const shape = { curve, columns: context.group.layer.outputShape.at(-1)! };
  const values = { input: context.inputs[0]!, output: context.output() };
  return {
    output: values.output,
    forward: [{ type: 'activation', ...shape, ...values }],
    backward: (outputGradient, target) => [
      {
        type: 'activationGradient',
        ...shape,
        output: values.output,
        ...(slopeNeedsInput(curve) && { input: values.input }),
        outputGradient,
        ...target,
      },
    ],
  };
}

function lowerDropout(context: LayerContext): Lowered {
  const { layer, index } = context.group;
  const rate = layer.params['rate'] as number;
  if (rate === 0) return alias(context);
  const values = { input: context.inputs[0]!, output: context.output() };
  const mask = context.buffer('mask', sizeOf(layer.outputShape));
  return {
    output: values.output,
    forward: [{ type: 'dropout', rate, layer: index, mask, ...values }],
    backward: (outputGradient, target) => [{ type: 'dropoutGradient', mask, outputGradient, ...target }],
  };
}

function lowerNormalization(context: LayerContext): Lowered {
  const { layer } = context.group;
  const { params, outputShape } = layer;
  const channels = outputShape.at(-1)!;
  const shape: NormalizationShape = {
    channels,
    rows: sizeOf(outputShape) / channels,
    gamma: context.weight('gamma')!,
    beta: context.weight('beta')!,
    movingMean: context.weight('movingMean')!,
    movingVariance: context.weight('movingVariance')!,
    momentum: params['momentum'] as number,
    epsilon: params['epsilon'] as number,
    curve: groupCurve(context),
  };
  const values = { input: context.inputs[0]!, output: context.output() };
  const statistics = context.buffer('statistics', 2 * channels, true);
  return {
    output: values.output,
    forward: [
      { type: 'normalization', shape, statistics, ...(isFrozen(layer) && { frozen: true }), ...values },
    ],
    backward: (outputGradient, target) => [
      {
        type: 'normalizationGradient',
        shape,
        statistics,
        ...values,
        outputGradient,
        ...target,
      },
    ],
  };
}

const lowerings = {
  input: (context) => ({ output: context.output(), forward: [], backward: () => [] }),
  conv2d: lowerConvolution,
  depthwiseConv2d: lowerConvolution,
  conv2dTranspose: lowerTransposedConvolution,
  maxPooling2d: (context) => lowerMaxPooling(context, poolOf(context)),
  averagePooling2d: (context) =>
    lowerAverage(context, poolOf(context), context.group.layer.params['countPadding'] as boolean),
  l2Pooling2d: (context) => lowerL2(context, poolOf(context)),
  globalAveragePooling2d: (context) => lowerAverage(context, imageWindow(context), false),
  globalMaxPooling2d: (context) => lowerMaxPooling(context, imageWindow(context)),
  flatten: lowerFlatten,
  permute: lowerPermute,
  reshape: lowerReshape,
  zeroPadding2d: lowerZeroPadding,
  upSampling2d: lowerUpSampling,
  embedding: lowerEmbedding,
  dense: lowerDense,
  activation: lowerActivation,
  prelu: (context) => lowerChannelCurve(context, 'prelu'),
  parametricSoftplus: (context) => lowerChannelCurve(context, 'parametricSoftplus'),
  dropout: lowerDropout,
  batchNormalization: lowerNormalization,
  add: lowerAdd,
  multiply: lowerMultiply,
  concatenate: lowerConcatenation,
} satisfies Record<LayerKind, (context: LayerContext) => Lowered>;

/** The kinds that can be planned. */
export const plannedKinds: ReadonlySet<LayerKind> = new Set(Object.keys(lowerings) as LayerKind[]);

/** The operations of one group of layers. */
export function lower(context: LayerContext): Lowered {
  return lowerings[context.group.layer.kind](context);
}
