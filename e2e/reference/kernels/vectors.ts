/**
 * The layers without windows: inner product, flatten, batch normalisation, and the joining of branches. In doubles.
 */
import { zeros, type Shape, type Tensor } from '../tensor';
import type { BatchNorm, InnerProduct } from '../types';

/** Weights are `[out, in]`: one row of inputs for each output. */
export function innerProduct(layer: InnerProduct, input: Tensor, output: Shape): Tensor {
  const result = zeros(output);
  const weights = layer.weights!.floats;
  for (let out = 0; out < layer.outputChannels; out++) {
    let sum = layer.hasBias ? layer.bias!.floats[out]! : 0;
    for (let at = 0; at < layer.inputChannels; at++)
      sum += weights[out * layer.inputChannels + at]! * input.data[at]!;
    result.data[out] = sum;
  }
  return result;
}

/** Mode 0 walks channels, rows, columns (the order of memory); mode 1 walks rows, columns, channels. */
export function flatten(mode: number, input: Tensor, output: Shape): Tensor {
  if (mode !== 0 && mode !== 1) throw new Error(`Flatten mode ${mode} is not known; 0 and 1 are.`);
  const result = zeros(output);
  if (mode === 0) {
    result.data.set(input.data);
    return result;
  }
  let at = 0;
  for (let y = 0; y < input.height; y++) {
    for (let x = 0; x < input.width; x++) {
      for (let channel = 0; channel < input.channels; channel++) {
        result.data[at++] = input.data[(channel * input.height + y) * input.width + x]!;
      }
    }
  }
  return result;
}

/** gamma * (x - mean) / sqrt(variance + epsilon) + beta for each channel; an epsilon of 0 is read as 1e-5. */
export function batchNorm(layer: BatchNorm, input: Tensor): Tensor {
  const result = zeros(input);
  const area = input.height * input.width;
  const epsilon = layer.epsilon === 0 ? 1e-5 : layer.epsilon;
  for (let channel = 0; channel < input.channels; channel++) {
    const scale = layer.gamma!.floats[channel]! / Math.sqrt(layer.variance!.floats[channel]! + epsilon);
    const mean = layer.mean!.floats[channel]!;
    const beta = layer.beta!.floats[channel]!;
    for (let at = channel * area; at < (channel + 1) * area; at++) {
      result.data[at] = (input.data[at]! - mean) * scale + beta;
    }
  }
  return result;
}

/** The sum, or the product, of all inputs, number by number. */
export function combine(kind: 'add' | 'multiply', inputs: readonly Tensor[], output: Shape): Tensor {
  const result = zeros(output);
  for (let at = 0; at < result.data.length; at++) {
    let value = kind === 'add' ? 0 : 1;
    for (const input of inputs) value = kind === 'add' ? value + input.data[at]! : value * input.data[at]!;
    result.data[at] = value;
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
