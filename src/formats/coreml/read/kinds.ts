/** Which layer of the app a layer of a file is: the first kind of the list whose `coreml.read` takes it. */
import { shortestFloat } from '../../../core/floats';
import { parseParams, type ParamValues } from '../../../core/params';
import type { Shape } from '../../../core/shape';
import type { NeuralNetworkLayer } from '../../../coreml/messages';
import { layers, type LayerKind } from '../../../layers';

export interface Recognized {
  readonly kind: LayerKind;
  /** Complete and within their limits. */
  readonly params: ParamValues;
  /** By the names of the kind's weights, in TensorFlow.js's layouts. */
  readonly weights: Readonly<Record<string, Float32Array>>;
}

/**
 * Asks every kind. The layer's sizes agree with its weights; see `counts.ts`.
 * @returns the layer, or why it is none of the app's, as a sentence.
 */
export function recognize(layer: NeuralNetworkLayer, inputShapes: readonly Shape[]): Recognized | string {
  let reason: string | undefined;
  for (const definition of layers) {
    const read = definition.coreml.read?.(layer, { inputShapes });
    if (read === undefined) continue;
    if (typeof read === 'string') {
      reason ??= read;
      continue;
    }
    const { values, errors } = parseParams(definition.params, readable(read.params));
    if (errors.length === 0) return { kind: definition.kind, params: values, weights: read.weights };
    reason ??= `It is like a ${definition.label}, but out of that layer's limits. ${errors[0]}`;
  }
  return reason ?? 'Layerpad has no layer that computes this.';
}

/** Files keep numbers of 32 bits; written again, the short form of one gives the same bits. */
function readable(params: ParamValues): ParamValues {
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => [
      key,
      typeof value === 'number' && !Number.isInteger(value) ? shortestFloat(value) : value,
    ]),
  );
}
