/**
 * Random small networks and settings for the proof of the Core ML export: chains with branches that are joined again, every parameter
 * that changes a number, sizes that do not divide. For tests only; it knows layers and shapes, not how they are exported.
 */
import fc from 'fast-check';
import { createRandom, type Random } from '../core/random';
import { isProblem } from '../core/problem';
import { sizeOf, type Shape } from '../core/shape';
import type { ParamValues } from '../core/params';
import { activation as activationLayer } from '../layers/activation';
import { activations } from '../layers/activations';
import { layerOf, type LayerKind } from '../layers';
import { paddings } from '../layers/windows';
import { weightKey, type CompiledNetwork, type Weights } from '../network/compiled';
import { initialWeights } from '../network/weights';
import type { Network, NetworkEdge, NetworkNode } from '../network/network';

export interface RandomNetwork {
  readonly network: Network;
  readonly inputShape: Shape;
  readonly classes: number;
}

export interface Wish {
  /** A layer kind that must be in the network. */
  readonly kind: LayerKind;
  /** How many further layers are tried. */
  readonly length: number;
  readonly channels: readonly number[];
  /** What the network ends in: probabilities, or numbers of any size. */
  readonly softmax: boolean;
}

/** A layer of the network under construction. */
interface Place {
  readonly id: string;
  readonly shape: Shape;
}

const HIDDEN_KINDS = [
  'conv2d',
  'maxPooling2d',
  'averagePooling2d',
  'l2Pooling2d',
  'activation',
  'prelu',
  'parametricSoftplus',
  'dropout',
  'batchNormalization',
  'add',
  'multiply',
  'concatenate',
  'flatten',
  'dense',
  'globalAveragePooling2d',
  'globalMaxPooling2d',
] as const satisfies readonly LayerKind[];

/** Settings from one end of what the form takes to the other. */
export const randomSettings = fc.record({
  optimizer: fc.constantFrom('adam' as const, 'sgd' as const),
  learningRate: fc.constantFrom(1e-7, 0.001, 0.0123456789, 0.3, 10),
  momentum: fc.constantFrom(0, 0.85, 0.9999),
  beta1: fc.constantFrom(0, 0.9, 0.9999),
  beta2: fc.constantFrom(0, 0.999, 0.99999),
  epsilon: fc.constantFrom(1e-10, 1e-7, 0.1),
  epochs: fc.integer({ min: 1, max: 1000 }),
  batchSize: fc.integer({ min: 1, max: 4096 }),
  shuffle: fc.boolean(),
  seed: fc.integer({ min: 0, max: 2147483647 }),
});

/** Networks that hold the wished kind, drawn by fast-check's own random numbers. */
export function randomNetworks(wish: Wish): fc.Arbitrary<RandomNetwork> {
  return fc
    .noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 }))
    .map((seed) => buildNetwork(wish, createRandom(seed)));
}

/**
 * Weights by which every number of the file can be told from its neighbours: kernels as layers start, with biases,
 * scales and statistics drawn too, for zeros and ones prove nothing.
 */
export function randomWeights(network: CompiledNetwork, seed: number): Weights {
  const random = createRandom(seed, 1);
  const weights: Record<string, Float32Array> = { ...initialWeights(network, seed) };
  for (const layer of network.layers) {
    for (const spec of layer.weights) {
      if (spec.name === 'kernel') continue;
      const draw =
        spec.name === 'movingVariance' ? () => 0.2 + 2 * random.next() : () => 0.5 * random.normal();
      weights[weightKey(layer, spec)] = Float32Array.from({ length: sizeOf(spec.shape) }, draw);
    }
  }
  return weights;
}

function buildNetwork(wish: Wish, random: Random): RandomNetwork {
  const inputShape = [between(random, 4, 9), between(random, 4, 9), pick(random, wish.channels)];
  const builder = new Builder(random);
  let place = builder.add('input', { shape: inputShape }, [])!;
  const middle = HIDDEN_KINDS.slice(0, 12); // Those that leave an image an image.
  const kinds: LayerKind[] = Array.from({ length: wish.length }, () => pick(random, middle));
  kinds.splice(between(random, 0, kinds.length), 0, ...(wish.kind === 'input' ? [] : [wish.kind]));
  for (const kind of kinds) place = builder.grow(kind, place);
  if (place.shape.length === 3) {
    place = builder.grow(random.next() < 0.7 ? 'flatten' : 'globalAveragePooling2d', place);
  }
  const classes = between(random, 2, 5);
  const direct = random.next() < 0.6;
  const activation = wish.softmax ? 'softmax' : 'linear';
  const units = { ...defaults('dense'), units: classes, useBias: random.next() < 0.8 };
  place = builder.add('dense', { ...units, activation: direct ? activation : 'linear' }, [place])!;
  if (!direct) {
    place = builder.grow(random.next() < 0.5 ? 'dropout' : 'batchNormalization', place);
    if (wish.softmax) builder.add('activation', { ...defaults('activation'), activation }, [place]);
  }
  return { network: { nodes: builder.nodes, edges: builder.edges }, inputShape, classes };
}

