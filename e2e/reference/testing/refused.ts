/**
 * What a refused sample is, a valid model with one thing broken, and the ways to reach into a model to break it.
 */
import type { Convolution, InnerProduct, Layer, Model } from '../types';
import type { RuleName } from '../violation';

export type Sample = readonly [
  rule: RuleName,
  how: string,
  base: () => Model,
  breakIt: (model: Model) => void,
];

/** The layer of that name. */
export function layerNamed(model: Model, name: string): Layer {
  const found = model.network.layers.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`The sample has no layer '${name}'.`);
  return found;
}

/** The convolution of the trainable network. */
export const convolutionOf = (model: Model) => layerNamed(model, 'conv').body as Convolution;
/** Its inner product. */
export const innerProductOf = (model: Model) => layerNamed(model, 'dense').body as InnerProduct;
/** Its update parameters. */
export const updateOf = (model: Model) => model.network.update!;
/** Its optimizer. */
export const adamOf = (model: Model) => {
  const { optimizer } = updateOf(model);
  if (optimizer?.kind !== 'adam') throw new Error('The sample has no Adam.');
  return optimizer;
};

/** Puts a layer between two others of the trainable network. */
export function insertBefore(model: Model, name: string, added: Layer): void {
  const next = layerNamed(model, name);
  next.inputs = [...added.outputs];
  model.network.layers.splice(model.network.layers.indexOf(next), 0, added);
}
