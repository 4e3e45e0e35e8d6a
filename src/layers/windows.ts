/**
 * Sliding windows: the shape rule that convolutions and poolings share, in words and in numbers.
 * Source of the formulas: TensorFlow's "valid" and "same" padding.
 */
import { problem, type Problem } from '../core/problem';
import { formatShape, type Shape } from '../core/shape';

export const paddings = ['valid', 'same'] as const;
export type Padding = (typeof paddings)[number];

export interface Window {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding;
  /** Distance between the taps of a kernel. Missing: 1. */
  readonly dilation?: readonly number[];
  /** The name of the parameter that holds `size`, for repairs: "kernelSize", "poolSize". */
  readonly param: string;
  /** What the window is called in messages: "kernel", "pool". */
  readonly noun: string;
}

const sides = ['height', 'width'] as const;

/** What a window of `size` taps covers when they lie `dilation` apart. */
function extent(window: Pick<Window, 'size' | 'dilation'>, side: 0 | 1): number {
  return (window.size[side]! - 1) * (window.dilation?.[side] ?? 1) + 1;
}

/** A Problem unless there is one input of rank 3 (height, width, channels). */
export function requireImage(label: string, input: Shape): Problem | undefined {
  if (input.length === 3) return undefined;
  return problem(
    'rank',
    `${label} needs an image (height × width × channels); it gets a flat vector of ${formatShape(input)}. ` +
      `Move it above the layer that flattens, or remove it.`,
    { type: 'remove', label: `Remove ${label}` },
  );
}

/** Output height and width of a window slid over `input`, or the Problem that it does not fit. */
export function slide(label: string, input: Shape, window: Window): readonly [number, number] | Problem {
  const out: [number, number] = [0, 0];
  for (const side of [0, 1] as const) {
    const size = input[side]!;
    const covered = extent(window, side);
    if (window.padding === 'same') {
      out[side] = Math.ceil(size / window.strides[side]!);
      continue;
    }
    if (covered > size) {
      const smaller = window.size.map((n, i) => Math.min(n, input[i]!));
      const dilated = (window.dilation?.[side] ?? 1) > 1 ? ' with its dilation' : '';
      return problem(
        'windowTooLarge',
        `${label}'s ${window.noun}${dilated} covers ${covered} in ${sides[side]}, but its input ${formatShape(input)} ` +
          `has only ${size}.`,
        dilated
          ? { type: 'setParams', params: { padding: 'same' }, label: 'Use same padding' }
          : {
              type: 'setParams',
              params: { [window.param]: smaller },
              label: `Use a ${formatShape(smaller)} ${window.noun}`,
            },
      );
    }
    out[side] = Math.floor((size - covered) / window.strides[side]!) + 1;
  }
  return out;
}

/** What same padding does on one side: how much it adds before and after, and how much of each window lies inside. */
export interface Border {
  readonly padding: [before: number, after: number];
  readonly inside: readonly number[];
}

/** Same padding of an image's height and width, as TensorFlow does it: the end gets the odd one. */
export function borders(
  window: Pick<Window, 'size' | 'strides' | 'dilation'>,
  image: readonly number[],
): readonly Border[] {
  return image.map((size, side) => {
    const covered = extent(window, side as 0 | 1);
    const stride = window.strides[side]!;
    const count = Math.ceil(size / stride);
    const total = Math.max((count - 1) * stride + covered - size, 0);
    const before = Math.floor(total / 2);
    const inside = Array.from({ length: count }, (_, i) => {
      const start = i * stride - before;
      return Math.min(start + covered, size) - Math.max(start, 0);
    });
    return { padding: [before, total - before], inside };
  });
}

/** The rule with its numbers put in, a line for each side: "height ⌊(28 − 3) / 1⌋ + 1 = 26". */
export function slideArithmetic(input: Shape, window: Window, output: Shape): readonly string[] {
  return sides.map((name, i) => {
    const side = i as 0 | 1;
    const stride = window.strides[side]!;
    return window.padding === 'same'
      ? `${name} ⌈${input[side]} / ${stride}⌉ = ${output[side]}`
      : `${name} ⌊(${input[side]} − ${extent(window, side)}) / ${stride}⌋ + 1 = ${output[side]}`;
  });
}

/** The padding `oneof` of a Core ML layer. It must be set, even when it is empty. TensorFlow pads the end more. */
export function coremlPadding(padding: Padding) {
  return padding === 'valid' ? { valid: { paddingAmounts: {} } } : { same: { asymmetryMode: 0 } };
}
