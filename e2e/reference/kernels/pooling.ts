/**
 * Max and average pooling, channels first, in doubles.
 */
import { zeros, type Shape, type Tensor } from '../tensor';
import type { Pooling } from '../types';
import type { Axis } from '../windows';

/**
 * The maximum leaves positions outside the input out. The average counts them as zeros and divides by the whole window,
 * or, when the layer excludes padding, divides by the positions inside alone.
 */
export function pool(layer: Pooling, input: Tensor, output: Shape, axes: readonly [Axis, Axis]): Tensor {
  const result = zeros(output);
  const [rows, columns] = axes;
  let at = 0;
  for (let channel = 0; channel < output.channels; channel++) {
    for (let y = 0; y < output.height; y++) {
      for (let x = 0; x < output.width; x++) {
        const values: number[] = [];
        for (let ky = 0; ky < rows.kernel; ky++) {
          const inY = y * rows.stride - rows.before + ky;
          if (inY < 0 || inY >= input.height) continue;
          for (let kx = 0; kx < columns.kernel; kx++) {
            const inX = x * columns.stride - columns.before + kx;
            if (inX < 0 || inX >= input.width) continue;
            values.push(input.data[(channel * input.height + inY) * input.width + inX]!);
          }
        }
        const count = layer.averageExcludesPadding ? values.length : rows.kernel * columns.kernel;
        result.data[at++] =
          layer.type === 0 ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0) / count;
      }
    }
  }
  return result;
}
