/**
 * Reads one layer of a network and its weights by the field numbers of coreml.md. Fills in no defaults and judges
 * nothing. A kind of layer whose fields coreml.md does not list cannot be read and is an error.
 */
import type { Message } from './message';
import type { Activation, BatchNorm, Border, Convolution, Embedding, InnerProduct } from './types';
import type { Layer, LayerBody, PaddingLayer, Pooling, Weights, WindowPadding } from './types';
import { FormatError } from './wire';

const KINDS = {
  convolution: 100,
  pooling: 120,
  activation: 130,
  innerProduct: 140,
  embedding: 150,
  batchnorm: 160,
  softmax: 175,
  padding: 200,
  upsample: 210,
  add: 230,
  multiply: 231,
  reshape: 300,
  flatten: 301,
  permute: 310,
  concat: 320,
  softmaxND: 950,
  flattenTo2D: 1130,
} as const satisfies Record<LayerBody['kind'], number>;

const READERS: {
  readonly [Kind in LayerBody['kind']]: (message: Message) => Extract<LayerBody, { kind: Kind }>;
} = {
  convolution: readConvolution,
  pooling: readPooling,
  activation: (message) => ({ kind: 'activation', activation: readActivation(message) }),
  innerProduct: readInnerProduct,
  embedding: readEmbedding,
  batchnorm: readBatchNorm,
  softmax: () => ({ kind: 'softmax' }),
  padding: readPaddingLayer,
  upsample: (message) => ({
    kind: 'upsample',
    scalingFactor: message.integers(1),
    mode: message.integer(5),
    linearMode: message.integer(6),
    fractionalScalingFactor: [...message.floats(7)],
  }),
  add: (message) => ({ kind: 'add', alpha: message.float(1) }),
  multiply: (message) => ({ kind: 'multiply', alpha: message.float(1) }),
  reshape: (message) => ({ kind: 'reshape', targetShape: message.integers(1), mode: message.integer(2) }),
  flatten: (message) => ({ kind: 'flatten', mode: message.integer(1) }),
  permute: (message) => ({ kind: 'permute', axis: message.integers(1) }),
  concat: (message) => ({ kind: 'concat', sequenceConcat: message.bool(100) }),
  softmaxND: (message) => ({ kind: 'softmaxND', axis: message.integer(1) }),
  flattenTo2D: (message) => ({ kind: 'flattenTo2D', axis: message.integer(1) }),
};

/** Reads a NeuralNetworkLayer message. @throws FormatError for damaged bytes, unknown fields or no known kind */
export function readLayer(message: Message): Layer {
  const kind = message.oneOf(KINDS, 'the kind of the layer');
  const inner = kind && message.message(KINDS[kind], kind);
  const name = message.string(1);
  for (const tensor of [...message.messages(4, 'inputTensor'), ...message.messages(5, 'outputTensor')]) {
    tensor.integer(1); // rank
    tensor.integers(2); // sizes
    tensor.done();
  }
  const frame = {
    name,
    inputs: message.strings(2),
    outputs: message.strings(3),
    isUpdatable: message.bool(10),
  };
  message.done();
  if (!kind || !inner) throw new FormatError(`${message.where} ('${name}'): the layer is of no kind.`);
  const body = READERS[kind](inner);
  inner.done();
  return { ...frame, body };
}

/** Reads the WeightParams in a field, or undefined when the field is absent. */
function readWeights(parent: Message, number: number, name: string): Weights | undefined {
  const message = parent.message(number, name);
  if (!message) return undefined;
  const weights: Weights = {
    floats: message.floats(1),
    float16Bytes: message.bytes(2).length,
    rawBytes: message.bytes(30).length,
    isQuantized: message.has(40),
    isUpdatable: message.bool(50),
  };
  message.bytes(40);
  message.done();
  return weights;
}

function readBorder(message: Message | undefined): Border[] {
  if (!message) return [];
  const amounts = message.messages(10, 'borderAmounts').map((edge) => {
    const border = { start: edge.integer(1), end: edge.integer(2) };
    edge.done();
    return border;
  });
  message.done();
  return amounts;
}

function readWindowPadding(
  message: Message,
  mode: 'valid' | 'same',
  number: number,
): WindowPadding | undefined {
  const inner = message.message(number, mode);
  if (!inner) return undefined;
  const padding: WindowPadding =
    mode === 'valid'
      ? { mode, amounts: readBorder(inner.message(1, 'paddingAmounts')) }
      : { mode, asymmetry: inner.integer(1) };
  inner.done();
  return padding;
}

