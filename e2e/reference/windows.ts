/**
 * The arithmetic of sliding windows along one axis, for convolution, deconvolution and pooling: how far the window
 * reaches, how much is padded at each end, how many positions there are. Source: the comments of ValidPadding,
 * SamePadding, ConvolutionLayerParams and PoolingLayerParams in Apple's NeuralNetwork.proto.
 */
import type { Convolution, Pooling, WindowPadding } from './types';

/** A window along one axis. */
export interface Axis {
  kernel: number;
  stride: number;
  dilation: number;
  /** Padded before the first element. */
  before: number;
  /** Where the padding after the last element ends; what a window has beyond it is not even padding. */
  limit: number;
  /** How many positions the window takes. */
  size: number;
}

/** A list of two numbers (height, width) with Core ML's default where it is empty; undefined when it is neither. */
export function pairOf(values: readonly number[], fallback: number): [number, number] | undefined {
  if (values.length === 0) return [fallback, fallback];
  const [height, width] = values;
  if (values.length !== 2 || height === undefined || width === undefined) return undefined;
  return [height, width];
}

/**
 * Lays windows along one axis.
 * Valid: the given amounts are padded and the last windows that do not fit are left out. Same: the output has
 * `ceil(input / stride)` positions, and what that needs is padded at both ends, an odd amount more at one of them.
 * @param index 0 for height, 1 for width
 * @returns a sentence when no window fits or the padding is not usable
 */
function layAxis(
  input: number,
  window: { kernel: number; stride: number; dilation: number },
  padding: WindowPadding,
  index: 0 | 1,
): Axis | string {
  const { kernel, stride, dilation } = window;
  if (![kernel, stride, dilation].every((value) => Number.isInteger(value) && value >= 1)) {
    return `kernel ${kernel}, stride ${stride} and dilation ${dilation} should all be at least 1`;
  }
  const problem = paddingProblem(padding);
  if (problem) return problem;
  const reach = (kernel - 1) * dilation + 1;
  if (padding.mode === 'same') {
    const size = Math.ceil(input / stride);
    const total = Math.max(0, (size - 1) * stride + reach - input);
    const before = padding.asymmetry === 0 ? Math.floor(total / 2) : Math.ceil(total / 2);
    return { ...window, before, limit: input + total - before, size };
  }
  const { start, end } = padding.amounts[index] ?? { start: 0, end: 0 };
  const size = Math.floor((input + start + end - reach) / stride) + 1;
  if (size < 1)
    return `a window that reaches ${reach} does not fit an input of ${input} padded by ${start} and ${end}`;
  return { ...window, before: start, limit: input + end, size };
}

/**
 * The windows over the output of a deconvolution, one for each element of its input. Valid: all that the windows reach,
 * less the given amounts at the edges. Same: `input * stride`. What is cut off then, an odd amount more at one end, is
 * what a convolution back to the input would pad. A given output size comes before both; the file does not say where
 * it cuts, and here it cuts as `same` does.
 * @returns the axis and how long the output is, or a sentence
 */
function layBack(
  input: number,
  { kernel, stride }: { kernel: number; stride: number },
  padding: WindowPadding,
  given: number | undefined,
  index: 0 | 1,
): { axis: Axis; output: number } | string {
  if (![kernel, stride].every((value) => Number.isInteger(value) && value >= 1)) {
    return `kernel ${kernel} and stride ${stride} should be at least 1`;
  }
  const reached = (input - 1) * stride + kernel;
  const amounts = padding.mode === 'valid' ? padding.amounts[index] : undefined;
  const { start, end } = amounts ?? { start: 0, end: 0 };
  const output = given ?? (padding.mode === 'same' ? input * stride : reached - start - end);
  if (output < 1) return `an output of ${output} is too small`;
  const cut = Math.max(0, reached - output);
  const half = padding.mode === 'same' && padding.asymmetry === 1 ? Math.ceil(cut / 2) : Math.floor(cut / 2);
  const before = given === undefined && padding.mode === 'valid' ? start : half;
  return { axis: { kernel, stride, dilation: 1, before, limit: output, size: input }, output };
}

/** The windows of a deconvolution over height and width, and the size of its output. Dilation is ignored, as Apple says. */
export function layDeconvolution(
  body: Convolution,
  input: { height: number; width: number },
): { axes: [Axis, Axis]; height: number; width: number } | string {
  const kernel = pairOf(body.kernelSize, 3);
  const stride = pairOf(body.stride, 1);
  const { padding, outputShape } = body;
  if (!padding) return 'the padding is not set';
  if (!kernel || !stride) return 'kernel size and stride should have two numbers each, or none';
  if (outputShape.length !== 0 && outputShape.length !== 2)
    return `the output shape should have two numbers, or none, but has ${outputShape.length}`;
  const problem = paddingProblem(padding);
  if (problem) return problem;
  const rows = layBack(input.height, { kernel: kernel[0], stride: stride[0] }, padding, outputShape[0], 0);
  if (typeof rows === 'string') return `along the height, ${rows}`;
  const columns = layBack(input.width, { kernel: kernel[1], stride: stride[1] }, padding, outputShape[1], 1);
  if (typeof columns === 'string') return `along the width, ${columns}`;
  return { axes: [rows.axis, columns.axis], height: rows.output, width: columns.output };
}

