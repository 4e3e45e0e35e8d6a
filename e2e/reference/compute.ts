/**
 * Runs the network of a file on an input, layer after layer in the file's order, in doubles and channels first as
 * Core ML does. Trains nothing and judges nothing: what it cannot compute is an error in a sentence.
 */
import { feedInputs, type InputValues } from './inputs';
import { activate, softmax } from './kernels/activation';
import { convolve } from './kernels/convolution';
import { pool } from './kernels/pooling';
import { batchNorm, combine, concat, flatten, innerProduct } from './kernels/vectors';
import { layerShape } from './shapes';
import { describeShape, type Tensor } from './tensor';
import type { Layer, Model } from './types';
import { layPooling, layWindow, pairOf } from './windows';

export interface Run {
  /** The numbers of every declared output that is an array, channels first. */
  outputs: Record<string, Float64Array>;
  /** Every blob of the network by name. */
  blobs: Map<string, Tensor>;
  /** Of a classifier: the label with the largest probability, and the probability of each. */
  label?: string | number;
  probabilities?: Record<string, number>;
}

/**
 * Computes all outputs of a model.
 * @param values see feedInputs
 * @throws Error in a sentence for an input that does not fit, a layer that cannot be computed, an output never produced
 */
export function runModel(model: Model, values: InputValues): Run {
  const blobs = feedInputs(model, values);
  for (const layer of model.network.layers) {
    const inputs = layer.inputs.map((name) => {
      const blob = blobs.get(name);
      if (!blob)
        throw new Error(`Layer '${layer.name}' reads the blob '${name}', which nothing has produced before.`);
      return blob;
    });
    blobs.set(layer.outputs[0] ?? '', runLayer(layer, inputs));
  }
  const outputs: Record<string, Float64Array> = {};
  for (const { name, type } of model.description.outputs) {
    if (type.kind !== 'multiArray') continue;
    const blob = blobs.get(name);
    if (!blob) throw new Error(`The output '${name}' is not produced by any layer.`);
    outputs[name] = blob.data;
  }
  return { outputs, blobs, ...classify(model, blobs) };
}

/** The name of the blob with a classifier's probabilities: the one it names, else the last one produced. */
export function probabilityBlob(model: Model): string | undefined {
  const named = model.network.classifier?.labelProbabilityLayerName;
  return named === '' ? model.network.layers.at(-1)?.outputs[0] : named;
}

function classify(model: Model, blobs: Map<string, Tensor>): Pick<Run, 'label' | 'probabilities'> {
  const labels = model.network.classifier?.labels?.values;
  const values = blobs.get(probabilityBlob(model) ?? '')?.data;
  if (!labels || !values) return {};
  if (labels.length !== values.length) {
    throw new Error(`The classifier has ${labels.length} labels for ${values.length} outputs.`);
  }
  const label = labels[values.indexOf(Math.max(...values))];
  const probabilities = Object.fromEntries(labels.map((name, at) => [String(name), values[at]!]));
  return label === undefined ? {} : { label, probabilities };
}

function runLayer(layer: Layer, inputs: readonly Tensor[]): Tensor {
  const shape = layerShape(layer, inputs);
  if (typeof shape === 'string') throw new Error(shape);
  const input = inputs[0]!;
  const { body } = layer;
  switch (body.kind) {
    case 'convolution': {
      const kernel = pairOf(body.kernelSize, 3);
      const axes = layWindow(input, kernel, pairOf(body.stride, 1), pairOf(body.dilation, 1), body.padding!);
      if (typeof axes === 'string') throw new Error(axes);
      return convolve(body, input, shape, axes);
    }
    case 'pooling': {
      const axes = layPooling(body, input);
      if (typeof axes === 'string') throw new Error(axes);
      return pool(body, input, shape, axes);
    }
    case 'activation':
      return activate(body.activation, input);
    case 'innerProduct':
      return innerProduct(body, input, shape);
    case 'batchnorm':
      return batchNorm(body, input);
    case 'softmax':
      return softmax(input);
    case 'flatten':
      return flatten(body.mode, input, shape);
    case 'add':
    case 'multiply':
      return combine(body.kind, inputs, shape);
    case 'concat':
      return concat(inputs, shape);
    default:
      throw new Error(`Layer '${layer.name}' (${body.kind}) on ${describeShape(shape)} is not computed.`);
  }
}
