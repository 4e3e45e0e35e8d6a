/** How each kind of layer becomes operations: one entry for each kind of the catalogue. */
import { sizeOf } from '../../core/shape';
import type { LayerKind } from '../../layers';
import type { ActivationName } from '../../layers/activations';
import type { ParamValues } from '../../core/params';
import { borders, type Padding } from '../../layers/windows';
import type { LayerContext, Lowered } from './builder';
import type { ConvolutionShape, Curve, DenseShape, NormalizationShape, WindowShape } from './plan';

/** Floats of patches that are made at once: they fit a second-level cache of 512 KB beside the weights. */
const PATCH_FLOATS = 49_152;

const pair = (value: unknown): readonly [number, number] => value as [number, number];

/** The values of a layer are those of its input; it computes nothing. */
const alias = ({ inputs }: LayerContext): Lowered => ({
  output: inputs[0]!,
  forward: [],
  backward: () => [],
});

/** A convolution's or a dense layer's own activation, unless the loss takes it over. */
function curveOf({ layer, withoutActivation }: LayerContext): Curve {
  if (withoutActivation) return { name: 'linear', alpha: 0 };
  return { name: layer.params['activation'] as ActivationName, alpha: 1 };
}

function windowOf({ layer }: LayerContext, size: unknown, params: ParamValues): WindowShape {
  const image = layer.inputShapes[0] as readonly [number, number, number];
  const [height, width] = layer.outputShape;
  const window = {
    size: pair(size),
    strides: pair(params['strides']),
    dilation: pair(params['dilationRate'] ?? [1, 1]),
  };
  const [rows, columns] = borders(window, image.slice(0, 2));
  const same = (params['padding'] as Padding) === 'same';
  return {
    ...window,
    image,
    border: same ? [rows!.padding[0], columns!.padding[0]] : [0, 0],
    output: [height!, width!],
  };
}

