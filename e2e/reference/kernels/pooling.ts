/**
 * Max, average and L2 pooling, channels first, in doubles, and their gradients.
 */
import { zeros, type Shape, type Tensor } from '../tensor';
import type { Pooling } from '../types';
import type { Axis } from '../windows';

const MAX = 0;
const AVERAGE = 1;

/** One window. The object is the same for every window that is visited. */
interface Window {
  /** Which numbers of the input it holds: the first `count`. */
  elements: Int32Array;
  count: number;
  /** How many places it has with those in the padding. */
  places: number;
}

/** Calls `visit` for every window, with where its result stands. */
function eachWindow(
  input: Shape,
  [rows, columns]: readonly [Axis, Axis],
  visit: (at: number, window: Window) => void,
): void {
  const window = { elements: new Int32Array(rows.kernel * columns.kernel), count: 0, places: 0 };
  let at = 0;
  for (let channel = 0; channel < input.channels; channel++) {
    for (let row = 0; row < rows.size; row++) {
      const top = row * rows.stride - rows.before;
      const height = Math.min(top + rows.kernel, rows.limit) - top;
      for (let column = 0; column < columns.size; column++) {
        const left = column * columns.stride - columns.before;
        const width = Math.min(left + columns.kernel, columns.limit) - left;
        window.count = 0;
        window.places = height * width;
        for (let y = Math.max(0, top); y < Math.min(top + height, input.height); y++) {
          const start = (channel * input.height + y) * input.width;
          for (let x = Math.max(0, left); x < Math.min(left + width, input.width); x++)
            window.elements[window.count++] = start + x;
        }
        visit(at++, window);
      }
    }
  }
}

/** The element with the largest number; the first of equal ones. */
function largestOf(data: Float64Array, { elements, count }: Window): number {
  let largest = elements[0]!;
  for (let i = 1; i < count; i++) if (data[elements[i]!]! > data[largest]!) largest = elements[i]!;
  return largest;
}

/**
 * Every window has a number of the input. Positions outside are left out of the maximum and add nothing to the sum of squares (of which L2 takes the
 * root). The average counts them as zeros, or, when the layer excludes padding, divides by the positions inside alone.
 */
export function pool(layer: Pooling, input: Tensor, output: Shape, axes: readonly [Axis, Axis]): Tensor {
  const result = zeros(output);
  const { data } = input;
  eachWindow(input, axes, (at, window) => {
    if (layer.type === MAX) {
      result.data[at] = data[largestOf(data, window)]!;
      return;
    }
    let sum = 0;
    for (const element of window.elements.subarray(0, window.count))
      sum += layer.type === AVERAGE ? data[element]! : data[element]! * data[element]!;
    const count = layer.averageExcludesPadding ? window.count : window.places;
    result.data[at] = layer.type === AVERAGE ? sum / count : Math.sqrt(sum);
  });
  return result;
}

/**
 * The gradient by the input. The maximum hands it to its first largest element, the average spreads it evenly, and the
 * root of the sum of squares spreads it by x / root (by nothing where the root is 0).
 */
export function poolBack(
  layer: Pooling,
  input: Tensor,
  output: Tensor,
  gradient: Tensor,
  axes: readonly [Axis, Axis],
): Tensor {
  const result = zeros(input);
  const { data } = input;
  eachWindow(input, axes, (at, window) => {
    const arriving = gradient.data[at]!;
    if (layer.type === MAX) {
      result.data[largestOf(data, window)]! += arriving;
      return;
    }
    const root = output.data[at]!;
    const count = layer.averageExcludesPadding ? window.count : window.places;
    for (const element of window.elements.subarray(0, window.count)) {
      const share = layer.type === AVERAGE ? 1 / count : root === 0 ? 0 : data[element]! / root;
      result.data[element]! += arriving * share;
    }
  });
  return result;
}
