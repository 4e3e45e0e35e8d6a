/**
 * Which layers are computed together: a layer with weights takes the activation and the max pooling after it along,
 * where nothing else needs the values in between. Knows no operations; `lower.ts` makes one of each group.
 */
import type { CompiledLayer } from '../../network/compiled';
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

const linear: Curve = { name: 'linear', alpha: 0 };

/** The curve that a layer's parameters name; linear where they name none. */
export function curveOf({ params }: CompiledLayer): Curve {
  const name = params['activation'] as Curve['name'] | undefined;
  if (name === undefined || name === 'linear') return linear;
  const parameter = name === 'leakyRelu' ? params['negativeSlope'] : params['alpha'];
  return { name, alpha: typeof parameter === 'number' ? parameter : 1 };
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

/** Cuts a network into groups, in its order. Softmax looks at a whole row and stays by itself. */
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
        ? take((next) => next.kind === 'activation' && curveOf(next).name !== 'softmax')
        : undefined;
    const pooling =
      withPooling.includes(layer.kind) && own !== 'softmax'
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
