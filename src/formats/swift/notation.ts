/**
 * The layers of a Core ML file in the notation of SwiftCoreMLTools (github.com/JacopoMangiavacchi/SwiftCoreMLTools, its
 * last state of June 2020: Sources/SwiftCoreMLTools/Layers.swift, Activations.swift and, for what becomes of them,
 * ModelExport.swift). One table of layer types; what the notation lacks is a sentence there.
 */
import type { ConvolutionLayerParams, NeuralNetworkLayer, PaddingChoice } from '../../coreml/messages';
import { layerTypeOf, type LayerType } from '../../coreml/rules';
import { swiftArray, swiftNumber, swiftString } from './text';

/** A call with its arguments, each with its label. */
export interface Call {
  readonly type: string;
  readonly args: readonly string[];
}

type Notation = (layer: NeuralNetworkLayer, withWeights: boolean) => Call | string;

const lacks = (what: string): string => `SwiftCoreMLTools has no ${what} in its notation.`;
const missing =
  (what: string): Notation =>
  () =>
    lacks(what);
const plain =
  (type: string): Notation =>
  (layer) => ({ type, args: common(layer) });
const curve =
  (type: string, key: 'linear' | 'scaledTanh' | 'sigmoidHard'): Notation =>
  (layer) => {
    const { alpha, beta } = layer.activation![key]!;
    return { type, args: [...common(layer), `alpha: ${swiftNumber(alpha)}`, `beta: ${swiftNumber(beta)}`] };
  };
const slope =
  (type: string, key: 'leakyReLU' | 'thresholdedReLU' | 'ELU'): Notation =>
  (layer) => ({
    type,
    args: [...common(layer), `alpha: ${swiftNumber(layer.activation![key]!.alpha)}`],
  });

const notations: Readonly<Record<LayerType, Notation>> = {
  convolution,
  innerProduct(layer, withWeights) {
    const params = layer.innerProduct!;
    return {
      type: 'InnerProduct',
      args: [
        ...common(layer),
        ...numbers(params, params.outputChannels, withWeights),
        `inputChannels: ${params.inputChannels}`,
        `outputChannels: ${params.outputChannels}`,
        `updatable: ${layer.isUpdatable === true}`,
      ],
    };
  },
  pooling(layer) {
    const params = layer.pooling!;
    const { includeLastPixel } = params;
    const padding = includeLastPixel
      ? `.includeLastPixel(paddingAmounts: ${whole(includeLastPixel.paddingAmounts)})`
      : paddingOf(params);
    return {
      type: 'Pooling',
      args: [
        ...common(layer),
        `poolingType: .${['max', 'average', 'l2'][params.type]}`,
        `kernelSize: ${whole(params.kernelSize ?? [])}`,
        `stride: ${whole(params.stride ?? [])}`,
        `paddingType: ${padding}`,
        `avgPoolExcludePadding: ${params.avgPoolExcludePadding === true}`,
        `globalPooling: ${params.globalPooling === true}`,
      ],
    };
  },
  embedding(layer, withWeights) {
    const { bias, inputDim, outputChannels, weights } = layer.embedding!;
    if (bias) return lacks('embedding with a bias');
    if (!withWeights)
      return 'SwiftCoreMLTools draws no weights for an embedding. Switch on that the code holds the weights.';
    return {
      type: 'Embedding',
      args: [
        ...common(layer),
        `weight: ${floats(weights.floatValue)}`,
        `inputDim: ${inputDim}`,
        `outputChannels: ${outputChannels}`,
      ],
    };
  },
  permute: (layer) => ({
    type: 'Permute',
    args: [...common(layer), `axis: ${whole(layer.permute!.axis)}`],
  }),
  flatten: (layer) => ({
    type: 'Flatten',
    args: [...common(layer), `mode: ${layer.flatten!.mode === 1 ? '.last' : '.first'}`],
  }),
  concat: (layer) =>
    layer.concat!.sequenceConcat
      ? lacks('concatenation of sequences')
      : { type: 'Concat', args: common(layer) },
  softmax: plain('Softmax'),
  ReLU: plain('ReLu'),
  sigmoid: plain('Sigmoid'),
  tanh: plain('Tanh'),
  softsign: plain('Softsign'),
  softplus: plain('Softplus'),
  linear: curve('Linear', 'linear'),
  scaledTanh: curve('ScaledTanh', 'scaledTanh'),
  sigmoidHard: curve('SigmoidHard', 'sigmoidHard'),
  leakyReLU: slope('LeakyReLu', 'leakyReLU'),
  thresholdedReLU: slope('ThresholdedReLu', 'thresholdedReLU'),
  ELU: slope('Elu', 'ELU'),
  PReLU: missing('slopes for prelu'),
  parametricSoftplus: missing('values for parametric softplus'),
  batchnorm: missing('batch normalization'),
  padding: missing('padding layer'),
  upsample: missing('upsampling'),
  add: missing('addition of layers'),
  multiply: missing('multiplication of layers'),
  reshape: missing('reshape'),
};

