/**
 * The layers without windows that compute: inner product, embedding, batch normalisation and the joining of branches.
 * In doubles.
 */
import { zeros, type Shape, type Tensor } from '../tensor';
import type { BatchNorm, Embedding, InnerProduct } from '../types';
import { addRow, dot } from './rows';

/** Weights are `[out, in]`: one row of inputs for each output. */
export function innerProduct(layer: InnerProduct, input: Tensor, output: Shape): Tensor {
  const result = zeros(output);
  const weights = layer.weights!.floats;
  for (let out = 0; out < layer.outputChannels; out++) {
    const bias = layer.hasBias ? layer.bias!.floats[out]! : 0;
    result.data[out] = bias + dot(weights, out * layer.inputChannels, input.data, 0, layer.inputChannels);
  }
  return result;
}

/** The gradient by the input. */
export function innerProductBack(layer: InnerProduct, input: Shape, gradient: Tensor): Tensor {
  const result = zeros(input);
  const weights = layer.weights!.floats;
  for (let out = 0; out < layer.outputChannels; out++) {
    addRow(result.data, 0, gradient.data[out]!, weights, out * layer.inputChannels, layer.inputChannels);
  }
  return result;
}

/** Adds the gradient by weights and bias to what was summed up before. */
export function innerProductWeightGradient(
  layer: InnerProduct,
  input: Tensor,
  gradient: Tensor,
  sums: { weights: Float64Array; bias: Float64Array },
): void {
  for (let out = 0; out < layer.outputChannels; out++) {
    const arriving = gradient.data[out]!;
    addRow(sums.weights, out * layer.inputChannels, arriving, input.data, 0, layer.inputChannels);
    if (layer.hasBias) sums.bias[out]! += arriving;
  }
}

/**
 * The column of the weights `[out, inputDim]` whose number the input is.
 * @throws Error for an input that is no whole number from 0 to below inputDim
 */
export function embed(layer: Embedding, input: Tensor, output: Shape): Tensor {
  const index = input.data[0]!;
  if (!Number.isInteger(index) || index < 0 || index >= layer.inputDim) {
    throw new Error(`An embedding takes whole numbers from 0 to ${layer.inputDim - 1}, but got ${index}.`);
  }
  const result = zeros(output);
  for (let out = 0; out < layer.outputChannels; out++) {
    const bias = layer.hasBias ? layer.bias!.floats[out]! : 0;
    result.data[out] = layer.weights!.floats[out * layer.inputDim + index]! + bias;
  }
  return result;
}

/** What a channel is multiplied by; an epsilon of 0 is read as 1e-5. */
function scaleOf(layer: BatchNorm, channel: number): number {
  const epsilon = layer.epsilon === 0 ? 1e-5 : layer.epsilon;
  return layer.gamma!.floats[channel]! / Math.sqrt(layer.variance!.floats[channel]! + epsilon);
}

/** gamma * (x - mean) / sqrt(variance + epsilon) + beta for each channel. */
export function batchNorm(layer: BatchNorm, input: Tensor): Tensor {
  const result = zeros(input);
  const area = input.height * input.width;
  for (let channel = 0; channel < input.channels; channel++) {
    const scale = scaleOf(layer, channel);
    const mean = layer.mean!.floats[channel]!;
    const beta = layer.beta!.floats[channel]!;
    for (let at = channel * area; at < (channel + 1) * area; at++) {
      result.data[at] = (input.data[at]! - mean) * scale + beta;
    }
  }
  return result;
}

/** The gradient by the input, of a layer whose statistics stay as they are. */
export function batchNormBack(layer: BatchNorm, gradient: Tensor): Tensor {
  const result = zeros(gradient);
  const area = gradient.height * gradient.width;
  for (let at = 0; at < result.data.length; at++) {
    result.data[at] = gradient.data[at]! * scaleOf(layer, Math.floor(at / area));
  }
  return result;
}

/** The sum, or the product, of all inputs, number by number; of a single input with `alpha`. An axis of 1 is repeated. */
export function combine(
  { kind, alpha }: { kind: 'add' | 'multiply'; alpha: number },
  inputs: readonly Tensor[],
  output: Shape,
): Tensor {
  const result = zeros(output);
  const only = inputs.length === 1;
  result.data.fill(kind === 'add' ? (only ? alpha : 0) : only ? alpha : 1);
  for (const input of inputs) {
    let at = 0;
    for (let channel = 0; channel < output.channels; channel++) {
      for (let y = 0; y < output.height; y++) {
        for (let x = 0; x < output.width; x++, at++) {
          const row = (channel % input.channels) * input.height + (y % input.height);
          const value = input.data[row * input.width + (x % input.width)]!;
          result.data[at] = kind === 'add' ? result.data[at]! + value : result.data[at]! * value;
        }
      }
    }
  }
  return result;
}
