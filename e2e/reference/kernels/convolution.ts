/**
 * Convolution and deconvolution by one walk over all pairs of an input row and an output row that a kernel's weight
 * joins. What is done with a row is the only difference between computing forwards, backwards, and the weights' gradient.
 * Channels first, in doubles.
 */
import { zeros, type Shape, type Tensor } from '../tensor';
import type { Convolution } from '../types';
import type { Axis } from '../windows';

/** Of one weight: `count` neighbours in a row of the many windows, and what each of them sees, `step` apart. */
type Visit = (weight: number, window: number, seen: number, count: number, step: number) => void;

interface Sides {
  /** What windows look at: the input of a convolution, the output of a deconvolution. */
  seen: Shape;
  /** One number for each window: the output of a convolution, the input of a deconvolution. */
  windows: Shape;
  /** Group g of the windows' channels sees group g of the others; weights are `[windows, seen/groups, kH, kW]`. */
  groups: number;
  axes: readonly [Axis, Axis];
}

function walk({ seen, windows, groups, axes: [rows, columns] }: Sides, visit: Visit): void {
  const perGroup = { windows: windows.channels / groups, seen: seen.channels / groups };
  let weight = 0;
  for (let channel = 0; channel < windows.channels; channel++) {
    const first = Math.floor(channel / perGroup.windows) * perGroup.seen;
    for (let plane = first; plane < first + perGroup.seen; plane++) {
      for (let ky = 0; ky < rows.kernel; ky++) {
        for (let kx = 0; kx < columns.kernel; kx++, weight++) {
          const [start, end] = insideOf(columns, kx, seen.width);
          if (start >= end) continue;
          const x = start * columns.stride - columns.before + kx * columns.dilation;
          for (let row = 0; row < rows.size; row++) {
            const y = row * rows.stride - rows.before + ky * rows.dilation;
            if (y < 0 || y >= seen.height) continue; // Outside counts as zero.
            visit(
              weight,
              (channel * windows.height + row) * windows.width + start,
              (plane * seen.height + y) * seen.width + x,
              end - start,
              columns.stride,
            );
          }
        }
      }
    }
  }
}

/** The windows, from the first to before the last, whose element `k` is not in the padding. */
function insideOf({ stride, before, dilation, size }: Axis, k: number, length: number): [number, number] {
  const offset = k * dilation - before;
  return [
    Math.max(0, Math.ceil(-offset / stride)),
    Math.min(size, Math.floor((length - 1 - offset) / stride) + 1),
  ];
}

/** Windows of a sum of what they see: a convolution forwards, a deconvolution backwards. */
function gather(weights: Float32Array, sides: Sides, seen: Float64Array, windows: Float64Array): void {
  walk(sides, (weight, window, first, count, step) => {
    const factor = weights[weight]!;
    for (let i = 0; i < count; i++) windows[window + i]! += factor * seen[first + i * step]!;
  });
}

/** Every window adds itself to what it sees: a deconvolution forwards, a convolution backwards. */
function scatter(weights: Float32Array, sides: Sides, seen: Float64Array, windows: Float64Array): void {
  walk(sides, (weight, window, first, count, step) => {
    const factor = weights[weight]!;
    for (let i = 0; i < count; i++) seen[first + i * step]! += factor * windows[window + i]!;
  });
}

function sidesOf(layer: Convolution, input: Shape, output: Shape, axes: readonly [Axis, Axis]): Sides {
  const groups = Math.max(1, layer.groups);
  return layer.isDeconvolution
    ? { seen: output, windows: input, groups, axes }
    : { seen: input, windows: output, groups, axes };
}

/**
 * Computes the layer. Positions outside what windows see count as zero.
 * @param output the shape of the result
 * @param axes the windows along height and width: of the input, or for a deconvolution of the output
 */
export function convolve(
  layer: Convolution,
  input: Tensor,
  output: Shape,
  axes: readonly [Axis, Axis],
): Tensor {
  const result = zeros(output);
  const sides = sidesOf(layer, input, output, axes);
  const weights = layer.weights!.floats;
  if (layer.isDeconvolution) scatter(weights, sides, result.data, input.data);
  else gather(weights, sides, input.data, result.data);
  if (layer.hasBias) {
    const area = output.height * output.width;
    for (let at = 0; at < result.data.length; at++) {
      result.data[at]! += layer.bias!.floats[Math.floor(at / area)]!;
    }
  }
  return result;
}

/** The gradient of the loss by the layer's input, from that by its output. */
export function convolveBack(
  layer: Convolution,
  input: Shape,
  gradient: Tensor,
  axes: readonly [Axis, Axis],
): Tensor {
  const result = zeros(input);
  const sides = sidesOf(layer, input, gradient, axes);
  const weights = layer.weights!.floats;
  if (layer.isDeconvolution) gather(weights, sides, gradient.data, result.data);
  else scatter(weights, sides, result.data, gradient.data);
  return result;
}

/** Adds the gradient of the loss by weights and bias to what was summed up before. */
export function convolutionWeightGradient(
  layer: Convolution,
  input: Tensor,
  gradient: Tensor,
  axes: readonly [Axis, Axis],
  sums: { weights: Float64Array; bias: Float64Array },
): void {
  const sides = sidesOf(layer, input, gradient, axes);
  const [seen, windows] = layer.isDeconvolution ? [gradient.data, input.data] : [input.data, gradient.data];
  walk(sides, (weight, window, first, count, step) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += windows[window + i]! * seen[first + i * step]!;
    sums.weights[weight]! += sum;
  });
  if (!layer.hasBias) return;
  const area = gradient.height * gradient.width;
  for (let at = 0; at < gradient.data.length; at++) sums.bias[Math.floor(at / area)]! += gradient.data[at]!;
}
