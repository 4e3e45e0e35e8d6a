/** What a plan is written down with, layer by layer: values, their gradients and the operations on them. */
import { sizeOf } from '../../core/shape';
import type { WeightSpec } from '../../layers/defineLayer';
import { weightKey, type CompiledLayer } from '../../network/compiled';
import { curveOf, identity } from './curve';
import type { LayerGroup } from './fuse';
import type { BackwardOperation, BufferId, Curve, ForwardOperation } from './plan';

export interface BufferDraft {
  readonly name: string;
  readonly size: number;
  readonly shared: boolean;
}

/** The gradients that an operation writes: where to, whether it adds, and whether its weights stay; see `Back`. */
export interface InputGradient {
  readonly inputGradient?: BufferId;
  readonly accumulate: boolean;
  readonly frozen?: boolean;
}

/** A group of layers in the plan: its values' buffers, and where its weights lie. */
export interface LayerContext {
  readonly group: LayerGroup;
  /** Whether its activation is left to the loss. */
  readonly withoutActivation: boolean;
  readonly inputs: readonly BufferId[];
  /** A new buffer for its own output. */
  output(): BufferId;
  /** A buffer of `size` words an example, or altogether where `shared`. */
  buffer(name: string, size: number, shared?: boolean): BufferId;
  /** The place of a weight in the block, or undefined where the layer has none of that name. */
  weight(name: string): number | undefined;
}

/** What a kind of layer makes of itself. */
export interface Lowered {
  readonly output: BufferId;
  readonly forward: readonly ForwardOperation[];
  /** Whether no gradient goes through it to what is before. Missing: one does. */
  readonly stopsGradients?: boolean;
  /** The operations that take the gradient of the output to input number `input`; once for each input. */
  readonly backward: (
    outputGradient: BufferId,
    target: InputGradient,
    input: number,
  ) => readonly BackwardOperation[];
}

/** The curve of a group: its layer's own or that of the activation it takes along, unless the loss takes it over. */
export function groupCurve({ group, withoutActivation }: LayerContext): Curve {
  if (withoutActivation) return identity;
  return curveOf(group.activation ?? group.layer);
}

/** The values of a layer are those of its input; it computes nothing. */
export const alias = ({ inputs }: LayerContext): Lowered => ({
  output: inputs[0]!,
  forward: [],
  backward: () => [],
});

export interface WeightLayout {
  /** Floats that every place is a multiple of. */
  readonly alignment: number;
  /** Floats that a weight takes. */
  readonly storedSize: (layer: CompiledLayer, spec: WeightSpec) => number;
}

/** Weights in the order of the blocks: what is trained first, the statistics and what is frozen after. */
export function layOutWeights(layers: readonly CompiledLayer[], { alignment, storedSize }: WeightLayout) {
  const specs = layers.flatMap((layer) => layer.weights.map((spec) => ({ layer, spec })));
  let end = 0;
  let trainableSize = 0;
  const places = new Map<string, number>();
  for (const trainable of [true, false]) {
    for (const { layer, spec } of specs.filter((one) => one.spec.trainable === trainable)) {
      places.set(weightKey(layer, spec), end);
      end += Math.ceil(storedSize(layer, spec) / alignment) * alignment;
    }
    if (trainable) trainableSize = end;
  }
  const weights = specs.map(({ layer, spec }) => {
    const key = weightKey(layer, spec);
    return { key, size: sizeOf(spec.shape), trainable: spec.trainable, start: places.get(key)! };
  });
  return { weights, trainableSize, weightSize: end };
}