function lowerDense(context: LayerContext): Lowered {
  const { layer, inputs } = context;
  const shape: DenseShape = {
    kernel: context.weight('kernel')!,
    bias: context.weight('bias'),
    curve: curveOf(context),
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
  const { params } = context.layer;
  const window = windowOf(context, params['kernelSize'], params);
  const groups = params['groups'] as number;
  const positions = sizeOf(window.output);
  const row = (sizeOf(window.size) * window.image[2]) / groups;
  const direct = sizeOf(window.size) * sizeOf(window.strides) * groups === 1;
  const together = Math.max(1, Math.floor(PATCH_FLOATS / (positions * row)));
  const shape: ConvolutionShape = {
    kernel: context.weight('kernel')!,
    bias: context.weight('bias'),
    curve: curveOf(context),
    window,
    filters: params['filters'] as number,
    groups,
    together,
    direct,
  };
  const values = { input: context.inputs[0]!, output: context.output() };
  // Unfolded anew on the way back: to keep the patches of a whole batch would take many times the memory.
  const patches = (name: string) =>
    direct ? undefined : context.buffer(name, together * positions * row, true);
  const forwardPatches = patches('patches');
  return {
    output: values.output,
    forward: [{ type: 'convolution', shape, patches: forwardPatches, ...values }],
    backward: (outputGradient, target) => [
      {
        type: 'convolutionGradient',
        shape,
        patches: patches('patches'),
        patchGradients: target.inputGradient === undefined ? undefined : patches('gradient of patches'),
        ...values,
        outputGradient,
        ...target,
      },
    ],
  };
}

function lowerMaxPooling(context: LayerContext): Lowered {
  const { layer, inputs } = context;
  const window = windowOf(context, layer.params['poolSize'], layer.params);
  const values = { input: inputs[0]!, output: context.output() };
  const positions = context.buffer('positions', sizeOf(layer.outputShape));
  return {
    output: values.output,
    forward: [{ type: 'maxPooling', window, positions, ...values }],
    backward: (outputGradient, target) => [
      { type: 'maxPoolingGradient', window, positions, outputGradient, ...target },
    ],
  };
}

function lowerAverage(context: LayerContext, window: WindowShape): Lowered {
  const values = { input: context.inputs[0]!, output: context.output() };
  return {
    output: values.output,
    forward: [{ type: 'averagePooling', window, ...values }],
    backward: (outputGradient, target) => [
      { type: 'averagePoolingGradient', window, outputGradient, ...target },
    ],
  };
}

/** The mean over all places is an average pooling whose window is the image. */
function lowerGlobalAverage(context: LayerContext): Lowered {
  const image = context.layer.inputShapes[0] as readonly [number, number, number];
  const size = pair(image.slice(0, 2));
  const one = [1, 1] as const;
  return lowerAverage(context, { image, size, strides: one, dilation: one, border: [0, 0], output: one });
}

function lowerActivation(context: LayerContext): Lowered {
  const { params, outputShape } = context.layer;
  const name = params['activation'] as Curve['name'];
  if (name === 'linear' || context.withoutActivation) return alias(context);
  const alpha = (name === 'leakyRelu' ? params['negativeSlope'] : params['alpha']) as number;
  const shape = { curve: { name, alpha }, columns: outputShape.at(-1)! };
  const values = { input: context.inputs[0]!, output: context.output() };
  return {
    output: values.output,
    forward: [{ type: 'activation', ...shape, ...values }],
    backward: (outputGradient, target) => [
      { type: 'activationGradient', ...shape, output: values.output, outputGradient, ...target },
    ],
  };
}

function lowerDropout(context: LayerContext): Lowered {
  const { layer, index } = context;
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
  const { params, outputShape } = context.layer;
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
  };
  const values = { input: context.inputs[0]!, output: context.output() };
  const statistics = context.buffer('statistics', 2 * channels, true);
  return {
    output: values.output,
    forward: [{ type: 'normalization', shape, statistics, ...values }],
    backward: (outputGradient, target) => [
      {
        type: 'normalizationGradient',
        shape,
        statistics,
        input: values.input,
        outputGradient,
        ...target,
      },
    ],
  };
}

function lowerAdd(context: LayerContext): Lowered {
  const output = context.output();
  return {
    output,
    forward: [{ type: 'add', inputs: context.inputs, output }],
    backward: (outputGradient, target) => [{ type: 'addGradient', outputGradient, ...target }],
  };
}

function lowerConcatenation(context: LayerContext): Lowered {
  const output = context.output();
  const parts = context.layer.inputShapes.map((shape) => shape.at(-1)!);
  const firsts = parts.map((_, i) => parts.slice(0, i).reduce((sum, n) => sum + n, 0));
  const columns = context.layer.outputShape.at(-1)!;
  return {
    output,
    forward: [{ type: 'concatenation', inputs: context.inputs, output, columns: parts }],
    backward: (outputGradient, target, input) => [
      {
        type: 'concatenationGradient',
        columns,
        part: parts[input]!,
        first: firsts[input]!,
        outputGradient,
        ...target,
      },
    ],
  };
}

const lowerings = {
  input: (context) => ({ output: context.output(), forward: [], backward: () => [] }),
  conv2d: lowerConvolution,
  maxPooling2d: lowerMaxPooling,
  averagePooling2d: (context) => {
    const { params } = context.layer;
    return lowerAverage(context, windowOf(context, params['poolSize'], params));
  },
  globalAveragePooling2d: lowerGlobalAverage,
  flatten: alias,
  dense: lowerDense,
  activation: lowerActivation,
  dropout: lowerDropout,
  batchNormalization: lowerNormalization,
  add: lowerAdd,
  concatenate: lowerConcatenation,
} satisfies Record<LayerKind, (context: LayerContext) => Lowered>;

/** The operations of one layer. */
export function lower(context: LayerContext): Lowered {
  return lowerings[context.layer.kind](context);
}
