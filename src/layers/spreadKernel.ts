/** Dilated kernels in TensorFlow.js, which computes no gradients of dilation. */
import type { Rank, Tensor4D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from './defineLayer';

/** Sets the taps of a kernel apart by zeros: `[h, w, in, out]` to `[(h − 1)·d + 1, (w − 1)·d + 1, in, out]`. */
export function spreadKernel(
  core: TensorFlow['core'],
  kernel: Tensor4D,
  [down, across]: readonly number[],
): Tensor4D {
  if (down === 1 && across === 1) return kernel;
  const [height, width, inputs, outputs] = kernel.shape;
  const rows = core.pad(core.reshape(kernel, [height, 1, -1]), [
    [0, 0],
    [0, down! - 1],
    [0, 0],
  ]);
  const columns = core.pad(core.reshape(rows, [height * down!, width, 1, -1]), [
    [0, 0],
    [0, 0],
    [0, across! - 1],
    [0, 0],
  ]);
  const full = core.reshape<Rank.R4>(columns, [height * down!, width * across!, inputs, outputs]);
  return core.slice(
    full,
    [0, 0, 0, 0],
    [(height - 1) * down! + 1, (width - 1) * across! + 1, inputs, outputs],
  );
}
