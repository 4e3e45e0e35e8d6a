/** Padding of images in TensorFlow.js by the amounts that a window's rule gives. */
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from './defineLayer';
import { borders, type Window } from './windows';

/** Less than every value of a network; a finite number, because shaders are written with it as a literal. */
export const LOWEST = -3.4e38;

/** Whether TensorFlow.js knows this padding by itself. */
export function isNative(window: Window): window is Window & { readonly padding: 'valid' | 'same' } {
  return window.padding === 'valid' || window.padding === 'same';
}

/** The images `[batch, height, width, channels]` with their border, filled with `value`. */
export function padImages(core: TensorFlow['core'], images: Tensor4D, window: Window, value = 0): Tensor4D {
  const [rows, columns] = borders(window, images.shape.slice(1, 3));
  return core.pad(images, [[0, 0], rows!.padding, columns!.padding, [0, 0]], value);
}
