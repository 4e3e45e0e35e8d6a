/** The weights that a network starts from, and the check that others fit it. */
import { initialize } from '../core/initializers';
import { sizeOf } from '../core/shape';
import { weightKey, type CompiledNetwork, type Weights } from './compiled';

/** Draws every weight from the seed; the same seed and network give the same numbers on every engine. */
export function initialWeights(network: CompiledNetwork, seed: number): Weights {
  const weights: Record<string, Float32Array> = {};
  network.layers.forEach((layer, i) =>
    layer.weights.forEach((spec, j) => {
      weights[weightKey(layer, spec)] = initialize(spec.initializer, spec.shape, spec.fans, seed, [i, j]);
    }),
  );
  return weights;
}

/** Whether there is a weight of the right size for every one that the network has, and none besides. */
export function weightsFit(network: CompiledNetwork, weights: Weights): boolean {
  const specs = network.layers.flatMap((layer) => layer.weights.map((spec) => ({ layer, spec })));
  return (
    Object.keys(weights).length === specs.length &&
    specs.every(({ layer, spec }) => weights[weightKey(layer, spec)]?.length === sizeOf(spec.shape))
  );
}

/**
 * Tells networks apart by all that matters to their weights: kinds, parameters, wiring and names, not positions.
 * Weights that were trained for a signature belong to every network of the same signature.
 */
export function signatureOf(network: CompiledNetwork): string {
  return JSON.stringify(network.layers.map(({ name, kind, params, inputs }) => [name, kind, params, inputs]));
}