class Builder {
  readonly nodes: NetworkNode[] = [];
  readonly edges: NetworkEdge[] = [];
  private readonly places: Place[] = [];

  constructor(private readonly random: Random) {}

  /** Adds a layer after others, or nothing where their shapes do not allow it. */
  add(kind: LayerKind, params: ParamValues, sources: readonly Place[]): Place | undefined {
    const output = layerOf(kind).outputShape(
      sources.map(({ shape }) => shape),
      params,
    );
    if (isProblem(output)) return undefined;
    const id = `n${this.nodes.length}`;
    this.nodes.push({ id, kind, name: `${layerOf(kind).autoName}_${id}`, params, position: { x: 0, y: 0 } });
    for (const source of sources)
      this.edges.push({ id: `${source.id}-${id}`, source: source.id, target: id });
    const place = { id, shape: output };
    this.places.push(place);
    return place;
  }

  /** Adds a layer of this kind with drawn parameters after `from`, with the branches that a joining layer needs. */
  grow(kind: LayerKind, from: Place): Place {
    if (kind === 'add' || kind === 'multiply' || kind === 'concatenate') return this.join(kind, from);
    for (let attempt = 0; attempt < 8; attempt++) {
      const place = this.add(kind, drawParams(kind, from.shape, this.random), [from]);
      if (place) return place;
    }
    return from;
  }

  private join(kind: 'add' | 'multiply' | 'concatenate', from: Place): Place {
    const side: LayerKind = pick(this.random, ['activation', 'batchNormalization', 'dropout'] as const);
    const sources = [from, this.grow(side, from)];
    const earlier = this.places.find(
      ({ id, shape }) => id !== from.id && String(shape) === String(from.shape),
    );
    if (earlier && !sources.includes(earlier)) sources.push(earlier);
    if (kind === 'concatenate' && from.shape.length === 3) {
      const params = { ...drawParams('conv2d', from.shape, this.random), strides: [1, 1], padding: 'same' };
      const branch = this.add('conv2d', params, [from]);
      if (branch) sources.unshift(branch);
    }
    if (this.random.next() < 0.5) sources.reverse();
    return this.add(kind, {}, sources)!;
  }
}

function drawParams(kind: LayerKind, shape: Shape, random: Random): ParamValues {
  const pair = (max: number) => [between(random, 1, max), between(random, 1, max)];
  const padding = pick(random, paddings);
  const pads = Array.from({ length: 4 }, () => between(random, 0, 2));
  switch (kind) {
    case 'conv2d': {
      const groups = pick(
        random,
        [1, 1, 2, 3, 4].filter((count) => shape.at(-1)! % count === 0),
      );
      const strided = random.next() < 0.5;
      return {
        ...defaults(kind),
        filters: groups * between(random, 1, 3),
        kernelSize: pair(4),
        strides: strided ? pair(3) : [1, 1],
        dilationRate: strided ? [1, 1] : pair(3),
        padding,
        pads,
        groups,
        useBias: random.next() < 0.7,
        activation: pick(random, activations),
      };
    }
    case 'maxPooling2d':
    case 'l2Pooling2d':
      return { ...defaults(kind), ...drawPool(random), padding };
    case 'averagePooling2d':
      return { ...defaults(kind), ...drawPool(random), padding, countPadding: random.next() < 0.3 };
    case 'dense':
      return {
        ...defaults(kind),
        units: between(random, 2, 9),
        useBias: random.next() < 0.7,
        activation: pick(random, activations),
      };
    case 'activation':
      return {
        ...defaults(kind),
        activation: pick(random, activationLayer.params.activation.options),
        negativeSlope: 0.05 + random.next() / 2,
        alpha: 0.5 + random.next(),
        beta: random.next() - 0.5,
      };
    case 'batchNormalization':
      return { ...defaults(kind), epsilon: pick(random, [1e-5, 1e-3, 0.1]) };
    default:
      return defaults(kind);
  }
}

/** A pool of which no window lies in the pads alone. */
function drawPool(random: Random): ParamValues {
  const poolSize = [between(random, 1, 3), between(random, 1, 3)];
  const strides = random.next() < 0.3 ? [1, 1] : [between(random, 1, 3), between(random, 1, 3)];
  return { poolSize, strides, pads: [0, 0, 1, 1].map((side) => between(random, 0, poolSize[side]! - 1)) };
}

function defaults(kind: LayerKind): ParamValues {
  return Object.fromEntries(Object.entries(layerOf(kind).params).map(([key, spec]) => [key, spec.default]));
}

/** A whole number from `min` to `max`, both included. */
function between(random: Random, min: number, max: number): number {
  return min + Math.floor(random.next() * (max - min + 1));
}

function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random.next() * values.length)]!;
}