/** What is wrong with a padding whatever it is for, or nothing. */
function paddingProblem(padding: WindowPadding): string | undefined {
  if (padding.mode === 'same') {
    const known = padding.asymmetry === 0 || padding.asymmetry === 1;
    return known ? undefined : `asymmetry mode ${padding.asymmetry} is not known`;
  }
  if (padding.amounts.length !== 0 && padding.amounts.length !== 2) {
    return `padding amounts should be none or two (height, width), but are ${padding.amounts.length}`;
  }
  const negative = padding.amounts.find(({ start, end }) => start < 0 || end < 0);
  if (!negative) return undefined;
  return `padding amounts should not be negative, but are ${negative.start} and ${negative.end}`;
}

/** The window of a pooling layer over an input, along both axes; global pooling takes the whole input as one window. */
export function layPooling(
  pooling: Pooling,
  input: { height: number; width: number },
): [Axis, Axis] | string {
  const padding = pooling.padding;
  if (!padding) return 'the padding is not set';
  if (pooling.global) {
    if (
      padding.mode === 'includeLastPixel' ||
      (padding.mode === 'valid' && padding.amounts.some(isNotZero))
    ) {
      return 'global pooling with padding is not described';
    }
    return [whole(input.height), whole(input.width)];
  }
  const kernel = pairOf(pooling.kernelSize, 3);
  const stride = pairOf(pooling.stride, 1);
  if (padding.mode === 'includeLastPixel') return layToLastPixel(input, kernel, stride, padding.amounts);
  const axes = layWindow(input, kernel, stride, [1, 1], padding);
  if (typeof axes === 'string') return axes;
  const [rows, columns] = axes;
  const empty =
    rows.before >= rows.kernel ||
    rows.limit - input.height >= rows.kernel ||
    columns.before >= columns.kernel ||
    columns.limit - input.width >= columns.kernel;
  return empty ? 'windows that lie in the padding alone are not described' : axes;
}

/** Windows until the last element is in one; the same amount is padded at both ends of an axis. */
function layToLastPixel(
  input: { height: number; width: number },
  kernel: [number, number] | undefined,
  stride: [number, number] | undefined,
  amounts: readonly number[],
): [Axis, Axis] | string {
  const padded = pairOf(amounts, 0);
  if (!kernel || !stride || !padded)
    return 'kernel size, stride and padding amounts should have two numbers each, or none';
  const isPadded = padded.some((amount) => amount > 0);
  const axes = [input.height, input.width].map((length, index): Axis | string => {
    const [size, step, before] = [kernel[index]!, stride[index]!, padded[index]!];
    if (size < 1 || step < 1 || before < 0 || before >= size)
      return `kernel ${size}, stride ${step} and padding ${before} do not go together`;
    let count = Math.ceil((length + 2 * before - size) / step) + 1;
    if (isPadded && (count - 1) * step >= length + before) count--;
    if (count < 1) return `a window of ${size} does not fit an input of ${length} padded by ${before}`;
    return { kernel: size, stride: step, dilation: 1, before, limit: length + before, size: count };
  });
  const problem = axes.find((axis) => typeof axis === 'string');
  return problem ?? (axes as [Axis, Axis]);
}

/** Lays a window over height and width. */
export function layWindow(
  input: { height: number; width: number },
  kernel: [number, number] | undefined,
  stride: [number, number] | undefined,
  dilation: [number, number] | undefined,
  padding: WindowPadding,
): [Axis, Axis] | string {
  if (!kernel || !stride || !dilation)
    return 'kernel size, stride and dilation should have two numbers each, or none';
  const rows = { kernel: kernel[0], stride: stride[0], dilation: dilation[0] };
  const columns = { kernel: kernel[1], stride: stride[1], dilation: dilation[1] };
  const vertical = layAxis(input.height, rows, padding, 0);
  if (typeof vertical === 'string') return `along the height, ${vertical}`;
  const horizontal = layAxis(input.width, columns, padding, 1);
  if (typeof horizontal === 'string') return `along the width, ${horizontal}`;
  return [vertical, horizontal];
}

function whole(size: number): Axis {
  return { kernel: size, stride: 1, dilation: 1, before: 0, limit: size, size: 1 };
}

function isNotZero(amount: { start: number; end: number }): boolean {
  return amount.start !== 0 || amount.end !== 0;
}
