/**
 * Random small networks for the proof of the Core ML export: chains of layers of every kind with branches that are joined
 * again, every parameter that changes a number, sizes that do not divide, some layers frozen. For tests only; it knows
 * layers by what they say of themselves, not how they are exported.
 */
import fc from 'fast-check';
import { checkParam, defaultsOf, type ParamValues } from '../core/params';
import { isProblem } from '../core/problem';
import { createRandom, type Random } from '../core/random';
import { sizeOf, type Shape } from '../core/shape';
import { isLayerKind, layerOf, layers, type LayerKind } from '../layers';
import type { Network, NetworkEdge, NetworkNode } from '../network/network';
import { between, drawParams, pick } from './coreml.proof.draws';

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
  /** Whose turn the choices of the wished kind begin with; the next network has the next. Missing: the first. */
  readonly turn?: number;
}

/** A layer of the network under construction. */
interface Place {
  readonly id: string;
  readonly shape: Shape;
}

/** Tries before a layer is left out; what a Problem proposes is tried after each. */
const ATTEMPTS = 60;
/** Numbers that a layer may give, so that the proof stays quick. */
const LARGEST = 2000;

/** Kinds that any layer may feed: all but the input, and the embedding, which takes the index of an example. */
const inner = layers.filter(({ kind, inputs }) => inputs.min > 0 && kind !== 'embedding');

/** Networks that hold the wished kind, drawn by fast-check's own random numbers. */
export function randomNetworks(wish: Wish): fc.Arbitrary<RandomNetwork> {
  let { turn = 0 } = wish;
  return fc
    .noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 }))
    .map((seed) => buildNetwork({ ...wish, turn: turn++ }, createRandom(seed)));
}

function buildNetwork(wish: Required<Wish>, random: Random): RandomNetwork {
  const image = [between(random, 4, 9), between(random, 4, 9), pick(random, wish.channels)];
  const builder = new Builder(random);
  const isIndex = wish.kind === 'embedding';
  const asVector = wish.kind === 'input' && random.next() < 0.5;
  const inputShape = isIndex ? [1] : image;
  let place = builder.start(inputShape, isIndex || asVector ? 'vector' : 'image');
  if (isIndex) place = builder.look(place);
  if (asVector && random.next() < 0.5) place = builder.growCertainly('reshape', place, wish.turn);
  const at = between(random, 0, wish.length);
  const started = isIndex || wish.kind === 'input';
  for (let i = 0; i <= wish.length; i++) {
    if (i !== at) place = builder.grow(pick(random, inner).kind, place, true) ?? place;
    else if (!started) place = builder.growCertainly(wish.kind, place, wish.turn);
  }
  const classes = between(random, 2, 5);
  builder.end(place, classes, wish.softmax ? 'softmax' : 'linear');
  return { network: { nodes: builder.nodes, edges: builder.edges }, inputShape, classes };
}

class Builder {
  readonly nodes: NetworkNode[] = [];
  readonly edges: NetworkEdge[] = [];
  private readonly places: Place[] = [];

  constructor(private readonly random: Random) {}

  /** Adds a layer after others whose shapes it takes. */
  add(kind: LayerKind, params: ParamValues, sources: readonly Place[]): Place {
    const id = `n${this.nodes.length}`;
    const shape = this.shapeOf(kind, params, sources)!;
    const name = `${layerOf(kind).autoName}_${id}`;
    const frozen = this.random.next() < 0.1 ? { trainable: false } : undefined;
    this.nodes.push({ id, kind, name, params, position: { x: 0, y: 0 }, ...frozen });
    for (const source of sources)
      this.edges.push({ id: `${source.id}-${id}`, source: source.id, target: id });
    const place = { id, shape };
    this.places.push(place);
    return place;
  }

  start(shape: Shape, form: 'image' | 'vector'): Place {
    const params: ParamValues = { ...defaultsOf(layerOf('input').params), form };
    return this.add(
      'input',
      form === 'vector' ? { ...params, size: sizeOf(shape) } : { ...params, shape },
      [],
    );
  }

  /** Adds an embedding of as many indices as a byte that is not scaled can be. Nothing else reads the index itself. */
  look(from: Place): Place {
    this.places.length = 0;
    const drawn = drawParams(layerOf('embedding'), from.shape, this.random);
    return this.add('embedding', { ...drawn, inputDim: 256 }, [from]);
  }

