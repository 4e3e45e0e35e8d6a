/** Operations that treat each value by itself: activations, dropout, sums of branches, and branches side by side. */
import { curveText, slopeByInputText, slopeText } from './curves';
import type { Backward, Forward, KernelContext } from './context';
import { perExample, reads, writes, type Kernel } from './kernel';
import { softmaxGradientKernel, softmaxKernel } from './softmax';
import { elementKernel, real } from './text';

/** Inputs that a kernel adds up at once; every device binds eight buffers. */
const TOGETHER = 6;

export function activation({ curve, columns, input, output }: Forward<'activation'>, context: KernelContext) {
  const total = context.extent(output);
  if (curve.name === 'softmax')
    return [softmaxKernel(input, output, columns, perExample(total.size / columns))];
  const bindings = { values: reads(input), outputs: writes(output) };
  return [elementKernel('activation', total, bindings, '  outputs[i] = curve(values[i]);', curveText(curve))];
}

export function activationGradient(operation: Backward<'activationGradient'>, context: KernelContext) {
  const { curve, columns, input, output, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return [];
  const total = context.extent(output);
  if (curve.name === 'softmax') {
    const rows = perExample(total.size / columns);
    const target = { buffer: inputGradient, accumulate };
    return [softmaxGradientKernel(output, outputGradient, columns, rows, target)];
  }
  const bindings = {
    outputs: reads(output),
    ...(input !== undefined && { inputs: reads(input) }),
    gradient: reads(outputGradient),
    input_gradient: writes(inputGradient),
  };
  const [slope, text] =
    input === undefined
      ? ['slope(outputs[i])', slopeText(curve)]
      : ['slope(outputs[i], inputs[i])', slopeByInputText(curve)];
  const body = `  input_gradient[i] ${assign(accumulate)} gradient[i] * ${slope};`;
  return [elementKernel('activation gradient', total, bindings, body, text)];
}

const assign = (accumulate: boolean): string => (accumulate ? '+=' : '=');

/**
 * A number from a counter, without any state: two rounds of a hash of 32 bits that changes about half of them whichever
 * bit of the counter changes ("lowbias32", Chris Wellons, 2018). A value is dropped by the hash of its place in the
 * batch, of its layer and of the step's seed alone: the same three give the same mask, on every device and whichever
 * steps came before.
 */
const hash = `fn hash(value: u32) -> u32 {
  var x = value;
  x = (x ^ (x >> 16u)) * 0x7feb352du;
  x = (x ^ (x >> 15u)) * 0x846ca68bu;
  return x ^ (x >> 16u);
}`;

/** Drops each value with probability `rate` and scales what stays by 1/(1 − rate); the mask holds the factors. */
export function dropout({ rate, layer, mask, input, output }: Forward<'dropout'>, context: KernelContext) {
  const bindings = { values: reads(input), mask: writes(mask), outputs: writes(output) };
  const body = `  let drawn = f32(hash(i ^ hash(step.seed ^ hash(${layer}u + 1u))) >> 8u) * ${real(2 ** -24)};
  var factor = 1.0;
  if (step.training != 0u) { factor = select(${real(1 / (1 - rate))}, 0.0, drawn < ${real(rate)}); }
  mask[i] = factor;
  outputs[i] = values[i] * factor;`;
  return [elementKernel('dropout', context.extent(output), bindings, body, hash)];
}

export function dropoutGradient(operation: Backward<'dropoutGradient'>, context: KernelContext): Kernel[] {
  const { mask, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return [];
  const bindings = {
    mask: reads(mask),
    gradient: reads(outputGradient),
    input_gradient: writes(inputGradient),
  };
  const body = `  input_gradient[i] ${assign(accumulate)} gradient[i] * mask[i];`;
  return [elementKernel('dropout gradient', context.extent(inputGradient), bindings, body)];
}

export function add({ inputs, output }: Forward<'add'>, context: KernelContext): Kernel[] {
  const parts = Array.from({ length: Math.ceil(inputs.length / TOGETHER) }, (_, i) =>
    inputs.slice(i * TOGETHER, (i + 1) * TOGETHER),
  );
  return parts.map((part, n) => {
    const sum = part.map((_, i) => `values_${i}[i]`).join(' + ');
    const bindings = Object.fromEntries([
      ...part.map((input, i) => [`values_${i}`, reads(input)] as const),
      ['outputs', writes(output)] as const,
    ]);
    const body = `  outputs[i] ${assign(n > 0)} ${sum};`;
    return elementKernel('add', context.extent(output), bindings, body);
  });
}

export function addGradient(operation: Backward<'addGradient'>, context: KernelContext): Kernel[] {
  const { outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return [];
  const bindings = { gradient: reads(outputGradient), input_gradient: writes(inputGradient) };
  const body = `  input_gradient[i] ${assign(accumulate)} gradient[i];`;
  return [elementKernel('add gradient', context.extent(inputGradient), bindings, body)];
}

/** One kernel for each input: any number of them comes together. */
export function concatenation({ inputs, output, columns }: Forward<'concatenation'>, context: KernelContext) {
  const width = columns.reduce((sum, n) => sum + n, 0);
  return inputs.map((input, n): Kernel => {
    const part = columns[n]!;
    const first = columns.slice(0, n).reduce((sum, one) => sum + one, 0);
    const bindings = { values: reads(input), outputs: writes(output) };
    const body = `  outputs[i / ${part}u * ${width}u + ${first}u + i % ${part}u] = values[i];`;
    return elementKernel('concatenation', context.extent(input), bindings, body);
  });
}

export function concatenationGradient(
  operation: Backward<'concatenationGradient'>,
  context: KernelContext,
): Kernel[] {
  const { columns, part, first, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return [];
  const bindings = { gradient: reads(outputGradient), input_gradient: writes(inputGradient) };
  const from = `gradient[i / ${part}u * ${columns}u + ${first}u + i % ${part}u]`;
  const body = `  input_gradient[i] ${assign(accumulate)} ${from};`;
  return [elementKernel('concatenation gradient', context.extent(inputGradient), bindings, body)];
}
