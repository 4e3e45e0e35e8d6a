/**
 * Whether the sizes that a file's layer states agree with the weights that it has, before anything is done by those
 * sizes. What the format leaves unsaid is put in. Source of the defaults: NeuralNetwork.proto of Apple's coremltools.
 */
import type { NeuralNetworkLayer, WeightParams } from '../../../coreml/messages';

/** Sizes above it are no sizes: products of a few of them still are exact. */
const LARGEST = 2 ** 24;

/** The layer with the sizes that it leaves to the format's defaults. */
export function stated(layer: NeuralNetworkLayer): NeuralNetworkLayer {
  const pair = (sizes: number[] | undefined, otherwise: number) =>
    sizes?.length ? sizes : [otherwise, otherwise];
  if (layer.convolution) {
    const { nGroups, kernelSize, stride, dilationFactor } = layer.convolution;
    return {
      ...layer,
      convolution: {
        ...layer.convolution,
        nGroups: nGroups || 1,
        kernelSize: pair(kernelSize, 3),
        stride: pair(stride, 1),
        dilationFactor: pair(dilationFactor, 1),
      },
    };
  }
  if (layer.pooling && !layer.pooling.globalPooling) {
    const { kernelSize, stride } = layer.pooling;
    return {
      ...layer,
      pooling: { ...layer.pooling, kernelSize: pair(kernelSize, 3), stride: pair(stride, 1) },
    };
  }
  return layer;
}

/** What is wrong with the layer's sizes, as a sentence, or undefined. */
export function wrongSizes(layer: NeuralNetworkLayer): string | undefined {
  return tooLarge(layer) ?? wrongCount(layer);
}

function tooLarge(value: unknown): string | undefined {
  if (typeof value === 'number' && !(Math.abs(value) <= LARGEST))
    return `It states the number ${value}, which is no size of a layer.`;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined;
  if (Array.isArray(value) && value.length > 64)
    return `One of its lists has ${value.length.toLocaleString('en-US')} entries; 64 is the most.`;
  for (const part of Object.values(value)) {
    const wrong = tooLarge(part);
    if (wrong) return wrong;
  }
  return undefined;
}

function wrongCount(layer: NeuralNetworkLayer): string | undefined {
  const { convolution, innerProduct, embedding, batchnorm } = layer;
  if (convolution) {
    const { outputChannels, kernelChannels, nGroups, kernelSize, isDeconvolution } = convolution;
    if (outputChannels % nGroups !== 0)
      return `Its ${outputChannels} filters do not divide into ${nGroups} groups.`;
    const outputs = isDeconvolution ? outputChannels / nGroups : outputChannels;
    return (
      lengthOf('weights', convolution.weights, [outputs, kernelChannels, ...kernelSize]) ??
      biasOf(convolution, outputChannels)
    );
  }
  if (innerProduct) {
    const { inputChannels, outputChannels } = innerProduct;
    return (
      lengthOf('weights', innerProduct.weights, [outputChannels, inputChannels]) ??
      biasOf(innerProduct, outputChannels)
    );
  }
  if (embedding) {
    const { inputDim, outputChannels } = embedding;
    return (
      lengthOf('weights', embedding.weights, [outputChannels, inputDim]) ?? biasOf(embedding, outputChannels)
    );
  }
  if (batchnorm) {
    const { channels, gamma, beta, mean, variance } = batchnorm;
    const of = (name: string, weights: WeightParams) => lengthOf(name, weights, [channels]);
    return (
      of('gamma', gamma) ??
      of('beta', beta) ??
      // Left out where the layer computes them of each input.
      (mean || variance ? (of('mean', mean) ?? of('variance', variance)) : undefined)
    );
  }
  return undefined;
}

function biasOf(params: { hasBias: boolean; bias?: WeightParams }, channels: number): string | undefined {
  return params.hasBias ? lengthOf('bias', params.bias, [channels]) : undefined;
}

function lengthOf(name: string, weights: WeightParams | undefined, sizes: number[]): string | undefined {
  const expected = sizes.reduce((product, size) => product * size, 1);
  const found = weights?.floatValue.length ?? 0;
  return expected > 0 && found === expected
    ? undefined
    : `Its ${name} should be ${sizes.join('×')} numbers; the file has ${found.toLocaleString('en-US')}.`;
}
