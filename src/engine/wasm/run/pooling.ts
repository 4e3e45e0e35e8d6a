/** Poolings. The maximum runs in WebAssembly; the mean is plain loops. */
import { sizeOf } from '../../../core/shape';
import type { BackwardOperation, ForwardOperation, WindowShape } from '../../plan/plan';
import { address, valuesOf, type Pass } from './machine';

type Forward<T> = Extract<ForwardOperation, { type: T }>;
type Backward<T> = Extract<BackwardOperation, { type: T }>;

export function maxPooling(operation: Forward<'maxPooling'>, { machine, count }: Pass): void {
  const { window, input, output, positions } = operation;
  const [height, width, channels] = window.image;
  const imageBytes = 4 * height * width * channels;
  const outputBytes = 4 * sizeOf(window.output) * channels;
  for (let i = 0; i < count; i++)
    machine.kernels.maxPool(
      address(machine, input) + i * imageBytes,
      address(machine, output) + i * outputBytes,
      address(machine, positions) + i * outputBytes,
      height,
      width,
      channels,
      ...window.size,
      ...window.strides,
      ...window.border,
      ...window.output,
    );
}

export function maxPoolingGradient(operation: Backward<'maxPoolingGradient'>, pass: Pass): void {
  const { machine, count } = pass;
  const { window, positions, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return;
  if (!accumulate) valuesOf(pass, inputGradient).fill(0);
  const channels = window.image[2];
  const places = sizeOf(window.output);
  for (let i = 0; i < count; i++) {
    const outputs = 4 * i * places * channels;
    machine.kernels.maxPoolGradient(
      address(machine, outputGradient) + outputs,
      address(machine, positions) + outputs,
      address(machine, inputGradient) + 4 * i * sizeOf(window.image),
      places,
      channels,
    );
  }
}

/**
 * Visits each output of one image with the part of its window that lies inside: rows `y0`..`y1` and columns `x0`..`x1`
 * of the image, the ends not included, and the output's first channel.
 */
function eachWindow(
  { image, size, strides, border, output }: WindowShape,
  visit: (to: number, y0: number, y1: number, x0: number, x1: number) => void,
): void {
  let to = 0;
  for (let y = 0; y < output[0]; y++)
    for (let x = 0; x < output[1]; x++) {
      const top = y * strides[0] - border[0];
      const left = x * strides[1] - border[1];
      visit(
        to,
        Math.max(top, 0),
        Math.min(top + size[0], image[0]),
        Math.max(left, 0),
        Math.min(left + size[1], image[1]),
      );
      to += image[2];
    }
}

/** Means over what of each window lies inside the image: the border does not count. */
export function averagePooling({ window, input, output }: Forward<'averagePooling'>, pass: Pass): void {
  const [height, width, channels] = window.image;
  const from = valuesOf(pass, input);
  const outputs = valuesOf(pass, output);
  const sums = new Float64Array(channels);
  for (let i = 0; i < pass.count; i++) {
    const image = i * height * width * channels;
    const first = i * sizeOf(window.output) * channels;
    eachWindow(window, (to, y0, y1, x0, x1) => {
      sums.fill(0);
      for (let y = y0; y < y1; y++)
        for (let x = x0; x < x1; x++) {
          const place = image + (y * width + x) * channels;
          for (let c = 0; c < channels; c++) sums[c]! += from[place + c]!;
        }
      const inside = (y1 - y0) * (x1 - x0);
      for (let c = 0; c < channels; c++) outputs[first + to + c] = sums[c]! / inside;
    });
  }
}

export function averagePoolingGradient(operation: Backward<'averagePoolingGradient'>, pass: Pass): void {
  const { window, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return;
  const [height, width, channels] = window.image;
  const gradients = valuesOf(pass, outputGradient);
  const images = valuesOf(pass, inputGradient);
  if (!accumulate) images.fill(0);
  for (let i = 0; i < pass.count; i++) {
    const image = i * height * width * channels;
    const first = i * sizeOf(window.output) * channels;
    eachWindow(window, (from, y0, y1, x0, x1) => {
      const share = 1 / ((y1 - y0) * (x1 - x0));
      for (let y = y0; y < y1; y++)
        for (let x = x0; x < x1; x++) {
          const place = image + (y * width + x) * channels;
          for (let c = 0; c < channels; c++) images[place + c]! += gradients[first + from + c]! * share;
        }
    });
  }
}
