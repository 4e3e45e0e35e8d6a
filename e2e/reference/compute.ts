/**
 * Runs the network of a file on an input, layer after layer in the file's order, in doubles and channels first as
 * Core ML does. Trains nothing and judges nothing: what it cannot compute is an error in a sentence.
 */
import { feedInputs, type InputValues } from './inputs';
import { runLayer } from './layer';
import type { Tensor } from './tensor';
import type { Model } from './types';

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
  const blobs = runLayers(model, values);
  const outputs: Record<string, Float64Array> = {};
  for (const { name, type } of model.description.outputs) {
    if (type.kind !== 'multiArray') continue;
    const blob = blobs.get(name);
    if (!blob) throw new Error(`The output '${name}' is not produced by any layer.`);
    outputs[name] = blob.data;
  }
  return { outputs, blobs, ...classify(model, blobs) };
}

/** Every blob of the network by name. @throws Error as runModel */
export function runLayers(model: Model, values: InputValues): Map<string, Tensor> {
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
  return blobs;
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