/** The layer as a call, or why the notation cannot say it, as a sentence. */
export function notationOf(layer: NeuralNetworkLayer, withWeights: boolean): Call | string {
  return notations[layerTypeOf(layer)](layer, withWeights);
}

function common({ name, input, output }: NeuralNetworkLayer): readonly string[] {
  return [
    `name: ${swiftString(name)}`,
    `input: ${swiftArray(input.map(swiftString))}`,
    `output: ${swiftArray(output.map(swiftString))}`,
  ];
}

function convolution(layer: NeuralNetworkLayer, withWeights: boolean): Call | string {
  const params = layer.convolution!;
  const { kernelSize, stride, dilationFactor } = params;
  // ModelExport.swift writes the strides in the place of the dilation.
  if (dilationFactor.some((dilation, side) => dilation !== stride[side]))
    return (
      `SwiftCoreMLTools writes the strides (${stride.join(', ')}) in the place of the dilation ` +
      `(${dilationFactor.join(', ')}). Choose strides and dilation alike.`
    );
  return {
    type: 'Convolution',
    args: [
      ...common(layer),
      ...numbers(params, params.outputChannels, withWeights),
      `outputChannels: ${params.outputChannels}`,
      `kernelChannels: ${params.kernelChannels}`,
      `nGroups: ${params.nGroups}`,
      `kernelSize: ${whole(kernelSize)}`,
      `stride: ${whole(stride)}`,
      `dilationFactor: ${whole(dilationFactor)}`,
      `paddingType: ${paddingOf(params)}`,
      `outputShape: ${whole(params.outputShape ?? [])}`,
      `deconvolution: ${params.isDeconvolution === true}`,
      `updatable: ${layer.isUpdatable === true}`,
    ],
  };
}

/** Weights and bias; both or neither, since the notation draws both where one is missing. */
function numbers(
  { weights, bias }: Pick<ConvolutionLayerParams, 'weights' | 'bias'>,
  outputs: number,
  withWeights: boolean,
): readonly string[] {
  if (!withWeights) return [];
  return [
    `weight: ${floats(weights.floatValue)}`,
    `bias: ${floats(bias?.floatValue ?? new Float32Array(outputs))}`,
  ];
}

function paddingOf({ valid, same }: PaddingChoice): string {
  if (same) return `.same(mode: ${same.asymmetryMode === 1 ? '.topLeftHeavy' : '.bottomRightHeavy'})`;
  const none = { startEdgeSize: 0, endEdgeSize: 0 };
  const edges = valid?.paddingAmounts.borderAmounts ?? [];
  const amounts = (edges.length > 0 ? edges : [none, none]).map(
    ({ startEdgeSize, endEdgeSize }) =>
      `EdgeSizes(startEdgeSize: ${startEdgeSize}, endEdgeSize: ${endEdgeSize})`,
  );
  return `.valid(borderAmounts: ${swiftArray(amounts)})`;
}

function whole(values: readonly number[]): string {
  return swiftArray(values.map(String));
}

function floats(values: Float32Array): string {
  return swiftArray(Array.from(values, swiftNumber));
}
