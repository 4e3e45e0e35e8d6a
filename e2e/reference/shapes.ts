/**
 * The shape that each layer gives for the shapes that come in, and every reason why it cannot be computed: wrong number of
 * inputs, channels that do not match, weights of the wrong count. Serves the checker and the arithmetic. Computes nothing.
 */
import { concatShape, joinedShape, paddedShape, permutedShape, reshapedShape } from './shapesArranged';
import { describeShape, sameShape, sizeOf, type Shape } from './tensor';
import type { Activation, BatchNorm, Convolution, Embedding, InnerProduct } from './types';
import type { Layer, LayerBody, Pooling, Weights } from './types';
import { layDeconvolution, layPooling, layWindow, pairOf } from './windows';

type Rule<Body> = (body: Body, inputs: readonly Shape[]) => Shape | string;

const one = <Body>(shape: (body: Body, input: Shape) => Shape | string) => ({
  inputs: 'one' as const,
  shape: (body: Body, [input]: readonly Shape[]) => (input ? shape(body, input) : 'no input'),
});

/** What a layer takes: one input, at least one, or at least two. Kinds not listed here are not computed. */
const RULES: {
  readonly [Kind in LayerBody['kind']]?: {
    inputs: 'one' | 'some' | 'several';
    shape: Rule<Extract<LayerBody, { kind: Kind }>>;
  };
} = {
  convolution: one(convolutionShape),
  pooling: one(poolingShape),
  activation: one(({ activation }, input) => activationShape(activation, input)),
  innerProduct: one(innerProductShape),
  embedding: one(embeddingShape),
  batchnorm: one(batchNormShape),
  softmax: one((_, input) => input),
  padding: one(paddedShape),
  upsample: one(upsampledShape),
  add: { inputs: 'some', shape: (_, inputs) => joinedShape(inputs) },
  multiply: { inputs: 'some', shape: (_, inputs) => joinedShape(inputs) },
  reshape: one(reshapedShape),
  flatten: one(({ mode }, input) =>
    mode === 0 || mode === 1 ? column(sizeOf(input)) : `mode ${mode} is not known; 0 and 1 are`,
  ),
  permute: one(({ axis }, input) => permutedShape(axis, input)),
  concat: { inputs: 'several', shape: concatShape },
};

/**
 * The shape of a layer's output.
 * @returns a sentence when the layer cannot be computed on these inputs
 */
export function layerShape(layer: Layer, inputs: readonly Shape[]): Shape | string {
  const rule = RULES[layer.body.kind] as
    { inputs: 'one' | 'some' | 'several'; shape: Rule<LayerBody> } | undefined;
  const name = `Layer '${layer.name}' (${layer.body.kind})`;
  if (!rule) return `${name}: this reference does not compute this kind of layer.`;
  if (layer.outputs.length !== 1) return `${name}: should have one output, but has ${layer.outputs.length}.`;
  const least = rule.inputs === 'several' ? 2 : 1;
  if (inputs.length < least || (rule.inputs === 'one' && inputs.length > 1)) {
    const wanted = { one: 'one input', some: 'an input', several: 'two or more inputs' }[rule.inputs];
    return `${name}: should have ${wanted}, but has ${inputs.length}.`;
  }
  const shape = rule.shape(layer.body, inputs);
  return typeof shape === 'string' ? `${name}: ${shape}.` : shape;
}

/** What is wrong with the count of a layer's weights, or nothing. */
function weightsProblem(weights: Weights | undefined, expected: number, what: string): string | undefined {
  if (!weights) return `${what} are missing; ${expected} numbers are expected`;
  if (weights.floats.length === expected) return undefined;
  return `${what} should hold ${expected} float32 numbers, but hold ${weights.floats.length}`;
}

function column(channels: number): Shape {
  return { channels, height: 1, width: 1 };
}

function convolutionShape(body: Convolution, input: Shape): Shape | string {
  if (!body.padding) return 'the padding is not set';
  const groups = body.groups === 0 ? 1 : body.groups;
  if (groups < 0 || body.outputChannels < 1 || body.outputChannels % groups !== 0) {
    return `${body.outputChannels} output channels cannot be split into ${groups} groups`;
  }
  const expected = body.isDeconvolution ? body.kernelChannels : body.kernelChannels * groups;
  if (input.channels !== expected || expected % groups !== 0) {
    return `${body.kernelChannels} kernel channels in ${groups} groups do not match ${input.channels} input channels`;
  }
  const size = body.isDeconvolution ? layDeconvolution(body, input) : layConvolution(body, input);
  if (typeof size === 'string') return size;
  const [rows, columns] = size.axes;
  const outputs = body.isDeconvolution ? body.outputChannels / groups : body.outputChannels;
  const count = outputs * body.kernelChannels * rows.kernel * columns.kernel;
  const problem = weightsProblem(body.weights, count, 'the weights') ?? biasProblem(body);
  return problem ?? { channels: body.outputChannels, height: size.height, width: size.width };
}

