/**
 * The activations of Core ML as functions of one number, and softmax, which needs all channels. In doubles.
 */
import { zeros, type Tensor } from '../tensor';
import type { Activation } from '../types';

/** The function of one number, for channel `channel` where the activation has weights. */
function scalar(activation: Activation, channel: number): (x: number) => number {
  switch (activation.name) {
    case 'none':
      throw new Error('An activation layer of no kind cannot be computed.');
    case 'relu':
      return (x) => Math.max(0, x);
    case 'tanh':
      return Math.tanh;
    case 'sigmoid':
      return (x) => 1 / (1 + Math.exp(-x));
    case 'softsign':
      return (x) => x / (1 + Math.abs(x));
    case 'softplus':
      return softplus;
    case 'leakyRelu':
      return (x) => (x >= 0 ? x : activation.alpha * x);
    case 'thresholdedRelu':
      return (x) => (x >= activation.alpha ? x : 0);
    case 'elu':
      return (x) => (x >= 0 ? x : activation.alpha * Math.expm1(x));
    case 'linear':
      return (x) => activation.alpha * x + activation.beta;
    case 'scaledTanh':
      return (x) => activation.alpha * Math.tanh(activation.beta * x);
    case 'sigmoidHard':
      return (x) => Math.min(1, Math.max(0, activation.alpha * x + activation.beta));
    case 'prelu': {
      const alpha = perChannel(activation.alpha?.floats, channel);
      return (x) => (x >= 0 ? x : alpha * x);
    }
    case 'parametricSoftplus': {
      const alpha = perChannel(activation.alpha?.floats, channel);
      const beta = perChannel(activation.beta?.floats, channel);
      return (x) => alpha * softplus(beta * x);
    }
    default:
      return activation satisfies never;
  }
}

/** log(1 + e^x), without overflow for large x. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** A weight that is given once for all channels or once for each. */
function perChannel(values: Float32Array | undefined, channel: number): number {
  return values?.[values.length === 1 ? 0 : channel] ?? Number.NaN;
}

/** Applies an activation to every number. */
export function activate(activation: Activation, input: Tensor): Tensor {
  const result = zeros(input);
  const area = input.height * input.width;
  for (let channel = 0; channel < input.channels; channel++) {
    const f = scalar(activation, channel);
    for (let at = channel * area; at < (channel + 1) * area; at++) result.data[at] = f(input.data[at]!);
  }
  return result;
}

/**
 * The gradient by the input, of the three activations through which Core ML passes gradients.
 * @throws Error for the others
 */
export function activateBack(activation: Activation, output: Tensor, gradient: Tensor): Tensor {
  const result = zeros(output);
  const slope = slopeOf(activation.name);
  for (let at = 0; at < result.data.length; at++)
    result.data[at] = gradient.data[at]! * slope(output.data[at]!);
  return result;
}

/** The slope where the function has the value y. Of relu at 0 it is 0. */
function slopeOf(name: Activation['name']): (y: number) => number {
  if (name === 'relu') return (y) => (y > 0 ? 1 : 0);
  if (name === 'sigmoid') return (y) => y * (1 - y);
  if (name === 'tanh') return (y) => 1 - y * y;
  throw new Error(`Core ML passes no gradients through the activation ${name}.`);
}

/** Softmax over the channels, at every position on its own. */
export function softmax(input: Tensor): Tensor {
  const result = zeros(input);
  const area = input.height * input.width;
  for (let position = 0; position < area; position++) {
    let largest = -Infinity;
    for (let at = position; at < input.data.length; at += area) largest = Math.max(largest, input.data[at]!);
    let sum = 0;
    for (let at = position; at < input.data.length; at += area) sum += Math.exp(input.data[at]! - largest);
    for (let at = position; at < input.data.length; at += area) {
      result.data[at] = Math.exp(input.data[at]! - largest) / sum;
    }
  }
  return result;
}