function readConvolution(message: Message): Convolution {
  const modes = { valid: 50, same: 51 } as const;
  const mode = message.oneOf(modes, 'the padding');
  return {
    kind: 'convolution',
    outputChannels: message.integer(1),
    kernelChannels: message.integer(2),
    groups: message.integer(10),
    kernelSize: message.integers(20),
    stride: message.integers(30),
    dilation: message.integers(40),
    padding: mode && readWindowPadding(message, mode, modes[mode]),
    isDeconvolution: message.bool(60),
    hasBias: message.bool(70),
    weights: readWeights(message, 90, 'weights'),
    bias: readWeights(message, 91, 'bias'),
    outputShape: message.integers(100),
  };
}

function readPooling(message: Message): Pooling {
  return {
    kind: 'pooling',
    type: message.integer(1),
    kernelSize: message.integers(10),
    stride: message.integers(20),
    padding: readPoolingPadding(message),
    averageExcludesPadding: message.bool(50),
    global: message.bool(60),
  };
}

function readPoolingPadding(message: Message): Pooling['padding'] {
  const modes = { valid: 30, same: 31, includeLastPixel: 32 } as const;
  const mode = message.oneOf(modes, 'the padding');
  if (mode !== 'includeLastPixel') return mode && readWindowPadding(message, mode, modes[mode]);
  const inner = message.message(modes[mode], mode);
  const amounts = inner?.integers(10) ?? [];
  inner?.done();
  return { mode, amounts };
}

function readInnerProduct(message: Message): InnerProduct {
  return {
    kind: 'innerProduct',
    inputChannels: message.integer(1),
    outputChannels: message.integer(2),
    hasBias: message.bool(10),
    weights: readWeights(message, 20, 'weights'),
    bias: readWeights(message, 21, 'bias'),
  };
}

function readEmbedding(message: Message): Embedding {
  return {
    kind: 'embedding',
    inputDim: message.integer(1),
    outputChannels: message.integer(2),
    hasBias: message.bool(10),
    weights: readWeights(message, 20, 'weights'),
    bias: readWeights(message, 21, 'bias'),
  };
}

function readBatchNorm(message: Message): BatchNorm {
  return {
    kind: 'batchnorm',
    channels: message.integer(1),
    computeMeanVar: message.bool(5),
    instanceNormalization: message.bool(6),
    epsilon: message.float(10),
    gamma: readWeights(message, 15, 'gamma'),
    beta: readWeights(message, 16, 'beta'),
    mean: readWeights(message, 17, 'mean'),
    variance: readWeights(message, 18, 'variance'),
  };
}

function readPaddingLayer(message: Message): PaddingLayer {
  const modes = { constant: 1, reflection: 2, replication: 3 } as const;
  const mode = message.oneOf(modes, 'the padding');
  const inner = mode && message.message(modes[mode], mode);
  const amounts = readBorder(message.message(10, 'paddingAmounts'));
  if (!mode || !inner) return { kind: 'padding', padding: undefined, amounts };
  const padding: PaddingLayer['padding'] = mode === 'constant' ? { mode, value: inner.float(1) } : { mode };
  inner.done();
  return { kind: 'padding', padding, amounts };
}

function readActivation(message: Message): Activation {
  const names = {
    linear: 5,
    relu: 10,
    leakyRelu: 15,
    thresholdedRelu: 20,
    prelu: 25,
    tanh: 30,
    scaledTanh: 31,
    sigmoid: 40,
    sigmoidHard: 41,
    elu: 50,
    softsign: 60,
    softplus: 70,
    parametricSoftplus: 71,
  } as const;
  const name = message.oneOf(names, 'the activation');
  const inner = name && message.message(names[name], name);
  if (!name || !inner) return { name: 'none' };
  const activation = readActivationBody(name, inner);
  inner.done();
  return activation;
}

function readActivationBody(name: Exclude<Activation['name'], 'none'>, message: Message): Activation {
  if (name === 'linear' || name === 'scaledTanh' || name === 'sigmoidHard') {
    return { name, alpha: message.float(1), beta: message.float(2) };
  }
  if (name === 'leakyRelu' || name === 'thresholdedRelu' || name === 'elu')
    return { name, alpha: message.float(1) };
  if (name === 'prelu') return { name, alpha: readWeights(message, 1, 'alpha') };
  if (name === 'parametricSoftplus') {
    return { name, alpha: readWeights(message, 1, 'alpha'), beta: readWeights(message, 2, 'beta') };
  }
  return { name };
}
