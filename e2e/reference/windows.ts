/**
 * The arithmetic of sliding windows along one axis, for convolution and pooling: how far the window reaches, how much is
 * padded at each end, how many positions there are. Source: Core ML's public description of its two padding modes.
 */
import type { Pooling, WindowPadding } from './types';

/** A window along one axis. */
export interface Axis {
  kernel: number;
  stride: number;
  dilation: number;
  /** Padded before the first element; the end needs no number, for `size` tells where windows stop. */
  before: number;
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
export function layAxis(
  input: number,
  window: { kernel: number; stride: number; dilation: number },
  padding: WindowPadding,
  index: 0 | 1,
): Axis | string {
  const { kernel, stride, dilation } = window;
  if (![kernel, stride, dilation].every((value) => Number.isInteger(value) && value >= 1)) {
    return `kernel ${kernel}, stride ${stride} and dilation ${dilation} should all be at least 1`;
  }
  const reach = (kernel - 1) * dilation + 1;
  if (padding.mode === 'same') {
    const size = Math.ceil(input / stride);
    const total = Math.max(0, (size - 1) * stride + reach - input);
    if (padding.asymmetry !== 0 && padding.asymmetry !== 1)
      return `asymmetry mode ${padding.asymmetry} is not known`;
    const before = padding.asymmetry === 0 ? Math.floor(total / 2) : Math.ceil(total / 2);
    return { ...window, before, size };
  }
  if (padding.amounts.length !== 0 && padding.amounts.length !== 2) {
    return `padding amounts should be none or two (height, width), but are ${padding.amounts.length}`;
  }
  const { start, end } = padding.amounts[index] ?? { start: 0, end: 0 };
  if (start < 0 || end < 0) return `padding amounts should not be negative, but are ${start} and ${end}`;
  const size = Math.floor((input + start + end - reach) / stride) + 1;
  if (size < 1)
    return `a window that reaches ${reach} does not fit an input of ${input} padded by ${start} and ${end}`;
  return { ...window, before: start, size };
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
  if (padding.mode === 'includeLastPixel')
    return 'the padding includeLastPixel is not computed by this reference';
  return layWindow(input, pairOf(pooling.kernelSize, 3), pairOf(pooling.stride, 1), [1, 1], padding);
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
  return { kernel: size, stride: 1, dilation: 1, before: 0, size: 1 };
}

function isNotZero(amount: { start: number; end: number }): boolean {
  return amount.start !== 0 || amount.end !== 0;
}
