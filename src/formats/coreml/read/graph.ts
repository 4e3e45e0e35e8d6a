/**
 * The layers of a file as a network: who reads which blob, and which layer of the app each is. It follows blobs by name
 * and knows nothing of training or of what the model is called.
 */
import { isProblem } from '../../../core/problem';
import { sizeOf, type Shape } from '../../../core/shape';
import { foreignLayers } from '../../../coreml/foreign';
import type { NeuralNetworkLayer } from '../../../coreml/messages';
import { typeName } from './types';
import { layerOf, type LayerKind } from '../../../layers';
import { edgeBetween } from '../../../network/connect';
import type { Network, NetworkEdge, NetworkNode } from '../../../network/network';
import { defaultsOf, type ParamValues } from '../../../core/params';
import { stated, wrongSizes } from './counts';
import { withFloats } from './floats';
import { recognize, type Recognized } from './kinds';
import { LayerNames } from './names';
import type { Notes } from './notes';
import { takeParts } from './parts';
import { FileRefused, layerName, shortened } from './refused';

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
  private readonly blobs = new Map<string, string>();
  private readonly places = new Map<string, Place>();
  private readonly readers = new Map<string, NeuralNetworkLayer[]>();
  private readonly taken = new Set<NeuralNetworkLayer>();
  private readonly unknown: UnknownPart[] = [];
  private readonly misfits = new Set<number>();
  private readonly names = new LayerNames();
  private readonly halves: string[] = [];

  constructor(
    private readonly source: GraphSource,
    private readonly notes: Notes,
  ) {
    for (const layer of source.layers)
      for (const blob of layer.input) this.readers.set(blob, [...(this.readers.get(blob) ?? []), layer]);
  }

  read(): ReadGraph {
    const own = new Set(this.source.layers.map(({ name }) => name));
    this.begin(own);
    this.source.layers.forEach((layer, index) => {
      if (!this.taken.has(layer)) this.layer(layer, index);
    });
    this.names.tell(this.notes);
    this.tellHalves();
    return {
      network: { nodes: this.nodes, edges: [...this.edges.values()] },
      weights: this.weights,
      origin: this.origin,
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
  private begin(own: ReadonlySet<string>): void {
    const free = (name: string): string => (own.has(name) ? free(`${name}_`) : name);
    const { name: blob, shape } = this.source.input;
    const input = this.node({ kind: 'input', params: inputParams(shape) }, free('input'), []);
    const { scale } = this.source;
    const first = scale ? this.node(scale, free('scale_pixels'), [input]) : input;
    this.places.set(blob, { node: first, shape, sure: true, through: undefined });
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
    const shapes = this.shapesFor(full, inputs);
    const found = this.recognized(full, index, shapes, lost, inputs);
    if (typeof found === 'string') return this.passOver(full, index, inputs, found);
    if (halves) this.halves.push(layerName(given.name, index).replace(/^The layer /, ''));
    this.place(full, found, inputs, shapes);
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
    this.blobs.set(id, taken.output);
    const shape = isProblem(output) ? (shapes[0] ?? []) : output;
    this.places.set(taken.output, { node: id, shape, sure, through: undefined });
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

  /** Shapes of a layer's inputs; those that are guesses are brought to what the layer itself states. */
  private shapesFor(
    { convolution, innerProduct }: NeuralNetworkLayer,
    inputs: readonly Place[],
  ): readonly Shape[] {
    return inputs.map(({ shape, sure }) => {
      if (sure) return shape;
      if (innerProduct) return [innerProduct.inputChannels];
      if (!convolution) return shape;
      const { kernelChannels, nGroups, isDeconvolution } = convolution;
      const [height = 1, width = 1] = shape.length === 3 ? shape : [];
      return [height, width, isDeconvolution ? kernelChannels : kernelChannels * nGroups];
    });
  }
}

function inputParams(shape: Shape): ParamValues {
  const own: ParamValues = shape.length === 3 ? { shape } : { form: 'vector', size: shape[0]! };
  return { ...defaultsOf(layerOf('input').params), ...own };
}
