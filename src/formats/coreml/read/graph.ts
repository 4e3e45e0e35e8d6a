/**
 * The layers of a file as a network: who reads which blob, and which layer of the app each is. It follows blobs by name
 * and knows nothing of training or of what the model is called.
 */
import { isProblem } from '../../../core/problem';
import { sizeOf, type Shape } from '../../../core/shape';
import { foreignLayers } from '../../../coreml/foreign';
import { stated } from '../../../coreml/stated';
import type { NeuralNetworkLayer } from '../../../coreml/messages';
import { typeName } from './types';
import { layerOf, type LayerKind } from '../../../layers';
import { edgeBetween } from '../../../network/connect';
import type { Network, NetworkEdge, NetworkNode } from '../../../network/network';
import type { ParamValues } from '../../../core/params';
import type { Spelling } from '../../../project/coremlSettings';
import { wrongSizes } from './counts';
import { withFloats } from './floats';
import { recognize, type Recognized } from './kinds';
import { LayerNames } from './names';
import type { Notes } from './notes';
import { takeParts } from './parts';
import { inOtherRank, type OtherRank } from './ranks';
import { inputParams, shapesFor } from './shapes';
import { FileRefused, layerName, shortened } from './refused';
import { spellingOf } from './spellings';

/** Dagre lays this many out in about a second; the canvas stays smooth. */
const MOST_LAYERS = 600;

export interface GraphSource {
  readonly layers: readonly NeuralNetworkLayer[];
  /** By the index of a layer that `proto/` has no type for: the number of its type. */
  readonly foreign: ReadonlyMap<number, number>;
  readonly input: { readonly name: string; readonly shape: Shape };
  /** Blobs that are read from outside: the model's output, the loss's input. */
  readonly read: ReadonlySet<string>;
  /** Indices of unknown layers whose neighbours are joined. */
  readonly joined: ReadonlySet<number>;
  /** A layer that is put behind the input, for pixels that are scaled otherwise than the data set's. */
  readonly scale: { readonly kind: LayerKind; readonly params: ParamValues } | undefined;
}

export interface UnknownPart {
  readonly index: number;
  readonly name: string;
  readonly type: string;
  readonly reason: string;
  /** One blob in and one out: the two could be joined. */
  readonly simple: boolean;
  /** Joined, and what reads it takes that shape. */
  readonly fits: boolean;
}

export interface ReadGraph {
  readonly network: Network;
  readonly weights: Readonly<Record<string, Float32Array>>;
  /** By the id of a node: its layers in the file. */
  readonly origin: ReadonlyMap<string, readonly NeuralNetworkLayer[]>;
  /** By the id of a node: the words of the file for it, where the export has others. */
  readonly spellings: Readonly<Record<string, Spelling>>;
  /** By the id of a node: the blob that holds its output. */
  readonly blobs: ReadonlyMap<string, string>;
  /** Id of the node that makes a blob; undefined where it is cut off. */
  nodeOf(blob: string): string | undefined;
  readonly unknown: readonly UnknownPart[];
}

/** A blob: the node that makes it, unless that is unknown, and its shape, which behind an unknown layer is a guess. */
interface Place {
  readonly node: string | undefined;
  readonly shape: Shape;
  readonly sure: boolean;
  /** The unknown layer that this blob comes out of, joined or not. */
  readonly through: number | undefined;
}

/** @throws FileRefused where the layers are no graph that Core ML would take, or too many for a canvas. */
export function readGraph(source: GraphSource, notes: Notes): ReadGraph {
  if (source.layers.length === 0) throw new FileRefused('The model has no layers.');
  if (source.layers.length > MOST_LAYERS)
    throw new FileRefused(
      `The network has ${source.layers.length} layers; Layerpad opens networks of up to ${MOST_LAYERS}.`,
    );
  return new GraphReader(source, notes).read();
}

class GraphReader {
  private readonly nodes: NetworkNode[] = [];
  private readonly edges = new Map<string, NetworkEdge>();
  private readonly weights: Record<string, Float32Array> = {};
  private readonly origin = new Map<string, readonly NeuralNetworkLayer[]>();
  private readonly spellings: Record<string, Spelling> = {};
  private readonly blobs = new Map<string, string>();
  private readonly places = new Map<string, Place>();
  private readonly readers = new Map<string, NeuralNetworkLayer[]>();
  private readonly taken = new Set<NeuralNetworkLayer>();
  private readonly unknown: UnknownPart[] = [];
  private readonly misfits = new Set<number>();
  private readonly names = new LayerNames();
  private readonly halves: string[] = [];
  private readonly own: ReadonlySet<string>;

