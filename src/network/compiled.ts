/**
 * A network that is complete and free of problems, in the order in which it is computed. Plain data: it goes to the
 * worker as a message, and every engine and exporter starts from it.
 */
import type { ParamValues } from '../core/params';
import type { Shape } from '../core/shape';
import type { LayerKind } from '../layers';
import type { WeightSpec } from '../layers/defineLayer';

export interface CompiledLayer {
  readonly id: string;
  readonly name: string;
  readonly kind: LayerKind;
  readonly params: ParamValues;
  /** Indices into `layers` of what feeds it; all smaller than its own. */
  readonly inputs: readonly number[];
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  /** Where the layer is frozen, none of them is trainable. */
  readonly weights: readonly WeightSpec[];
  /** False where the person froze it. A frozen batch normalization also keeps its statistics, and predicts by them. */
  readonly trainable: boolean;
  readonly multiplyAdds: number;
}

export interface CompiledNetwork {
  /** In topological order; the first is the Input layer, the last the output. */
  readonly layers: readonly CompiledLayer[];
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** All weights, statistics included, as Keras counts them. */
  readonly parameters: number;
  /** Of one example, forward. */
  readonly multiplyAdds: number;
}

/** Whether the layer has weights and none of them trains, neither by its gradient nor as a statistic. */
export function isFrozen({ weights }: Pick<CompiledLayer, 'weights'>): boolean {
  return weights.length > 0 && weights.every(({ trainable }) => !trainable);
}

/** Names of the layers that training leaves as they are, in the network's order. */
export function frozenLayers({ layers }: CompiledNetwork): readonly string[] {
  return layers.filter(isFrozen).map(({ name }) => name);
}

/** Weights by layer name and weight name, "conv2d/kernel", in TensorFlow.js's layouts. */
export type Weights = Readonly<Record<string, Float32Array>>;

export function weightKey(layer: { readonly name: string }, weight: { readonly name: string }): string {
  return `${layer.name}/${weight.name}`;
}
