/** What a plan is written down with, layer by layer: values, their gradients and the operations on them. */
import { weightKey, type CompiledLayer } from '../../network/compiled';
import type { LayerGroup } from './fuse';
import type { BackwardOperation, BufferId, ForwardOperation } from './plan';

export interface BufferDraft {
  readonly name: string;
  readonly size: number;
  readonly shared: boolean;
}

/** The gradients that an operation writes: where to, and whether it adds. */
export interface InputGradient {
  readonly inputGradient?: BufferId;
  readonly accumulate: boolean;
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
  /** The operations that take the gradient of the output to input number `input`; once for each input. */
  readonly backward: (
    outputGradient: BufferId,
    target: InputGradient,
    input: number,
  ) => readonly BackwardOperation[];
}

/**
 * Weights in the order of the blocks: what is trained first, the statistics after.
 * @param alignment floats that every place is a multiple of.
 */
export function layOutWeights(layers: readonly CompiledLayer[], alignment: number) {
  const specs = layers.flatMap((layer) =>
    layer.weights.map((spec) => ({
      key: weightKey(layer, spec),
      size: spec.shape.reduce((product, n) => product * n, 1),
      trainable: spec.trainable,
    })),
  );
  let end = 0;
  let trainableSize = 0;
  const places = new Map<string, number>();
  for (const trainable of [true, false]) {
    for (const spec of specs.filter((one) => one.trainable === trainable)) {
      places.set(spec.key, end);
      end += Math.ceil(spec.size / alignment) * alignment;
    }
    if (trainable) trainableSize = end;
  }
  const weights = specs.map((spec) => ({ ...spec, start: places.get(spec.key)! }));
  return { weights, trainableSize, weightSize: end };
}