  constructor(
    private readonly source: GraphSource,
    private readonly notes: Notes,
  ) {
    this.own = new Set(source.layers.map(({ name }) => name));
    for (const layer of source.layers)
      for (const blob of layer.input) this.readers.set(blob, [...(this.readers.get(blob) ?? []), layer]);
  }

  read(): ReadGraph {
    this.begin();
    this.source.layers.forEach((layer, index) => {
      if (!this.taken.has(layer)) this.layer(layer, index);
    });
    this.names.tell(this.notes);
    this.tellHalves();
    return {
      network: { nodes: this.nodes, edges: [...this.edges.values()] },
      weights: this.weights,
      origin: this.origin,
      spellings: this.spellings,
      blobs: this.blobs,
      nodeOf: (blob) => this.places.get(blob)?.node,
      unknown: this.unknown.map((part) => ({ ...part, fits: part.simple && !this.misfits.has(part.index) })),
    };
  }

  private tellHalves(): void {
    const { length } = this.halves;
    if (length === 0) return;
    const named = length > 5 ? `${length} layers` : this.halves.join(', ');
    this.notes.note(
      `The weights of ${named} are 16-bit floats. They open as 32-bit floats, and are written as such.`,
    );
  }

  /** The Input layer, whose name is no layer's of the file, and the scaling behind it. */
  private begin(): void {
    const { name: blob, shape } = this.source.input;
    const input = this.node({ kind: 'input', params: inputParams(shape) }, this.free('input'), []);
    const { scale } = this.source;
    const first = scale ? this.node(scale, this.free('scale_pixels'), [input]) : input;
    this.places.set(blob, { node: first, shape, sure: true, through: undefined });
  }

  /** A name that no layer of the file has. */
  private free(name: string): string {
    return this.own.has(name) ? this.free(`${name}_`) : name;
  }

  private layer(given: NeuralNetworkLayer, index: number): void {
    const inputs = given.input.map((blob) => {
      const place = this.places.get(blob);
      if (!place)
        throw new FileRefused(
          `${layerName(given.name, index)} reads "${shortened(blob)}", which no layer before it makes. ` +
            `Core ML would refuse this file too.`,
        );
      return place;
    });
    const again = given.output.find((blob) => this.places.has(blob));
    if (again !== undefined)
      throw new FileRefused(
        `${layerName(given.name, index)} makes "${shortened(again)}", which is there already. ` +
          `Core ML would refuse this file too.`,
      );
    const { layer, halves, lost } = withFloats(given, index);
    const full = stated(layer);
    const plain = shapesFor(full, inputs);
    const found = this.recognized(full, index, plain, lost, inputs);
    if (typeof found === 'string') return this.passOver(full, index, inputs, found);
    const other = inputs.every(({ sure, node }) => sure && node !== undefined)
      ? inOtherRank(found, plain)
      : undefined;
    const shapes = other?.map(({ shape }) => shape) ?? plain;
    const ranked = other ? inputs.map((place, i) => this.between(place, other[i]!)) : inputs;
    if (halves) this.halves.push(layerName(given.name, index).replace(/^The layer /, ''));
    this.place(full, found, ranked, shapes, given);
  }

  private recognized(
    layer: NeuralNetworkLayer,
    index: number,
    shapes: readonly Shape[],
    lost: string | undefined,
    inputs: readonly Place[],
  ): Recognized | string {
    const wrong = lost ?? (this.source.foreign.has(index) ? undefined : wrongSizes(layer));
    if (wrong) return wrong;
    if (layer.output.length !== 1) return `It makes ${layer.output.length} blobs; a layer here makes one.`;
    const found = recognize(layer, shapes);
    if (typeof found === 'string') return found;
    const { label, inputs: arity } = layerOf(found.kind);
    if (inputs.length < arity.min || inputs.length > arity.max)
      return `It has ${inputs.length} inputs; ${label} takes ${arity.min} to ${arity.max}.`;
    if (new Set(inputs.map(({ node }, i) => node ?? i)).size < inputs.length)
      return 'It reads one layer twice; here two layers are connected at most once.';
    return found;
  }

