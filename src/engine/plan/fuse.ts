/**
 * Which layers are computed together: a layer with weights takes the activation and the max pooling after it along,
 * where nothing else needs the values in between. Knows no operations; `lower.ts` makes one of each group.
 */
import type { CompiledLayer } from '../../network/compiled';
import { curveOf, neverFalls, slopeNeedsInput } from './curve';
import type { Curve } from './plan';

/** One layer, or several that are computed as one. */
export interface LayerGroup {
  readonly layer: CompiledLayer;
  /** Index of `layer` in the network. */
  readonly index: number;
  /** An Activation layer that is computed with it. */
  readonly activation?: CompiledLayer;
  /** A MaxPooling2D layer that is computed with it. */
  readonly pooling?: CompiledLayer;
  /** The last layer of the group, whose output is the group's. */
  readonly last: CompiledLayer;
  /** Indices of the groups that feed it. */
  readonly inputs: readonly number[];
}

/** Kinds that take a following activation along. */
const withCurve: readonly string[] = [
  'conv2d',
  'depthwiseConv2d',
  'conv2dTranspose',
  'dense',
  'batchNormalization',
];
/** Kinds that take a max pooling after them along. */
const withPooling: readonly string[] = ['conv2d', 'depthwiseConv2d'];

/** Softmax looks at a whole row; the others' slopes must be told from the outputs alone, for these are all that is kept. */
const canBeFused = (curve: Curve): boolean => curve.name !== 'softmax' && !slopeNeedsInput(curve);

/** Cuts a network into groups, in its order. */
export function groupLayers(layers: readonly CompiledLayer[]): readonly LayerGroup[] {
  /** The only layer that takes the output of this one, by its index. */
  const onlyConsumer = (index: number): number | undefined => {
    const consumers = layers.flatMap((layer, i) => (layer.inputs.includes(index) ? [i] : []));
    return consumers.length === 1 ? consumers[0] : undefined;
  };
  const groups: LayerGroup[] = [];
  const groupOf = new Map<number, number>();
  layers.forEach((layer, index) => {
    if (groupOf.has(index)) return;
    let end = index;
    const take = (fits: (next: CompiledLayer) => boolean): CompiledLayer | undefined => {
      const next = onlyConsumer(end);
      if (next === undefined || !fits(layers[next]!)) return undefined;
      end = next;
      groupOf.set(next, groups.length);
      return layers[next];
    };
    groupOf.set(index, groups.length);
    const own = curveOf(layer).name;
    const activation =
      withCurve.includes(layer.kind) && own === 'linear'
        ? take((next) => next.kind === 'activation' && canBeFused(curveOf(next)))
        : undefined;
    // The pooling is computed before the curve.
    const pooling =
      withPooling.includes(layer.kind) && neverFalls(curveOf(activation ?? layer))
        ? take((next) => next.kind === 'maxPooling2d')
        : undefined;
    groups.push({
      layer,
      index,
      ...(activation && { activation }),
      ...(pooling && { pooling }),
      last: layers[end]!,
      inputs: layer.inputs.map((i) => groupOf.get(i)!),
    });
  });
  return groups;
}
