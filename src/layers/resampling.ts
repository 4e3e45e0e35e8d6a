/**
 * UpSampling2D in TensorFlow.js, as two products with small matrices: its own layer knows one grid only, and not every
 * backend has the gradients of its resize operations. Not a layer kind itself.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Problem } from '../core/problem';
import type { Shape } from '../core/shape';
import { composedLayer } from './composedLayer';
import type { TensorFlow, TensorFlowContext } from './defineLayer';
import type { Tap } from './interpolation';

/**
 * A layer that makes each output row of the input rows that its tap names, and each column likewise.
 * @param tapsOf the taps of a side (0 height, 1 width) by the length of the input there.
 */
export function resample(
  tf: TensorFlow,
  context: TensorFlowContext,
  outputShape: (image: Shape) => Shape | Problem,
  tapsOf: (side: 0 | 1, length: number) => readonly Tap[],
): SymbolicTensor {
  const { core } = tf;
  return composedLayer(tf, context, {
    outputShape,
    call(image) {
      // The axis of height, then that of width, is put last, where a matrix applies.
      const resampled = [0, 1].reduce((tensor, side) => {
        const turned = core.transpose(tensor, [0, 2, 3, 1]);
        const [batch, across, deep, length] = turned.shape as [number, number, number, number];
        const taps = tapsOf(side as 0 | 1, length);
        const product = core.matMul(core.reshape(turned, [-1, length]), matrixOf(core, taps, length));
        return core.reshape(product, [batch, across, deep, taps.length]);
      }, image);
      return core.transpose(resampled, [0, 2, 3, 1]);
    },
  });
}

/** `[length, outputs]`: by a column what an output takes of each input. */
function matrixOf(core: TensorFlow['core'], taps: readonly Tap[], length: number): Tensor {
  const shares = new Float32Array(length * taps.length);
  taps.forEach(({ low, high, share }, i) => {
    shares[low * taps.length + i]! += 1 - share;
    shares[high * taps.length + i]! += share;
  });
  return core.tensor2d(shares, [length, taps.length]);
}
