/**
 * The TensorFlow.js model of a compiled network: built by each layer definition's own facet, weights set and read by key.
 * It computes outputs only; loss and optimizer live elsewhere.
 */
import * as core from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { createRandom } from '../../core/random';
import { layerOf } from '../../layers';
import { withoutSoftmax } from '../../layers/activations';
import {
  isFrozen,
  weightKey,
  type CompiledLayer,
  type CompiledNetwork,
  type Weights,
} from '../../network/compiled';

export interface ModelWeight {
  readonly key: string;
  readonly variable: Variable;
  readonly trainable: boolean;
}

export interface Model {
  /** In the network's order. */
  readonly weights: readonly ModelWeight[];
  /** Whether the network ends in softmax. `forward` then gives the logits before it. */
  readonly endsInSoftmax: boolean;
  /**
   * @param inputs `[batch, ...inputShape]`.
   * @param training makes batch normalization use and update its statistics, and dropout draw; a frozen layer
   *   computes as outside training.
   * @returns `[batch, ...outputShape]`: logits where the network ends in softmax, else its outputs.
   */
  forward(inputs: Tensor, training: boolean): Tensor;
  dispose(): void;
}

/**
 * Dropout's seed at a step, a whole number from 1: TensorFlow.js takes 0 for none. Known from its three numbers alone,
 * so a resumed run goes on with the same masks.
 */
export function dropoutSeed(seed: number, step: number, layer: number): number {
  return 1 + Math.floor(createRandom(seed, step, layer).next() * 0x7fffffff);
}

/**
 * Builds the network on the active backend and sets its weights.
 * @param stepSeed gives the seed of the layer with this index at the present step.
 * @throws Error where a weight is missing or of another size: a mistake of the caller.
 */
export function buildModel(
  network: CompiledNetwork,
  weights: Weights,
  stepSeed: (layer: number) => number,
): Model {
  const last = network.layers.length - 1;
  const endsInSoftmax = network.layers[last]!.params['activation'] === 'softmax';
  const built: layers.SymbolicTensor[] = [];
  network.layers.forEach((layer, i) => {
    // Softmax and cross-entropy are exact when computed as one, so the last layer is built without its softmax: it is
    // a parameter of every layer that can end in it.
    const params = i === last && endsInSoftmax ? withoutSoftmax(layer.params) : layer.params;
    const inputs = layer.inputs.map((j) => built[j]!);
    const context = { name: layer.name, inputs, stepSeed: () => stepSeed(i) };
    built.push(layerOf(layer.kind).tensorflow({ core, layers }, params, context));
  });
  const model = layers.model({ inputs: built[0]!, outputs: built[last]! });
  for (const layer of network.layers) if (isFrozen(layer)) freeze(model.getLayer(layer.name));
  const modelWeights = network.layers.flatMap((layer) => weightsOf(model, layer));
  for (const { key, variable } of modelWeights) assign(variable, weights[key], key);
  return {
    weights: modelWeights,
    endsInSoftmax,
    forward: (inputs, training) => model.apply(inputs, { training }) as Tensor,
    dispose: () => void model.dispose(),
  };
}

/** Keras's meaning of a frozen layer: batch normalization goes by its moving statistics, and leaves them, in training too. */
function freeze(layer: ReturnType<layers.LayersModel['getLayer']>): void {
  const call = layer.call.bind(layer);
  layer.call = (inputs, options) => call(inputs, { ...options, training: false });
}

function weightsOf(model: layers.LayersModel, layer: CompiledLayer): ModelWeight[] {
  const variables = model.getLayer(layer.name).weights;
  return layer.weights.map((spec, i) => ({
    key: weightKey(layer, spec),
    // A LayerVariable hands out its own variable, not a copy.
    variable: variables[i]!.read() as Variable,
    trainable: spec.trainable,
  }));
}

function assign(variable: Variable, values: Float32Array | undefined, key: string): void {
  if (values?.length !== variable.size)
    throw new Error(`The weight ${key} takes ${variable.size} values; ${values?.length ?? 'none'} came.`);
  // Copied: TensorFlow.js keeps the array that it gets, and the caller may send it elsewhere.
  core.tidy(() => variable.assign(core.tensor(values.slice(), variable.shape)));
}
