/**
 * What the convolutions share in TensorFlow.js where its own layers do not do: they know no groups and no padding but
 * their own two, and compute no gradients of dilated kernels. Not a layer kind itself.
 */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Problem } from '../core/problem';
import type { Shape } from '../core/shape';
import type { ActivationName } from './activations';
import { composedLayer } from './composedLayer';
import type { TensorFlow, TensorFlowContext, WeightSpec } from './defineLayer';
import { isNative, padImages } from './paddedTensor';
import { spreadKernel } from './spreadKernel';
import type { Window } from './windows';

interface Convolution {
  readonly activation: ActivationName;
  readonly outputShape: (image: Shape) => Shape | Problem;
  /** For an input of this shape: kernel and, where it has one, bias. */
  readonly weights: (image: Shape) => readonly WeightSpec[];
  /** Without bias and activation. */
  readonly convolve: (image: Tensor4D, kernel: Tensor4D) => Tensor;
}

/** A layer that convolves in its own way, then adds its bias and bends the sum. */
export function composedConvolution(
  tf: TensorFlow,
  context: TensorFlowContext,
  { activation, outputShape, weights, convolve }: Convolution,
): SymbolicTensor {
  const curve = tf.layers.layers.activation({ activation });
  return composedLayer(tf, context, {
    outputShape,
    weights,
    call(image, [kernel, bias]) {
      const convolved = convolve(image as Tensor4D, kernel as Tensor4D);
      const sum = bias ? tf.core.add(convolved, bias) : convolved;
      return activation === 'linear' ? sum : (curve.apply(sum) as Tensor);
    },
  });
}

type Slide = (
  image: Tensor4D,
  kernel: Tensor4D,
  strides: [number, number],
  padding: 'valid' | 'same',
) => Tensor4D;

/** Slides a window of any padding and dilation: its border is put around the image, and zeros between its taps. */
export const slid =
  (core: TensorFlow['core'], window: Window, slide: Slide): Convolution['convolve'] =>
  (image, kernel) => {
    const taps = spreadKernel(core, kernel, window.dilation ?? [1, 1]);
    const strides = [...window.strides] as [number, number];
    return isNative(window)
      ? slide(image, taps, strides, window.padding)
      : slide(padImages(core, image, window), taps, strides, 'valid');
  };

/** Convolves each group of channels by itself. The last axis of both is cut. */
export function byGroups(
  core: TensorFlow['core'],
  groups: number,
  image: Tensor4D,
  kernel: Tensor4D,
  convolve: (image: Tensor4D, kernel: Tensor4D) => Tensor4D,
): Tensor4D {
  // One group is not split: TensorFlow.js has no gradient of a split into one.
  if (groups === 1) return convolve(image, kernel);
  const kernels = core.split<Tensor4D>(kernel, groups, 3);
  return core.concat<Tensor4D>(
    core.split<Tensor4D>(image, groups, 3).map((part, i) => convolve(part, kernels[i]!)),
    3,
  );
}
