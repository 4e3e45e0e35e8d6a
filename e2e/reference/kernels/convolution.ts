/**
 * Convolution and deconvolution. What each window sees is written out as a row, a patch; with that a convolution forwards,
 * backwards, and the gradient of its weights are products of rows, and a deconvolution is a convolution backwards.
 * Channels first, in doubles.
 */
import { sizeOf, zeros, type Shape, type Tensor } from '../tensor';
import type { Convolution } from '../types';
import type { Axis } from '../windows';
import { addRow, dot } from './rows';

/** A group of channels: group g of the windows' channels sees group g of the others. */
interface Group {
  /** Channels of what is seen. */
  seen: { first: number; count: number };
  /** Channels that have one number for each window. */
  windows: { first: number; count: number };
}

interface Sides {
  /** What windows look at: the input of a convolution, the output of a deconvolution. */
  seen: Shape;
  /** One number for each window: the output of a convolution, the input of a deconvolution. */
  windows: Shape;
  groups: Group[];
  axes: readonly [Axis, Axis];
  /** How many windows there are, and how many numbers each sees of its group. */
  places: number;
  patch: number;
}

function sidesOf(layer: Convolution, input: Shape, output: Shape, axes: readonly [Axis, Axis]): Sides {
  const [seen, windows] = layer.isDeconvolution ? [output, input] : [input, output];
  const groups = Math.max(1, layer.groups);
  const perGroup = { seen: seen.channels / groups, windows: windows.channels / groups };
  return {
    seen,
    windows,
    groups: Array.from({ length: groups }, (_, group) => ({
      seen: { first: group * perGroup.seen, count: perGroup.seen },
      windows: { first: group * perGroup.windows, count: perGroup.windows },
    })),
    axes,
    places: windows.height * windows.width,
    patch: perGroup.seen * axes[0].kernel * axes[1].kernel,
  };
}

/** Calls `visit` for every element of every patch that is not in the padding, with where it is seen. */
function eachElement(
  { seen, axes: [rows, columns], patch }: Sides,
  group: Group,
  visit: (element: number, at: number) => void,
): void {
  for (let row = 0, place = 0; row < rows.size; row++) {
    for (let column = 0; column < columns.size; column++, place++) {
      let element = place * patch;
      for (let channel = 0; channel < group.seen.count; channel++) {
        for (let ky = 0; ky < rows.kernel; ky++) {
          const y = row * rows.stride - rows.before + ky * rows.dilation;
          const line = ((group.seen.first + channel) * seen.height + y) * seen.width;
          for (let kx = 0; kx < columns.kernel; kx++, element++) {
            const x = column * columns.stride - columns.before + kx * columns.dilation;
            if (y >= 0 && y < seen.height && x >= 0 && x < seen.width) visit(element, line + x);
          }
        }
      }
    }
  }
}

/** The patches of a group, one after the other; what is in the padding is 0. */
function patchesOf(sides: Sides, group: Group, seen: Float64Array): Float64Array {
  const patches = new Float64Array(sides.places * sides.patch);
  eachElement(sides, group, (element, at) => {
    patches[element] = seen[at]!;
  });
  return patches;
}

/** Weights are `[windows, seen/groups, kH, kW]`: one row as long as a patch for each channel of the windows. */
function eachRow(
  { places, patch }: Sides,
  { windows }: Group,
  visit: (window: number, weights: number, patchAt: number) => void,
): void {
  for (let channel = windows.first; channel < windows.first + windows.count; channel++) {
    for (let place = 0; place < places; place++)
      visit(channel * places + place, channel * patch, place * patch);
  }
}

/** Each window is the sum of what it sees, weighted: a convolution forwards, a deconvolution backwards. */
function gather(weights: Float32Array, sides: Sides, seen: Float64Array): Tensor {
  const result = zeros(sides.windows);
  for (const group of sides.groups) {
    const patches = patchesOf(sides, group, seen);
    eachRow(sides, group, (window, row, patchAt) => {
      result.data[window] = dot(weights, row, patches, patchAt, sides.patch);
    });
  }
  return result;
}

/** Each window adds itself, weighted, to what it sees: a deconvolution forwards, a convolution backwards. */
function scatter(weights: Float32Array, sides: Sides, windows: Float64Array): Tensor {
  const result = zeros(sides.seen);
  for (const group of sides.groups) {
    const patches = new Float64Array(sides.places * sides.patch);
    eachRow(sides, group, (window, row, patchAt) => {
      addRow(patches, patchAt, windows[window]!, weights, row, sides.patch);
    });
    eachElement(sides, group, (element, at) => {
      result.data[at]! += patches[element]!;
    });
  }
  return result;
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
  const sides = sidesOf(layer, input, output, axes);
  const weights = layer.weights!.floats;
  const result = layer.isDeconvolution
    ? scatter(weights, sides, input.data)
    : gather(weights, sides, input.data);
  if (layer.hasBias) {
    const area = output.height * output.width;
    for (let at = 0; at < sizeOf(output); at++)
      result.data[at]! += layer.bias!.floats[Math.floor(at / area)]!;
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
  const sides = sidesOf(layer, input, gradient, axes);
  const weights = layer.weights!.floats;
  return layer.isDeconvolution
    ? gather(weights, sides, gradient.data)
    : scatter(weights, sides, gradient.data);
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
  for (const group of sides.groups) {
    const patches = patchesOf(sides, group, seen);
    eachRow(sides, group, (window, row, patchAt) => {
      addRow(sums.weights, row, windows[window]!, patches, patchAt, sides.patch);
    });
  }
  if (!layer.hasBias) return;
  const area = gradient.height * gradient.width;
  for (let at = 0; at < sizeOf(gradient); at++) sums.bias[Math.floor(at / area)]! += gradient.data[at]!;
}
