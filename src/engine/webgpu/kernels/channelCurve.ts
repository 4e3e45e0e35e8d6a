/** Activations whose numbers are weights, one of each a channel: their values, and the gradients of input and weights. */
import type { ChannelCurveShape } from '../../plan/plan';
import { partialsOf, type Backward, type Forward, type KernelContext } from './context';
import { fixed, reads, weightAt, writes, type Bindings, type Kernel } from './kernel';
import { segmentsOf, segmentText } from './segments';
import { elementKernel } from './text';

interface Texts {
  /** By the value x, and alpha and beta of its channel. A NaN stays one. */
  readonly value: string;
  /** What the gradient is multiplied by, for the input and for the weights. */
  readonly input: string;
  readonly weights: readonly string[];
}

const softplus = 'fn softplus(x: f32) -> f32 { return max(x, 0.0) + log(1.0 + exp(-abs(x))); }';

const texts: Record<ChannelCurveShape['name'], Texts> = {
  prelu: {
    value: 'select(x, alpha * x, x < 0.0)',
    input: 'select(alpha, 1.0, x > 0.0)',
    weights: ['select(x, 0.0, x > 0.0)'],
  },
  // The slope of softplus is 1 − exp(−softplus).
  parametricSoftplus: {
    value: 'alpha * softplus(beta * x)',
    input: 'alpha * beta * (1.0 - exp(-softplus(beta * x)))',
    weights: ['softplus(beta * x)', 'alpha * x * (1.0 - exp(-softplus(beta * x)))'],
  },
};

const numbersOf = ({ alpha, beta, channels }: ChannelCurveShape): Bindings => ({
  alphas: weightAt(alpha, channels),
  ...(beta !== undefined && { betas: weightAt(beta, channels) }),
});

/** Names for the numbers of channel `c`. */
const numbersText = ({ beta }: ChannelCurveShape): string =>
  `  let alpha = alphas[c];${beta === undefined ? '' : '\n  let beta = betas[c];'}`;

export function channelCurve({ shape, input, output }: Forward<'channelCurve'>, context: KernelContext) {
  const bindings = { values: reads(input), ...numbersOf(shape), outputs: writes(output) };
  const body = `  let c = i % ${shape.channels}u;
${numbersText(shape)}
  let x = values[i];
  outputs[i] = ${texts[shape.name].value};`;
  return [elementKernel('channel curve', context.extent(output), bindings, body, softplus)];
}

export function channelCurveGradient(
  operation: Backward<'channelCurveGradient'>,
  context: KernelContext,
): Kernel[] {
  const { frozen = false, inputGradient } = operation;
  return [
    ...(inputGradient === undefined ? [] : [inputKernel(operation, inputGradient, context)]),
    ...(frozen ? [] : [weightsKernel(operation, context)]),
  ];
}

function inputKernel(
  { shape, input, outputGradient, accumulate }: Backward<'channelCurveGradient'>,
  inputGradient: number,
  context: KernelContext,
): Kernel {
  const bindings = {
    values: reads(input),
    ...numbersOf(shape),
    gradient: reads(outputGradient),
    input_gradient: writes(inputGradient),
  };
  const body = `  let c = i % ${shape.channels}u;
${numbersText(shape)}
  let x = values[i];
  input_gradient[i] ${accumulate ? '+=' : '='} gradient[i] * (${texts[shape.name].input});`;
  return elementKernel('channel curve gradient', context.extent(inputGradient), bindings, body, softplus);
}

/** A thread for each channel and segment of the rows; the update adds the segments up. */
function weightsKernel(
  { shape, input, outputGradient }: Backward<'channelCurveGradient'>,
  context: KernelContext,
): Kernel {
  const { channels } = shape;
  const segments = segmentsOf(shape, context);
  const weights = [shape.alpha, shape.beta].filter((start) => start !== undefined);
  const places = weights.map((weight) => context.gradient(weight, channels, segments));
  const bindings = {
    values: reads(input),
    ...numbersOf(shape),
    gradient: reads(outputGradient),
    partials: partialsOf(context, weights.length),
  };
  const lines = (line: (n: number) => string): string => weights.map((_, n) => line(n)).join('\n');
  const body = `  let c = i % ${channels}u;
  let segment = i / ${channels}u;
  ${segmentText(shape, segments, 'segment')}
${numbersText(shape)}
${lines((n) => `  var sum_${n} = 0.0;`)}
  for (var row = begin; row < end; row++) {
    let x = values[row * ${channels}u + c];
    let g = gradient[row * ${channels}u + c];
${lines((n) => `    sum_${n} += g * (${texts[shape.name].weights[n]});`)}
  }
${lines((n) => `  partials[${places[n]!.start - places[0]!.start}u + segment * ${places[n]!.stride}u + c] = sum_${n};`)}`;
  return elementKernel('channel curve sums', fixed(segments * channels), bindings, body, softplus);
}
