/**
 * The layers that move numbers and change none: flatten, reshape, permute, concat, padding. In doubles.
 */
import { zeros, type Shape, type Tensor } from '../tensor';
import type { Border, PaddingLayer } from '../types';

/** The numbers by rows, columns, channels: the order of channel last. */
function channelsLast(input: Tensor): Float64Array {
  const area = input.height * input.width;
  return input.data.map(
    (_, at) => input.data[(at % input.channels) * area + Math.floor(at / input.channels)]!,
  );
}

/** Mode 0 walks channels, rows, columns (the order of memory); mode 1 walks rows, columns, channels. */
export function flatten(mode: number, input: Tensor, output: Shape): Tensor {
  const result = zeros(output);
  result.data.set(mode === 0 ? input.data : channelsLast(input));
  return result;
}

/** The way back of `flatten`: the gradient by its input. */
export function flattenBack(mode: number, input: Shape, gradient: Tensor): Tensor {
  return reshape(mode, gradient, input);
}

/**
 * Mode 0 keeps the order of memory. Mode 1 walks rows, columns, channels of the input and fills rows, columns, channels
 * of the output.
 */
export function reshape(mode: number, input: Tensor, output: Shape): Tensor {
  const result = zeros(output);
  if (mode === 0) {
    result.data.set(input.data);
    return result;
  }
  const walked = channelsLast(input);
  const area = output.height * output.width;
  result.data.forEach((_, at) => {
    result.data[at] = walked[(at % area) * output.channels + Math.floor(at / area)]!;
  });
  return result;
}

/**
 * Axis i of the output is axis `axis[i]` of the input; the four are sequence, channels, height, width. There is one
 * sequence only, so the shape of the output holds whatever stands where.
 */
export function permute(axis: readonly number[], input: Tensor, output: Shape): Tensor {
  const result = zeros(output);
  const area = input.height * input.width;
  const steps = [input.data.length, area, input.width, 1];
  const [, forChannel, forRow, forColumn] = axis.map((from) => steps[from]!);
  let at = 0;
  for (let channel = 0; channel < output.channels; channel++) {
    for (let row = 0; row < output.height; row++) {
      for (let column = 0; column < output.width; column++) {
        result.data[at++] = input.data[channel * forChannel! + row * forRow! + column * forColumn!]!;
      }
    }
  }
  return result;
}

/** All inputs one after the other along the channels, which is the order of memory. */
export function concat(inputs: readonly Tensor[], output: Shape): Tensor {
  const result = zeros(output);
  let at = 0;
  for (const input of inputs) {
    result.data.set(input.data, at);
    at += input.data.length;
  }
  return result;
}

/** Adds rows and columns at the edges: of one number, the mirror image behind the edge, or the edge again and again. */
export function pad({ padding, amounts }: PaddingLayer, input: Tensor, output: Shape): Tensor {
  const result = zeros(output);
  const [rows, columns] = amounts;
  let at = 0;
  for (let channel = 0; channel < output.channels; channel++) {
    for (let row = 0; row < output.height; row++) {
      const y = sourceOf(row, rows, input.height, padding!.mode);
      for (let column = 0; column < output.width; column++) {
        const x = sourceOf(column, columns, input.width, padding!.mode);
        const outside = y === undefined || x === undefined;
        result.data[at++] =
          outside && padding?.mode === 'constant'
            ? padding.value
            : input.data[(channel * input.height + y!) * input.width + x!]!;
      }
    }
  }
  return result;
}

/** Where along an axis the number at `at` of the padded axis comes from; undefined where it is filled in. */
function sourceOf(at: number, border: Border | undefined, size: number, mode: string): number | undefined {
  const inside = at - (border?.start ?? 0);
  if (inside >= 0 && inside < size) return inside;
  if (mode === 'constant') return undefined;
  if (mode === 'replication') return inside < 0 ? 0 : size - 1;
  return inside < 0 ? -inside : 2 * (size - 1) - inside;
}
