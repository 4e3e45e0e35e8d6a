/**
 * Max, average and L2 pooling, channels first, in doubles, and their gradients.
 */
import { zeros, type Shape, type Tensor } from '../tensor';
import type { Pooling } from '../types';
import type { Axis } from '../windows';

const MAX = 0;
const AVERAGE = 1;

/**
 * Calls `visit` for every window: where its result stands, which numbers of the input it holds, and how many places it
 * has with those in the padding. The list of elements is the same object every time.
 */
function eachWindow(
  input: Shape,
  [rows, columns]: readonly [Axis, Axis],
  visit: (at: number, elements: readonly number[], places: number) => void,
): void {
  const elements: number[] = [];
  let at = 0;
  for (let channel = 0; channel < input.channels; channel++) {
    for (let row = 0; row < rows.size; row++) {
      const top = row * rows.stride - rows.before;
      const height = Math.min(top + rows.kernel, rows.limit) - top;
      for (let column = 0; column < columns.size; column++) {
        const left = column * columns.stride - columns.before;
        const width = Math.min(left + columns.kernel, columns.limit) - left;
        elements.length = 0;
        for (let y = Math.max(0, top); y < Math.min(top + height, input.height); y++) {
          const start = (channel * input.height + y) * input.width;
          for (let x = Math.max(0, left); x < Math.min(left + width, input.width); x++)
            elements.push(start + x);
        }
        visit(at++, elements, height * width);
      }
    }
  }
}

/** The element with the largest number; the first of equal ones. */
function largestOf(data: Float64Array, elements: readonly number[]): number {
  let largest = elements[0] ?? -1;
  for (const element of elements) if (data[element]! > data[largest]!) largest = element;
  return largest;
}

/**
 * Positions outside the input are left out of the maximum and add nothing to the sum of squares (of which L2 takes the
 * root). The average counts them as zeros, or, when the layer excludes padding, divides by the positions inside alone.
 */
export function pool(layer: Pooling, input: Tensor, output: Shape, axes: readonly [Axis, Axis]): Tensor {
  const result = zeros(output);
  const { data } = input;
  eachWindow(input, axes, (at, elements, places) => {
    if (layer.type === MAX) {
      const largest = largestOf(data, elements);
      result.data[at] = largest < 0 ? -Infinity : data[largest]!;
      return;
    }
    let sum = 0;
    for (const element of elements)
      sum += layer.type === AVERAGE ? data[element]! : data[element]! * data[element]!;
    const count = layer.averageExcludesPadding ? elements.length : places;
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
  eachWindow(input, axes, (at, elements, places) => {
    const arriving = gradient.data[at]!;
    if (layer.type === MAX) {
      const largest = largestOf(data, elements);
      if (largest >= 0) result.data[largest]! += arriving;
      return;
    }
    const root = output.data[at]!;
    const count = layer.averageExcludesPadding ? elements.length : places;
    for (const element of elements) {
      const share = layer.type === AVERAGE ? 1 / count : root === 0 ? 0 : data[element]! / root;
      result.data[element]! += arriving * share;
    }
  });
  return result;
}
