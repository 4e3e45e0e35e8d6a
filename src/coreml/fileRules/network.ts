/** Rules of the layers of a file together: their names, their order, their padding and their weights. */
import type { NeuralNetworkLayer, PaddingChoice, WeightParams } from '../messages';
import type { Model } from '../model';
import { stated } from '../stated';
import { firstOf, networkOf, repeated, type FileRule } from './fileRule';

const LAYERS = 'Validation/NeuralNetwork/NeuralNetworkLayerValidator.cpp';
const NETWORK = 'Validation/NeuralNetwork/NeuralNetworkValidator.cpp, validateNeuralNetwork';

const layersOf = (model: Model): readonly NeuralNetworkLayer[] => networkOf(model)?.layers ?? [];

export const networkRules: readonly FileRule[] = [
  {
    id: 'layerNames',
    sentence: 'Every layer and every loss has a name of its own.',
    source:
      'Validation/NeuralNetwork/UpdatableNeuralNetworkValidator.cpp, validateLayerAndLossLayerNamesCollisions',
    check(model) {
      const losses = networkOf(model)?.updateParams?.lossLayers ?? [];
      const names = [...layersOf(model), ...losses].map(({ name }) => name);
      if (names.includes('')) return 'A layer or a loss has no name.';
      const twice = repeated(names);
      return twice && `Two layers, or a layer and the loss, are named "${twice}".`;
    },
  },
  {
    id: 'order',
    sentence: 'A layer reads what goes in or what a layer before it makes.',
    source: NETWORK,
    check(model) {
      const made = new Set(model.description.input.map(({ name }) => name));
      return firstOf(layersOf(model), ({ name, input, output }) => {
        const missing = input.find((blob) => !made.has(blob));
        for (const blob of output) made.add(blob);
        if (missing !== undefined) return `"${name}" reads "${missing}", which nothing before it makes.`;
        return input.length > 0 && output.length > 0 ? undefined : `"${name}" reads or makes nothing.`;
      });
    },
  },
  {
    id: 'madeOnce',
    sentence: 'Every blob is made once.',
    source: NETWORK,
    check(model) {
      const blobs = [
        ...model.description.input.map(({ name }) => name),
        ...layersOf(model).flatMap(({ output }) => output),
      ];
      const twice = repeated(blobs);
      return twice && `"${twice}" is made more than once.`;
    },
  },
  {
    id: 'convolutionPadding',
    sentence: 'A convolution states its padding, also where it is empty.',
    source: `${LAYERS}, validateConvolutionLayer`,
    check: (model) =>
      firstOf(layersOf(model), ({ name, convolution }) => convolution && paddingRefusal(name, convolution)),
  },
  {
    id: 'poolingPadding',
    sentence: 'A pooling states its padding, also where it is empty.',
    source: `${LAYERS}, validatePoolingLayer`,
    check: (model) =>
      firstOf(layersOf(model), ({ name, pooling }) =>
        pooling?.includeLastPixel ? undefined : pooling && paddingRefusal(name, pooling),
      ),
  },
  {
    id: 'paddingKind',
    sentence: 'A padding states what it fills with: a number, the image turned over, or its edge.',
    source: `${LAYERS}, validatePaddingLayer`,
    check: (model) =>
      firstOf(layersOf(model), ({ name, padding }) => {
        if (!padding) return undefined;
        const kinds = [padding.constant, padding.reflection, padding.replication];
        const stated = kinds.filter((kind) => kind !== undefined).length;
        return stated === 1 ? undefined : `"${name}" states ${stated || 'no'} kinds of padding.`;
      }),
  },
  {
    id: 'weightCounts',
    sentence:
      'Weights are as many as the sizes of their layer ask for, and a bias is there where it is stated.',
    source: `${LAYERS}, validateInnerProductWeightsBias`,
    check: (model) => firstOf(layersOf(model), weightsRefusal),
  },
  {
    id: 'finiteWeights',
    sentence: 'Weights are finite numbers.',
    source: `${LAYERS}, validateConvolutionLayer`,
    check: (model) =>
      firstOf(layersOf(model), (layer) =>
        blocksOf(layer).every(({ weights }) => weights?.floatValue?.every(Number.isFinite) ?? true)
          ? undefined
          : `"${layer.name}" has weights that are no finite numbers.`,
      ),
  },
];

function paddingRefusal(name: string, { valid, same }: PaddingChoice): string | undefined {
  return valid !== undefined && same !== undefined
    ? `"${name}" states two paddings.`
    : (valid ?? same)
      ? undefined
      : `"${name}" states no padding.`;
}

interface Block {
  /** Keras's word for it. */
  readonly what: string;
  readonly weights: Partial<WeightParams> | undefined;
  /** How many there must be. */
  readonly count: number;
}

function weightsRefusal(layer: NeuralNetworkLayer): string | undefined {
  return firstOf(blocksOf(layer), ({ what, weights, count }) => {
    const found = weights?.floatValue?.length ?? 0;
    return found === count
      ? undefined
      : `The ${what} of "${layer.name}" has ${found} numbers; its sizes ask for ${count}.`;
  });
}

/** The blocks of weights that a layer has or should have. */
function blocksOf(layer: NeuralNetworkLayer): readonly Block[] {
  const { convolution, innerProduct, embedding, batchnorm, activation } = stated(layer);
  const bias = (of: { hasBias: boolean; bias?: WeightParams; outputChannels: number }): readonly Block[] =>
    of.hasBias ? [{ what: 'bias', weights: of.bias, count: of.outputChannels }] : [];
  const kernel = (weights: WeightParams, count: number): Block => ({ what: 'kernel', weights, count });
  if (convolution) {
    const { outputChannels, kernelChannels, nGroups, kernelSize, isDeconvolution } = convolution;
    const out = isDeconvolution ? outputChannels / Math.max(1, nGroups) : outputChannels;
    const count = kernelSize.reduce((product, size) => product * size, out * kernelChannels);
    return [kernel(convolution.weights, count), ...bias(convolution)];
  }
  if (innerProduct) {
    const { inputChannels, outputChannels } = innerProduct;
    return [kernel(innerProduct.weights, inputChannels * outputChannels), ...bias(innerProduct)];
  }
  if (embedding)
    return [kernel(embedding.weights, embedding.inputDim * embedding.outputChannels), ...bias(embedding)];
  if (batchnorm) {
    const { gamma, beta, mean, variance, channels: count } = batchnorm;
    const named = { gamma, beta, 'moving mean': mean, 'moving variance': variance };
    return Object.entries(named).map(([what, weights]) => ({ what, weights, count }));
  }
  // One number for each channel, or one for all: how many channels there are, the layer does not say.
  const ofCurve = { ...activation?.PReLU, ...activation?.parametricSoftplus };
  return Object.entries(ofCurve).map(([what, weights]) => ({
    what,
    weights,
    count: Math.max(1, weights.floatValue.length),
  }));
}
