/**
 * The convolution in TensorFlow.js where its own Conv2D layer does not do: it knows no groups and no padding but its own
 * two, and it computes no gradients of dilated kernels. Not a layer kind itself.
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
  readonly window: Window;
  readonly groups: number;
  readonly activation: ActivationName;
  readonly outputShape: (image: Shape) => Shape | Problem;
  /** For an input of this shape: kernel and, where it has one, bias. */
  readonly weights: (image: Shape) => readonly WeightSpec[];
}

/** A layer that convolves each group of channels by itself, with kernels that are spread by zeros. */
export function composedConvolution(
  tf: TensorFlow,
  context: TensorFlowContext,
  { window, groups, activation, outputShape, weights }: Convolution,
): SymbolicTensor {
  const { core, layers } = tf;
  const curve = layers.layers.activation({ activation });
  const strides = window.strides as [number, number];
  return composedLayer(tf, context, {
    outputShape,
    weights,
    call(input, [kernel, bias]) {
      const native = isNative(window);
      const image = native ? (input as Tensor4D) : padImages(core, input as Tensor4D, window);
      const taps = spreadKernel(core, kernel as Tensor4D, window.dilation ?? [1, 1]);
      // One group is not split: TensorFlow.js has no gradient of a split into one.
      const split = (values: Tensor4D): Tensor4D[] =>
        groups > 1 ? core.split<Tensor4D>(values, groups, 3) : [values];
      const kernels = split(taps);
      const parts = split(image).map((part, i) =>
        core.conv2d(part, kernels[i]!, strides, native ? window.padding : 'valid'),
      );
      const convolved = groups > 1 ? core.concat(parts, 3) : parts[0]!;
      const sum = bias ? core.add(convolved, bias) : convolved;
      return activation === 'linear' ? sum : (curve.apply(sum) as Tensor);
    },
  });
}