  /** Puts a layer that the app has, with the further layers of the file that belong to it. */
  private place(
    layer: NeuralNetworkLayer,
    found: Recognized,
    inputs: readonly Place[],
    shapes: readonly Shape[],
    given: NeuralNetworkLayer,
  ): void {
    const taken = takeParts(layer, found, shapes, (blob) => this.followerOf(blob));
    for (const part of taken.parts) this.taken.add(part);
    const definition = layerOf(taken.kind);
    const output = definition.outputShape(shapes, taken.params);
    const specs = isProblem(output) ? [] : (definition.weights?.(shapes, taken.params) ?? []);
    const fits =
      !isProblem(output) && specs.every(({ name, shape }) => taken.weights[name]?.length === sizeOf(shape));
    const sure = fits && inputs.every((place) => place.sure);
    for (const { through } of inputs) if (through !== undefined && !fits) this.misfits.add(through);
    const name = this.names.claim(layer.name, definition.autoName);
    const id = this.node(
      taken,
      name,
      inputs.map(({ node }) => node),
    );
    for (const [weight, values] of Object.entries(taken.weights)) this.weights[`${name}/${weight}`] = values;
    this.origin.set(id, [layer, ...taken.parts]);
    if (fits) this.spell(id, [given, ...taken.parts], shapes);
    this.blobs.set(id, taken.output);
    const shape = isProblem(output) ? (shapes[0] ?? []) : output;
    this.places.set(taken.output, { node: id, shape, sure, through: undefined });
  }

  private spell(id: string, file: readonly NeuralNetworkLayer[], shapes: readonly Shape[]): void {
    const spelling = spellingOf(
      this.nodes.find((node) => node.id === id)!,
      file,
      shapes,
    );
    if (spelling) this.spellings[id] = spelling;
  }

  /** Puts a layer between two for what is the same blob to Core ML: a vector, or an image of one place. */
  private between(place: Place, { layer, shape }: OtherRank): Place {
    if (!layer) return place;
    const { autoName } = layerOf(layer.kind);
    const id = this.node(layer, this.names.claim(this.free(autoName), autoName), [place.node]);
    this.spell(id, [], [place.shape]);
    this.notes.note(
      'To Core ML a vector is an image of one place. Where a layer here takes the other of the two, a Flatten or a ' +
        'Reshape stands before it, which is not written again.',
    );
    return { ...place, node: id, shape };
  }

  /** A layer that the app lacks: joined over where that was chosen, else its readers lose their input. */
  private passOver(layer: NeuralNetworkLayer, index: number, inputs: readonly Place[], reason: string): void {
    const number = this.source.foreign.get(index);
    const type =
      number === undefined
        ? typeName(layer)
        : (foreignLayers.get(number) ?? `a type with the number ${number}`);
    const simple = inputs.length === 1 && layer.output.length === 1;
    this.unknown.push({ index, name: layer.name, type, reason, simple, fits: false });
    const [first] = inputs;
    const joined = simple && this.source.joined.has(index);
    const shape = first?.shape ?? this.source.input.shape;
    for (const blob of layer.output)
      this.places.set(blob, {
        node: joined ? first!.node : undefined,
        shape,
        sure: joined && first!.sure,
        through: index,
      });
  }

  private node(
    { kind, params }: Pick<Recognized, 'kind' | 'params'>,
    name: string,
    sources: readonly (string | undefined)[],
  ) {
    const id = `n${this.nodes.length + 1}`;
    this.nodes.push({ id, kind, name, params, position: { x: 0, y: 0 } });
    for (const source of sources) {
      if (source === undefined) continue;
      const edge = edgeBetween(source, id);
      this.edges.set(edge.id, edge);
    }
    return id;
  }

  /** The layer that alone reads a blob, where nobody outside reads it too. */
  private followerOf(blob: string): NeuralNetworkLayer | undefined {
    const readers = this.readers.get(blob) ?? [];
    return readers.length === 1 && !this.source.read.has(blob) ? readers[0] : undefined;
  }
}
