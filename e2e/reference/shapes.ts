/**
 * The shape that each layer gives for the shapes that come in, and every reason why it cannot be computed: wrong number of
 * inputs, channels that do not match, weights of the wrong count. Serves the checker and the arithmetic. Computes nothing.
 */
import { describeShape, sameShape, sizeOf, type Shape } from './tensor';
import type { BatchNorm, Convolution, InnerProduct, Layer, LayerBody, Weights } from './types';
import { layPooling, layWindow, pairOf } from './windows';

type Rule<Body> = (body: Body, inputs: readonly Shape[]) => Shape | string;

/** What a layer takes: one input, or several. Kinds not listed here are not computed by this reference. */
const RULES: {
  readonly [Kind in LayerBody['kind']]?: { many: boolean; shape: Rule<Extract<LayerBody, { kind: Kind }>> };
} = {
  convolution: { many: false, shape: convolutionShape },
  pooling: { many: false, shape: (body, [input]) => (input ? poolingShape(body, input) : 'no input') },
  activation: { many: false, shape: (_, [input]) => input ?? 'no input' },
  innerProduct: { many: false, shape: innerProductShape },
  batchnorm: { many: false, shape: batchNormShape },
  softmax: { many: false, shape: (_, [input]) => input ?? 'no input' },
  add: { many: true, shape: (_, inputs) => equalShapes(inputs) },
  multiply: { many: true, shape: (_, inputs) => equalShapes(inputs) },
  flatten: { many: false, shape: (_, [input]) => (input ? column(sizeOf(input)) : 'no input') },
  concat: { many: true, shape: concatShape },
};

/**
 * The shape of a layer's output.
 * @returns a sentence when the layer cannot be computed on these inputs
 */
export function layerShape(layer: Layer, inputs: readonly Shape[]): Shape | string {
  const rule = RULES[layer.body.kind] as { many: boolean; shape: Rule<LayerBody> } | undefined;
  const name = `Layer '${layer.name}' (${layer.body.kind})`;
  if (!rule) return `${name}: this reference does not compute this kind of layer.`;
  if (layer.outputs.length !== 1) return `${name}: should have one output, but has ${layer.outputs.length}.`;
  if (rule.many ? inputs.length < 2 : inputs.length !== 1) {
    return `${name}: should have ${rule.many ? 'two or more inputs' : 'one input'}, but has ${inputs.length}.`;
  }
  const shape = rule.shape(layer.body, inputs);
  return typeof shape === 'string' ? `${name}: ${shape}.` : shape;
}

/** What is wrong with the count of a layer's weights, or nothing. */
export function weightsProblem(
  weights: Weights | undefined,
  expected: number,
  what: string,
): string | undefined {
  if (!weights) return `${what} are missing; ${expected} numbers are expected`;
  if (weights.floats.length === expected) return undefined;
  return `${what} should hold ${expected} float32 numbers, but hold ${weights.floats.length}`;
}

function column(channels: number): Shape {
  return { channels, height: 1, width: 1 };
}

function convolutionShape(body: Convolution, [input]: readonly Shape[]): Shape | string {
  if (!input) return 'no input';
  if (body.isDeconvolution) return 'deconvolution is not computed by this reference';
  if (!body.padding) return 'the padding is not set';
  const groups = body.groups === 0 ? 1 : body.groups;
  if (groups < 0 || body.outputChannels < 1 || body.outputChannels % groups !== 0) {
    return `${body.outputChannels} output channels cannot be split into ${groups} groups`;
  }
  if (input.channels !== body.kernelChannels * groups) {
    return `${body.kernelChannels} kernel channels in ${groups} groups do not match ${input.channels} input channels`;
  }
  const kernel = pairOf(body.kernelSize, 3);
  const axes = layWindow(input, kernel, pairOf(body.stride, 1), pairOf(body.dilation, 1), body.padding);
  if (typeof axes === 'string') return axes;
  const [rows, columns] = axes;
  const count = body.outputChannels * body.kernelChannels * rows.kernel * columns.kernel;
  const problem = weightsProblem(body.weights, count, 'the weights') ?? biasProblem(body);
  return problem ?? { channels: body.outputChannels, height: rows.size, width: columns.size };
}

function biasProblem(body: Convolution | InnerProduct): string | undefined {
  if (body.hasBias) return weightsProblem(body.bias, body.outputChannels, 'the bias numbers');
  return body.bias && body.bias.floats.length > 0 ? 'hasBias is false, but there is a bias' : undefined;
}

function poolingShape(body: Extract<LayerBody, { kind: 'pooling' }>, input: Shape): Shape | string {
  if (body.type !== 0 && body.type !== 1)
    return `pooling type ${body.type} is not computed by this reference`;
  const axes = layPooling(body, input);
  if (typeof axes === 'string') return axes;
  return { channels: input.channels, height: axes[0].size, width: axes[1].size };
}

function innerProductShape(body: InnerProduct, [input]: readonly Shape[]): Shape | string {
  if (!input) return 'no input';
  if (!sameShape(input, column(body.inputChannels))) {
    return `takes ${body.inputChannels} x 1 x 1, but ${describeShape(input)} comes in`;
  }
  if (body.outputChannels < 1) return `${body.outputChannels} output channels are too few`;
  const problem =
    weightsProblem(body.weights, body.inputChannels * body.outputChannels, 'the weights') ??
    biasProblem(body);
  return problem ?? column(body.outputChannels);
}

function batchNormShape(body: BatchNorm, [input]: readonly Shape[]): Shape | string {
  if (!input) return 'no input';
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

function equalShapes(inputs: readonly Shape[]): Shape | string {
  const [first, ...others] = inputs;
  if (!first) return 'no input';
  const other = others.find((shape) => !sameShape(shape, first));
  return other ? `inputs of ${describeShape(first)} and ${describeShape(other)} cannot be joined` : first;
}

function concatShape(body: Extract<LayerBody, { kind: 'concat' }>, inputs: readonly Shape[]): Shape | string {
  if (body.sequenceConcat) return 'joining along the sequence is not computed by this reference';
  const [first] = inputs;
  if (!first) return 'no input';
  const other = inputs.find((shape) => shape.height !== first.height || shape.width !== first.width);
  if (other)
    return `inputs of ${describeShape(first)} and ${describeShape(other)} cannot be joined along the channels`;
  return { ...first, channels: inputs.reduce((sum, shape) => sum + shape.channels, 0) };
}