function layConvolution(body: Convolution, input: Shape) {
  if (body.outputShape.length > 0) return 'only a deconvolution may state its output shape';
  const kernel = pairOf(body.kernelSize, 3);
  const axes = layWindow(input, kernel, pairOf(body.stride, 1), pairOf(body.dilation, 1), body.padding!);
  return typeof axes === 'string' ? axes : { axes, height: axes[0].size, width: axes[1].size };
}

function biasProblem(body: Convolution | InnerProduct | Embedding): string | undefined {
  if (body.hasBias) return weightsProblem(body.bias, body.outputChannels, 'the bias numbers');
  return body.bias && body.bias.floats.length > 0 ? 'hasBias is false, but there is a bias' : undefined;
}

function poolingShape(body: Pooling, input: Shape): Shape | string {
  if (![0, 1, 2].includes(body.type)) return `pooling type ${body.type} is not known; 0, 1 and 2 are`;
  const axes = layPooling(body, input);
  if (typeof axes === 'string') return axes;
  return { channels: input.channels, height: axes[0].size, width: axes[1].size };
}

/** Weights of an activation: one number for all channels, or one for each. */
function activationShape(activation: Activation, input: Shape): Shape | string {
  if (activation.name === 'none') return 'the activation is of no kind';
  const parts =
    activation.name === 'prelu'
      ? { alpha: activation.alpha }
      : activation.name === 'parametricSoftplus'
        ? { alpha: activation.alpha, beta: activation.beta }
        : {};
  for (const [name, weights] of Object.entries(parts)) {
    const expected = weights?.floats.length === 1 ? 1 : input.channels;
    const problem = weightsProblem(weights, expected, `the numbers of ${name}`);
    if (problem) return problem;
  }
  return input;
}

function embeddingShape(body: Embedding, input: Shape): Shape | string {
  if (!sameShape(input, column(1))) return `takes one number, but ${describeShape(input)} comes in`;
  if (body.inputDim < 1 || body.outputChannels < 1)
    return `${body.inputDim} inputs and ${body.outputChannels} output channels should both be above 0`;
  const count = body.inputDim * body.outputChannels;
  const problem = weightsProblem(body.weights, count, 'the weights') ?? biasProblem(body);
  return problem ?? column(body.outputChannels);
}

function upsampledShape(body: Extract<LayerBody, { kind: 'upsample' }>, input: Shape): Shape | string {
  if (body.fractionalScalingFactor.length > 0) return 'fractional factors are not computed by this reference';
  const factors = pairOf(body.scalingFactor, 1);
  if (!factors?.every((factor) => factor >= 1))
    return `the scaling factors should be two whole numbers from 1, or none, but are ${body.scalingFactor.join(', ')}`;
  if (body.mode !== 0 && body.mode !== 1) return `mode ${body.mode} is not known; 0 and 1 are`;
  if (![0, 1, 2].includes(body.linearMode)) return `linear mode ${body.linearMode} is not known`;
  if (body.mode === 0 && body.linearMode !== 0)
    return 'nearest neighbours go with no other linear mode than 0';
  const [rows, columns] = factors;
  return { channels: input.channels, height: input.height * rows, width: input.width * columns };
}

function innerProductShape(body: InnerProduct, input: Shape): Shape | string {
  if (!sameShape(input, column(body.inputChannels))) {
    return `takes ${body.inputChannels} x 1 x 1, but ${describeShape(input)} comes in`;
  }
  if (body.outputChannels < 1) return `${body.outputChannels} output channels are too few`;
  const problem =
    weightsProblem(body.weights, body.inputChannels * body.outputChannels, 'the weights') ??
    biasProblem(body);
  return problem ?? column(body.outputChannels);
}

function batchNormShape(body: BatchNorm, input: Shape): Shape | string {
  if (body.computeMeanVar || body.instanceNormalization)
    return 'only stored statistics are computed by this reference';
  if (input.channels !== body.channels)
    return `${body.channels} channels do not match ${input.channels} that come in`;
  if (body.epsilon < 0) return `epsilon ${body.epsilon} should not be negative`;
  for (const part of ['gamma', 'beta', 'mean', 'variance'] as const) {
    const problem = weightsProblem(body[part], body.channels, `the numbers of ${part}`);
    if (problem) return problem;
  }
  return input;
}
