/**
 * Whether the sizes that a file's layer states agree with the weights that it has, before anything is done by those
 * sizes. What the format leaves to its defaults is stated already; see `stated.ts`.
 */
import type { NeuralNetworkLayer, WeightParams } from '../../../coreml/messages';

/** Sizes above it are no sizes: products of a few of them still are exact. */
const LARGEST = 2 ** 24;

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

type Sizes = Readonly<Record<string, readonly number[]>>;

/** The sizes that each weight of a layer has by what the layer states; weights that it may leave out come last. */
function sizesOf(layer: NeuralNetworkLayer): Sizes {
  const { convolution, innerProduct, embedding, batchnorm } = layer;
  const bias = (params: { hasBias: boolean; outputChannels: number }): Sizes =>
    params.hasBias ? { bias: [params.outputChannels] } : {};
  if (convolution) {
    const { outputChannels, kernelChannels, nGroups, kernelSize, isDeconvolution } = convolution;
    const outputs = isDeconvolution ? outputChannels / nGroups : outputChannels;
    return { weights: [outputs, kernelChannels, ...kernelSize], ...bias(convolution) };
  }
  if (innerProduct)
    return { weights: [innerProduct.outputChannels, innerProduct.inputChannels], ...bias(innerProduct) };
  if (embedding) return { weights: [embedding.outputChannels, embedding.inputDim], ...bias(embedding) };
  if (!batchnorm) return {};
  const channels = [batchnorm.channels];
  // Left out where the layer computes them of each input.
  const statistics: Sizes =
    batchnorm.mean || batchnorm.variance ? { mean: channels, variance: channels } : {};
  return { gamma: channels, beta: channels, ...statistics };
}

/** How many numbers each weight of a layer should have, by the weight's name. */
export function expectedCounts(layer: NeuralNetworkLayer): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(sizesOf(layer)).map(([name, sizes]) => [
      name,
      sizes.reduce((product, size) => product * size, 1),
    ]),
  );
}

function wrongCount(layer: NeuralNetworkLayer): string | undefined {
  const { convolution, innerProduct, embedding, batchnorm } = layer;
  if (convolution && convolution.outputChannels % convolution.nGroups !== 0)
    return `Its ${convolution.outputChannels} filters do not divide into ${convolution.nGroups} groups.`;
  const part = convolution ?? innerProduct ?? embedding ?? batchnorm;
  const sizes = sizesOf(layer);
  for (const [name, expected] of Object.entries(expectedCounts(layer))) {
    const found =
      (part as unknown as Readonly<Record<string, WeightParams | undefined>>)[name]?.floatValue.length ?? 0;
    if (!(expected > 0) || found !== expected)
      return `Its ${name} should be ${sizes[name]!.join('×')} numbers; the file has ${found.toLocaleString('en-US')}.`;
  }
  return undefined;
}
