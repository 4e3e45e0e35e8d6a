/**
 * A compiled network as layers of a Core ML file: blobs wired, names made unique, layers that write nothing left out.
 * Decides nothing about training: see `plan.ts`.
 */
import type { NeuralNetworkLayer } from '../../coreml/messages';
import { layerOf } from '../../layers';
import type { Spelling } from '../../project/coremlSettings';
import { fingerprintOf, spelled } from './spelled';
import { weightKey, type CompiledLayer, type CompiledNetwork, type Weights } from '../../network/compiled';

export interface WrittenGraph {
  /** In topological order; each blob is produced once. */
  readonly layers: readonly NeuralNetworkLayer[];
  /** By the name of a written layer: the layer of the app that it comes from. */
  readonly origin: ReadonlyMap<string, CompiledLayer>;
  /** Layers without a counterpart in the file: what reads them reads their input instead. The Input layer is not one. */
  readonly leftOut: readonly CompiledLayer[];
  /** False where the network's output is its input: no layer of the file makes it. */
  readonly producesOutput: boolean;
}

/**
 * Writes every layer.
 * @param weights has all of the network's weights. Undefined: the layers are written with empty ones, to be judged.
 * @param features names of the model's input, and of the blob that holds its output; `taken` are further names that
 *   the model uses; `blobs` are the names that a file gave to the outputs of layers, and `spellings` its words for
 *   them, by their ids.
 */
export function writeGraph(
  network: Pick<CompiledNetwork, 'layers'>,
  weights: Weights | undefined,
  features: {
    readonly input: string;
    readonly output: string;
    readonly taken: readonly string[];
    readonly blobs?: Readonly<Record<string, string>> | undefined;
    readonly spellings?: Readonly<Record<string, Spelling>> | undefined;
  },
): WrittenGraph {
  // Names of the app's layers come first, so that a blob in the middle of a layer never takes the name of another.
  const own = network.layers.map((layer) => layer.name);
  const reserved = [features.input, features.output, ...features.taken];
  const layerNames = new Names([...own, ...features.taken]);
  const kept = keptBlobs(network, features.blobs ?? {}, reserved);
  const blobNames = new Names([...own, ...reserved, ...kept.values()]);
  const keptNames = new Set(kept.values());
  const written: NeuralNetworkLayer[] = [];
  const origin = new Map<string, CompiledLayer>();
  const leftOut: CompiledLayer[] = [];
  /** By layer of the app: the blob that holds its output. */
  const blobs: string[] = [];

  for (const layer of network.layers) {
    if (layer.inputs.length === 0) {
      blobs.push(features.input);
      continue;
    }
    const inputs = layer.inputs.map((i) => blobs[i]!);
    const parts = writeLayer(layer, weights, inputs, features.spellings ?? {});
    if (parts.length === 0) {
      leftOut.push(layer);
      blobs.push(inputs[0]!);
      continue;
    }
    /** Blobs of this layer by the name that its definition gave them. */
    const local = new Map<string, string>();
    const mine = (name: string) => name === layer.name && !reserved.includes(name) && !keptNames.has(name);
    for (const part of parts) {
      const input = part.input.map((blob) => local.get(blob) ?? blob);
      for (const blob of part.output) {
        const given = blob === layer.name ? kept.get(layer.id) : undefined;
        local.set(blob, given ?? (mine(blob) ? blob : blobNames.claim(blob)));
      }
      const name =
        part.name === layer.name && !features.taken.includes(part.name)
          ? part.name
          : layerNames.claim(part.name);
      origin.set(name, layer);
      written.push({ ...part, name, input, output: part.output.map((blob) => local.get(blob)!) });
    }
    blobs.push(local.get(layer.name)!);
  }
  const last = blobs.at(-1)!;
  return {
    layers: written.map((layer) => renameBlob(layer, last, features.output)),
    origin,
    leftOut,
    producesOutput: last !== features.input,
  };
}

const none = new Float32Array(0);

/** The blobs that keep the name that a file gave them, by the layer's id: each name once, and none that is reserved. */
function keptBlobs(
  network: Pick<CompiledNetwork, 'layers'>,
  blobs: Readonly<Record<string, string>>,
  reserved: readonly string[],
): ReadonlyMap<string, string> {
  const kept = new Map<string, string>();
  const taken = new Set(reserved);
  for (const { id } of network.layers) {
    const name = Object.hasOwn(blobs, id) ? blobs[id]! : undefined;
    if (name === undefined || taken.has(name)) continue;
    taken.add(name);
    kept.set(id, name);
  }
  return kept;
}

function writeLayer(
  layer: CompiledLayer,
  weights: Weights | undefined,
  inputs: readonly string[],
  spellings: Readonly<Record<string, Spelling>>,
): readonly NeuralNetworkLayer[] {
  const written = layerOf(layer.kind).coreml.write({
    name: layer.name,
    params: layer.params,
    inputs,
    output: layer.name,
    inputShapes: layer.inputShapes,
    outputShape: layer.outputShape,
    weights: Object.fromEntries(
      layer.weights.map((spec) => [spec.name, weights ? weights[weightKey(layer, spec)]! : none]),
    ),
  });
  const spelling = Object.hasOwn(spellings, layer.id) ? spellings[layer.id] : undefined;
  if (!spelling) return written;
  return spelling.instead === fingerprintOf(layer) ? spelled(spelling, layer, inputs, written) : written;
}

function renameBlob(layer: NeuralNetworkLayer, from: string, to: string): NeuralNetworkLayer {
  const renamed = (blob: string) => (blob === from ? to : blob);
  return { ...layer, input: layer.input.map(renamed), output: layer.output.map(renamed) };
}

/** Gives out names, each once: "dense_relu", then "dense_relu_2". */
class Names {
  private readonly taken: Set<string>;

  constructor(taken: Iterable<string>) {
    this.taken = new Set(taken);
  }

  claim(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.taken.has(name); n++) name = `${wanted}_${n}`;
    this.taken.add(name);
    return name;
  }
}
