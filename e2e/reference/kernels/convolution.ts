/**
 * Convolution as the plain sum that defines it, channels first, in doubles. Slow on purpose: to be right by reading.
 */
import { zeros, type Shape, type Tensor } from '../tensor';
import type { Convolution } from '../types';
import type { Axis } from '../windows';

/**
 * Group g of the outputs sees group g of the input channels; weights are `[out, in/groups, kH, kW]`; positions outside
 * the input count as zero.
 * @param output the shape of the result
 * @param axes the windows along height and width
 */
export function convolve(
  layer: Convolution,
  input: Tensor,
  output: Shape,
  axes: readonly [Axis, Axis],
): Tensor {
  const result = zeros(output);
  const [rows, columns] = axes;
  const weights = layer.weights?.floats ?? new Float32Array(0);
  const outputsPerGroup = layer.outputChannels / Math.max(1, layer.groups);
  let at = 0;
  for (let out = 0; out < output.channels; out++) {
    const firstChannel = Math.floor(out / outputsPerGroup) * layer.kernelChannels;
    const bias = layer.hasBias ? layer.bias!.floats[out]! : 0;
    for (let y = 0; y < output.height; y++) {
      for (let x = 0; x < output.width; x++) {
        let sum = bias;
        for (let channel = 0; channel < layer.kernelChannels; channel++) {
          for (let ky = 0; ky < rows.kernel; ky++) {
            const inY = y * rows.stride - rows.before + ky * rows.dilation;
            if (inY < 0 || inY >= input.height) continue;
            for (let kx = 0; kx < columns.kernel; kx++) {
              const inX = x * columns.stride - columns.before + kx * columns.dilation;
              if (inX < 0 || inX >= input.width) continue;
              const weight =
                ((out * layer.kernelChannels + channel) * rows.kernel + ky) * columns.kernel + kx;
              const element = ((firstChannel + channel) * input.height + inY) * input.width + inX;
              sum += weights[weight]! * input.data[element]!;
            }
          }
        }
        result.data[at++] = sum;
      }
    }
  }
  return result;
}