  /**
   * Adds a layer of this kind after `from`, with the branches that a joining layer needs.
   * @param keepsForm whether an image must stay an image
   * @returns nothing where no draw was accepted
   */
  grow(kind: LayerKind, from: Place, keepsForm: boolean, turn?: number): Place | undefined {
    if (layerOf(kind).inputs.max > 1) return this.join(kind, from);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const drawn = drawParams(layerOf(kind), from.shape, this.random, turn);
      for (const params of [drawn, this.repaired(kind, drawn, from)]) {
        const shape = this.shapeOf(kind, params, [from]);
        if (shape && (!keepsForm || shape.length === from.shape.length))
          return this.add(kind, params, [from]);
      }
    }
    return undefined;
  }

  /** Adds a layer of this kind, after the layer that it asks for where it does not take what comes. */
  growCertainly(kind: LayerKind, from: Place, turn: number): Place {
    const output = layerOf(kind).outputShape(
      [from.shape],
      drawParams(layerOf(kind), from.shape, this.random),
    );
    const asked =
      isProblem(output) && output.repair?.type === 'insertBefore' ? output.repair.kind : undefined;
    const before = asked && isLayerKind(asked) ? this.grow(asked, from, false) : undefined;
    const place = before ?? from;
    const grown = this.grow(kind, place, false, turn) ?? this.grow(kind, place, false);
    if (!grown) throw new Error(`No ${kind} could be drawn after ${place.shape.join(' × ')}.`);
    return grown;
  }

  /** Ends the network in one number for each class. */
  end(from: Place, classes: number, activation: 'softmax' | 'linear'): void {
    const { random } = this;
    let place = from;
    if (place.shape.length === 3) {
      const kind = random.next() < 0.7 ? 'flatten' : 'globalAveragePooling2d';
      place = this.grow(kind, place, false)!;
    }
    const direct = random.next() < 0.6;
    const units = { ...defaultsOf(layerOf('dense').params), units: classes, useBias: random.next() < 0.8 };
    place = this.add('dense', { ...units, activation: direct ? activation : 'linear' }, [place]);
    if (direct) return;
    place = this.grow(random.next() < 0.5 ? 'dropout' : 'batchNormalization', place, true)!;
    if (activation === 'softmax')
      this.add('activation', { ...defaultsOf(layerOf('activation').params), activation }, [place]);
  }

  /** Joins `from` with a layer beside it, and perhaps with one that came before. */
  private join(kind: LayerKind, from: Place): Place {
    const sources = [from, this.beside(kind, from)];
    for (const earlier of this.places) {
      if (sources.includes(earlier) || this.random.next() < 0.5 || sources.length === 3) continue;
      if (this.shapeOf(kind, {}, [...sources, earlier])) sources.push(earlier);
    }
    if (this.random.next() < 0.5) sources.reverse();
    return this.add(kind, drawParams(layerOf(kind), from.shape, this.random), sources);
  }

  /** A layer after `from` that can be joined with it: of any kind, or one that certainly keeps the shape. */
  private beside(kind: LayerKind, from: Place): Place {
    const side = pick(
      this.random,
      inner.filter(({ inputs }) => inputs.max === 1),
    );
    const params = drawParams(side, from.shape, this.random);
    const shape = this.shapeOf(side.kind, params, [from]);
    if (shape && this.shapeOf(kind, {}, [from, { id: '', shape }]))
      return this.add(side.kind, params, [from]);
    return this.grow('activation', from, true)!;
  }

  /** The parameters as the Problem that they make proposes; the same where it proposes none. */
  private repaired(kind: LayerKind, params: ParamValues, from: Place): ParamValues {
    const output = layerOf(kind).outputShape([from.shape], params);
    const repair = isProblem(output) ? output.repair : undefined;
    return repair?.type === 'setParams' ? { ...params, ...repair.params } : params;
  }

  private shapeOf(kind: LayerKind, params: ParamValues, sources: readonly Place[]): Shape | undefined {
    const definition = layerOf(kind);
    for (const [key, value] of Object.entries(params))
      if (checkParam(definition.params[key]!, value) !== undefined) return undefined;
    const output = definition.outputShape(
      sources.map(({ shape }) => shape),
      params,
    );
    return isProblem(output) || sizeOf(output) > LARGEST ? undefined : output;
  }
}
