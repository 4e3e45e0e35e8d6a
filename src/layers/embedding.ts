/** Embedding: a learned vector for each index. */
import { transpose } from '../core/layouts';
import type { ParamsOf } from '../core/params';
import { problem } from '../core/problem';
import { formatShape } from '../core/shape';
import type { NeuralNetworkLayer } from '../coreml/messages';
import { composedLayer } from './composedLayer';
import { readBias, readFloats } from './coremlReading';
import { defineLayer, type CoreMLRead, type WeightSpec } from './defineLayer';

const params = {
  inputDim: {
    type: 'integer',
    label: 'Input dimension',
    help: 'How many indices there are: 0 is the first, one less than this the last.',
    default: 1000,
    min: 1,
    max: 1_048_576,
    step: 'double',
  },
  outputDim: {
    type: 'integer',
    label: 'Output dimension',
    help: 'How many numbers stand for each index.',
    default: 64,
    min: 1,
    max: 65536,
    step: 'double',
  },
  useBias: {
    type: 'boolean',
    label: 'Bias',
    help: 'Adds one more vector to that of each index, as Core ML can.',
    default: false,
  },
} as const;

/** Keras draws the vectors between −0.05 and 0.05, whatever their size: so does this many values flowing in. */
const KERAS_FAN = 1200;

function weightsOf(p: ParamsOf<typeof params>): readonly WeightSpec[] {
  const fans = { fanIn: KERAS_FAN, fanOut: p.outputDim };
  const embeddings: WeightSpec = {
    name: 'embeddings',
    shape: [p.inputDim, p.outputDim],
    initializer: 'lecunUniform',
    fans,
    trainable: true,
  };
  const bias: WeightSpec = {
    name: 'bias',
    shape: [p.outputDim],
    initializer: 'zeros',
    fans,
    trainable: true,
  };
  return p.useBias ? [embeddings, bias] : [embeddings];
}

function read({ embedding: layer }: NeuralNetworkLayer): CoreMLRead | string | undefined {
  if (!layer) return undefined;
  const { inputDim, outputChannels } = layer;
  const table = readFloats(layer.weights, inputDim * outputChannels, 'table');
  if (typeof table === 'string') return table;
  const bias = readBias(layer);
  if (typeof bias === 'string') return bias;
  return {
    params: { inputDim, outputDim: outputChannels, useBias: bias !== undefined },
    weights: { embeddings: transpose(table, [outputChannels, inputDim]), ...(bias ? { bias } : {}) },
  };
}

export const embedding = defineLayer({
  kind: 'embedding',
  label: 'Embedding',
  autoName: 'embedding',
  aliases: ['lookup'],
  group: 'dense',
  icon: 'table',
  documentation:
    'Looks up a vector of numbers for an index, such as that of a word. The vectors are learned; the index is rounded down.',
  params,
  inputs: { min: 1, max: 1 },
  summary: (p) => `${p.inputDim.toLocaleString('en-US')} → ${p.outputDim}`,
  outputShape: ([input], p) =>
    input!.length === 1 && input![0] === 1
      ? [p.outputDim]
      : problem(
          'size',
          `Embedding looks up one index at a time, as Core ML does, so it takes a vector of 1 number; it gets ` +
            `${formatShape(input!)}. Put it after an Input of the form vector with the size 1.`,
          { type: 'remove', label: 'Remove Embedding' },
        ),
  weights: (_, p) => weightsOf(p),
  arithmetic: (_, p) => [
    `parameters ${p.inputDim}·${p.outputDim}${p.useBias ? ` + ${p.outputDim}` : ''} = ` +
      (p.inputDim * p.outputDim + (p.useBias ? p.outputDim : 0)).toLocaleString('en-US'),
  ],
  // TensorFlow.js's own layer keeps the axis of the index, and not every backend has its gradient.
  tensorflow: (tf, p, context) =>
    composedLayer(tf, context, {
      outputShape: () => [p.outputDim],
      weights: () => weightsOf(p),
      call(index, [embeddings, bias]) {
        const { core } = tf;
        // Rounded down before it becomes a whole number: the gradient of the rounding is zero.
        const row = core.cast(core.floor(core.clipByValue(index, 0, p.inputDim - 1)), 'int32');
        // TensorFlow.js marks one of two places at least.
        const marked = core.oneHot(core.reshape(row, [-1]), Math.max(2, p.inputDim));
        const one = core.slice(core.cast(marked, 'float32'), [0, 0], [-1, p.inputDim]);
        const chosen = core.matMul(one, embeddings!);
        return bias ? core.add(chosen, bias) : chosen;
      },
    }),
  coreml: {
    write: ({ name, params: p, inputs, output, weights }) => [
      {
        name,
        input: [...inputs],
        output: [output],
        embedding: {
          inputDim: p.inputDim,
          outputChannels: p.outputDim,
          hasBias: p.useBias,
          weights: { floatValue: transpose(weights.embeddings!, [p.inputDim, p.outputDim]) },
          ...(p.useBias ? { bias: { floatValue: weights.bias! } } : {}),
        },
      },
    ],
    read,
  },
  snippets: {
    keras: (p) =>
      `keras.Sequential([layers.Embedding(${p.inputDim}, ${p.outputDim}), layers.Flatten()])` +
      (p.useBias ? ' # and a bias, added to its output' : ''),
    pytorch: (p) =>
      `nn.Sequential(nn.Embedding(${p.inputDim}, ${p.outputDim}), nn.Flatten())` +
      (p.useBias ? ' # and a bias, added to its output; it takes x.long()' : ' # it takes x.long()'),
  },
});
