/**
 * Sliding windows: the shape rule that convolutions and poolings share, in words and in numbers. How they are padded in
 * Core ML's files stands in `coremlPadding.ts`.
 * Source of the formulas: TensorFlow's "valid" and "same" padding; ONNX's SAME_LOWER for the same padding whose odd one
 * comes first.
 */
import { problem, type Problem } from '../core/problem';
import { formatShape, type Shape } from '../core/shape';

export const paddings = ['valid', 'same', 'sameLower', 'explicit'] as const;
export type Padding = (typeof paddings)[number];

/** The parameters of a window's padding. */
export const paddingParams = {
  padding: {
    type: 'choice',
    label: 'Padding',
    help: 'same keeps the size at strides of 1, with an odd row or column at the end; sameLower has it at the start.',
    options: paddings,
    default: 'valid',
  },
  pads: {
    type: 'tuple',
    label: 'Pads',
    help: 'How many rows and columns are added around the image.',
    parts: ['top', 'bottom', 'left', 'right'],
    default: [1, 1, 1, 1],
    min: 0,
    max: 64,
    visible: (p: { readonly padding?: unknown }) => p.padding === 'explicit',
  },
} as const;

/** How a window is padded. `pads` counts where `padding` is explicit: rows above and below, columns left and right. */
export interface PaddingOf {
  readonly padding: Padding;
  readonly pads: readonly number[];
}

export interface Window extends PaddingOf {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  /** Distance between the taps of a kernel. Missing: 1. */
  readonly dilation?: readonly number[];
  /** The name of the parameter that holds `size`, for repairs: "kernelSize", "poolSize". */
  readonly param: string;
  /** What the window is called in messages: "kernel", "pool". */
  readonly noun: string;
}

/** What matters of a window to where it lies. */
type Geometry = Pick<Window, 'size' | 'strides' | 'dilation' | 'padding' | 'pads'>;

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

/** A Problem unless every window covers some of the image, as poolings need: of padding alone there is no largest value. */
export function requireInside(label: string, window: Window): Problem | undefined {
  if (window.padding !== 'explicit') return undefined;
  const most = [0, 0, 1, 1].map((side) => extent(window, side as 0 | 1) - 1);
  const smaller = window.pads.map((pad, i) => Math.min(pad, most[i]!));
  if (smaller.every((pad, i) => pad === window.pads[i])) return undefined;
  return problem(
    'padsTooLarge',
    `${label}'s pads must be smaller than its ${window.noun} of ${formatShape(window.size)}, so that no ${window.noun} ` +
      `lies in the padding alone; they are ${window.pads.join(', ')}.`,
    { type: 'setParams', params: { pads: smaller }, label: `Use pads of ${smaller.join(', ')}` },
  );
}

/** How much is added before and after the image, which is `size` long on this side. */
function padded(window: Geometry, side: 0 | 1, size: number): [before: number, after: number] {
  switch (window.padding) {
    case 'valid':
      return [0, 0];
    case 'explicit':
      return [window.pads[2 * side]!, window.pads[2 * side + 1]!];
    case 'same':
    case 'sameLower': {
      const stride = window.strides[side]!;
      const total = Math.max((Math.ceil(size / stride) - 1) * stride + extent(window, side) - size, 0);
      const less = Math.floor(total / 2);
      return window.padding === 'same' ? [less, total - less] : [total - less, less];
    }
    default:
      return window.padding satisfies never;
  }
}

/** Output height and width of a window slid over `input`, or the Problem that it does not fit. */
export function slide(label: string, input: Shape, window: Window): readonly [number, number] | Problem {
  const out: [number, number] = [0, 0];
  const all = sides.map((_, i) => {
    const [before, after] = padded(window, i as 0 | 1, input[i]!);
    return before + input[i]! + after;
  });
  for (const side of [0, 1] as const) {
    const size = all[side]!;
    const covered = extent(window, side);
    if (covered > size) {
      const smaller = window.size.map((n, i) => Math.min(n, all[i]!));
      const dilated = (window.dilation?.[side] ?? 1) > 1 ? ' with its dilation' : '';
      return problem(
        'windowTooLarge',
        `${label}'s ${window.noun}${dilated} covers ${covered} in ${sides[side]}, but its input ${formatShape(input)} ` +
          `has only ${size}${size > input[side]! ? ' with its pads' : ''}.`,
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

/** What padding does on one side: how much it adds before and after, and how much of each window lies inside. */
export interface Border {
  readonly padding: [before: number, after: number];
  readonly inside: readonly number[];
}

/** The border of an image's height and width, for a window that fits. */
export function borders(window: Geometry, image: readonly number[]): readonly Border[] {
  return image.map((size, i) => {
    const side = i as 0 | 1;
    const covered = extent(window, side);
    const stride = window.strides[side]!;
    const padding = padded(window, side, size);
    const count = Math.floor((padding[0] + size + padding[1] - covered) / stride) + 1;
    const inside = Array.from({ length: count }, (_, at) => {
      const start = at * stride - padding[0];
      return Math.max(Math.min(start + covered, size) - Math.max(start, 0), 0);
    });
    return { padding, inside };
  });
}

/** The rule with its numbers put in, a line for each side: "height ⌊(28 − 3) / 1⌋ + 1 = 26". */
export function slideArithmetic(input: Shape, window: Window, output: Shape): readonly string[] {
  return sides.map((name, i) => {
    const side = i as 0 | 1;
    const stride = window.strides[side]!;
    if (window.padding === 'same' || window.padding === 'sameLower')
      return `${name} ⌈${input[side]} / ${stride}⌉ = ${output[side]}`;
    const [before, after] = padded(window, side, input[side]!);
    const size = window.padding === 'explicit' ? `${before} + ${input[side]} + ${after}` : `${input[side]}`;
    return `${name} ⌊(${size} − ${extent(window, side)}) / ${stride}⌋ + 1 = ${output[side]}`;
  });
}
