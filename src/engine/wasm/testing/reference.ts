/** Convolutions and poolings as their definitions say, product by product, for one image. */
import { sizeOf } from '../../../core/shape';
import type { ConvolutionShape, WindowShape } from '../../plan/plan';

/** Visits what each window covers of the image: pixels by number, those outside left out, with the tap that covers them. */
export function eachWindow(
  { image, size, strides, dilation, border, output }: WindowShape,
  visit: (place: number, taps: readonly { readonly tap: number; readonly pixel: number }[]) => void,
): void {
  for (let place = 0; place < output[0] * output[1]; place++) {
    const [y, x] = [Math.floor(place / output[1]), place % output[1]];
    const taps = Array.from({ length: size[0] * size[1] }, (_, tap) => ({
      tap,
      row: y * strides[0] - border[0] + Math.floor(tap / size[1]) * dilation[0],
      column: x * strides[1] - border[1] + (tap % size[1]) * dilation[1],
    })).filter(({ row, column }) => row >= 0 && row < image[0] && column >= 0 && column < image[1]);
    visit(
      place,
      taps.map(({ tap, row, column }) => ({ tap, pixel: row * image[1] + column })),
    );
  }
}

/** Visits each product that a convolution sums, by the places of its factors and of the sum; the kernel is [tap, channel, filter]. */
export function eachProduct(
  { window, filters, groups }: ConvolutionShape,
  visit: (input: number, kernel: number, output: number) => void,
): void {
  const all = window.image[2];
  const [channels, columns] = [all / groups, filters / groups];
  eachWindow(window, (place, taps) => {
    for (const { tap, pixel } of taps)
      for (let filter = 0; filter < filters; filter++) {
        const first = Math.floor(filter / columns) * channels;
        for (let channel = 0; channel < channels; channel++)
          visit(
            pixel * all + first + channel,
            (tap * channels + channel) * filters + filter,
            place * filters + filter,
          );
      }
  });
}

/** Sums of the products and the bias, without the curve. */
export function convolve(
  shape: ConvolutionShape,
  image: Float32Array,
  kernel: Float32Array,
  bias: Float32Array,
): Float64Array {
  const size = sizeOf(shape.window.output) * shape.filters;
  const sums = Float64Array.from({ length: size }, (_, i) =>
    shape.bias === undefined ? 0 : bias[i % shape.filters]!,
  );
  eachProduct(shape, (i, k, o) => (sums[o]! += image[i]! * kernel[k]!));
  return sums;
}

/** Index in the image of the first of the largest values of each window and channel. */
export function maxima(window: WindowShape, image: ArrayLike<number>): readonly number[] {
  const channels = window.image[2];
  const found: number[] = [];
  eachWindow(window, (_, taps) => {
    for (let channel = 0; channel < channels; channel++) {
      const places = taps.map(({ pixel }) => pixel * channels + channel);
      found.push(places.reduce((best, place) => (image[place]! > image[best]! ? place : best)));
    }
  });
  return found;
}
