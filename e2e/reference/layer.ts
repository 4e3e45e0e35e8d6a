/**
 * Computes one layer, and hands a gradient back through one: which arithmetic belongs to which kind.
 */
import { activate, activateBack, softmax } from './kernels/activation';
import { concat, flatten, flattenBack, pad, permute, reshape } from './kernels/arrange';
import { convolutionWeightGradient, convolve, convolveBack } from './kernels/convolution';
import { pool, poolBack } from './kernels/pooling';
import { upsample } from './kernels/upsample';
import { batchNorm, batchNormBack, combine, embed, innerProduct } from './kernels/vectors';
import { innerProductBack, innerProductWeightGradient } from './kernels/vectors';
import { layerShape } from './shapes';
import { describeShape, type Shape, type Tensor } from './tensor';
import type { Convolution, Layer, Pooling } from './types';
import { layDeconvolution, layPooling, layWindow, pairOf, type Axis } from './windows';

/**
 * The output of a layer.
 * @throws Error in a sentence when the layer cannot be computed on these inputs
 */
export function runLayer(layer: Layer, inputs: readonly Tensor[]): Tensor {
  const shape = layerShape(layer, inputs);
  if (typeof shape === 'string') throw new Error(shape);
  const input = inputs[0]!;
  const { body } = layer;
  switch (body.kind) {
    case 'convolution':
      return convolve(body, input, shape, convolutionAxes(body, input));
    case 'pooling':
      return pool(body, input, shape, poolingAxes(body, input));
    case 'activation':
      return activate(body.activation, input);
    case 'innerProduct':
      return innerProduct(body, input, shape);
    case 'embedding':
      return embed(body, input, shape);
    case 'batchnorm':
      return batchNorm(body, input);
    case 'softmax':
      return softmax(input);
    case 'padding':
      return pad(body, input, shape);
    case 'upsample':
      return upsample(body, input, shape);
    case 'flatten':
      return flatten(body.mode, input, shape);
    case 'reshape':
      return reshape(body.mode, input, shape);
    case 'permute':
      return permute(body.axis, input, shape);
    case 'add':
    case 'multiply':
      return combine(body, inputs, shape);
    case 'concat':
      return concat(inputs, shape);
    default:
      throw new Error(`Layer '${layer.name}' (${body.kind}) on ${describeShape(shape)} is not computed.`);
  }
}

/**
 * The gradient of the loss by the input of a layer, from that by its output.
 * @throws Error for a layer through which Core ML passes no gradients
 */
export function runLayerBack(layer: Layer, input: Tensor, output: Tensor, gradient: Tensor): Tensor {
  const { body } = layer;
  switch (body.kind) {
    case 'convolution':
      return convolveBack(body, input, gradient, convolutionAxes(body, input));
    case 'pooling':
      return poolBack(body, input, output, gradient, poolingAxes(body, input));
    case 'activation':
      return activateBack(body.activation, output, gradient);
    case 'innerProduct':
      return innerProductBack(body, input, gradient);
    case 'batchnorm':
      return batchNormBack(body, gradient);
    case 'flatten':
      return flattenBack(body.mode, input, gradient);
    default:
      throw new Error(`Core ML passes no gradients through layer '${layer.name}' (${body.kind}).`);
  }
}

/**
 * Adds the gradient of the loss by the weights and the bias of a layer to sums of the same lengths.
 * @throws Error for a layer whose weights Core ML does not train
 */
export function addWeightGradient(
  layer: Layer,
  input: Tensor,
  gradient: Tensor,
  sums: { weights: Float64Array; bias: Float64Array },
): void {
  const { body } = layer;
  if (body.kind === 'convolution') {
    convolutionWeightGradient(body, input, gradient, convolutionAxes(body, input), sums);
  } else if (body.kind === 'innerProduct') innerProductWeightGradient(body, input, gradient, sums);
  else throw new Error(`Core ML does not train layer '${layer.name}' (${body.kind}).`);
}

function convolutionAxes(body: Convolution, input: Shape): [Axis, Axis] {
  if (!body.isDeconvolution) {
    const kernel = pairOf(body.kernelSize, 3);
    return certain(layWindow(input, kernel, pairOf(body.stride, 1), pairOf(body.dilation, 1), body.padding!));
  }
  return certain(layDeconvolution(body, input)).axes;
}

function poolingAxes(body: Pooling, input: Shape): [Axis, Axis] {
  return certain(layPooling(body, input));
}

/** What the check of the shape has found to be fine already. */
function certain<T>(value: T | string): T {
  if (typeof value === 'string') throw new Error(value);
  return value;
}
