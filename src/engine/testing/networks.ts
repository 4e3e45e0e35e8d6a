/** Networks with branches for the engines' tests, given or drawn at random. */
import { defaultsOf, type ParamValues } from '../../core/params';
import { createRandom, type Random } from '../../core/random';
import type { Shape } from '../../core/shape';
import { layerOf, type LayerKind } from '../../layers';
import type { CompiledNetwork } from '../../network/compiled';
import { compiled } from './examples';

/** A layer by its name, which is also its id, and the names of what feeds it. */
export type GraphLayer = readonly [
  name: string,
  kind: LayerKind,
  inputs: readonly string[],
  params?: ParamValues,
];

/** Compiles layers that are wired by name. */
export function compiledGraph(
  inputShape: Shape,
  classes: number,
  layers: readonly GraphLayer[],
): CompiledNetwork {
  const nodes = layers.map(([name, kind, , params]) => ({
    id: name,
    kind,
    name,
    params: { ...defaultsOf(layerOf(kind).params), ...params },
    position: { x: 0, y: 0 },
  }));
  const edges = layers.flatMap(([target, , inputs]) =>
    inputs.map((source) => ({ id: `${source}-${target}`, source, target })),
  );
  return compiled({ nodes, edges }, inputShape, classes);
}

/** The network with these layers frozen, as `analyze` compiles it. */
export function freeze(network: CompiledNetwork, names: readonly string[]): CompiledNetwork {
  const layers = network.layers.map((layer) => {
    if (!names.includes(layer.name)) return layer;
    const weights = layer.weights.map((spec) => ({ ...spec, trainable: false }));
    return { ...layer, weights, trainable: false };
  });
  return { ...network, layers };
}

const curves = ['linear', 'relu', 'sigmoid', 'tanh', 'softmax', 'elu', 'softplus', 'softsign'] as const;

/** A network of convolutions, poolings, curves, normalizations and branches that come together, drawn from a seed. */
export function randomNetwork(inputShape: Shape, classes: number, seed: number): CompiledNetwork {
  const random = createRandom(seed);
  const layers: GraphLayer[] = [['input', 'input', [], { shape: inputShape }]];
  const put = (kind: LayerKind, inputs: readonly string[], params?: ParamValues): string => {
    const name = `${kind}_${layers.length}`;
    layers.push([name, kind, inputs, params]);
    return name;
  };
  const below = (count: number): number => Math.floor(random.next() * count);
  const convolve = (from: string, filters: number): string =>
    put('conv2d', [from], {
      filters,
      kernelSize: [1 + below(3), 1 + below(3)],
      padding: 'same',
      dilationRate: [1 + below(2), 1],
      useBias: below(2) === 0,
      activation: curves[below(curves.length)]!,
    });
  let last = convolve('input', 4);
  for (let i = 0; i < 3; i++) last = block(last, i === 1, put, convolve, below);
  const flat = put(below(2) === 0 ? 'flatten' : 'globalAveragePooling2d', [last]);
  const hidden = put('dense', [flat], { units: 7, activation: curves[below(curves.length)]! });
  put('dense', [hidden], { units: classes, activation: 'softmax' });
  return compiledGraph(inputShape, classes, layers);
}

function block(
  last: string,
  pool: boolean,
  put: (kind: LayerKind, inputs: readonly string[], params?: ParamValues) => string,
  convolve: (from: string, filters: number) => string,
  below: (count: number) => number,
): string {
  const merged =
    below(2) === 0
      ? put('add', [convolve(last, 4), convolve(last, 4), convolve(last, 4)])
      : convolve(put('concatenate', [last, convolve(last, 3)]), 4);
  const normalized = below(2) === 0 ? put('batchNormalization', [merged]) : merged;
  // The block's input goes round it, as in residual networks.
  const around = put('add', [last, normalized]);
  if (!pool) return put('activation', [around], { activation: curves[below(curves.length)]! });
  const kind = below(2) === 0 ? 'maxPooling2d' : 'averagePooling2d';
  return put(kind, [around], { poolSize: [2, 3], strides: [2, 1], padding: 'same' });
}

/** Normal numbers of this deviation for every weight; those after which variance is named are above zero. */
export function randomWeights(network: CompiledNetwork, random: Random, deviation = 0.4) {
  return Object.fromEntries(
    network.layers.flatMap((layer) =>
      layer.weights.map((spec) => {
        const size = spec.shape.reduce((a, b) => a * b, 1);
        const value = (): number => random.normal() * deviation;
        const positive = spec.name === 'movingVariance';
        return [
          `${layer.name}/${spec.name}`,
          Float32Array.from({ length: size }, () => (positive ? 0.5 + Math.abs(value()) : value())),
        ] as const;
      }),
    ),
  );
}
