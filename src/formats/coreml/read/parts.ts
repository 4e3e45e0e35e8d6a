/**
 * Layers of the app that are several layers of a file: those that the writer would write for one layer are taken back
 * together, so that a file of this app opens as the network that it was written from. They are known by their names and
 * blobs; another program's layers keep to themselves, and so keep their names.
 */
import { withoutDefaults } from '../../../coreml/canonical';
import type { NeuralNetworkLayer } from '../../../coreml/messages';
import { messageType } from '../../../coreml/schema';
import { isProblem } from '../../../core/problem';
import type { Shape } from '../../../core/shape';
import { layerOf } from '../../../layers';
import type { Recognized } from './kinds';
import { sorted } from './spellings';

/** The layers of the file after the one in question, each the only reader of the one before. */
export type Followers = (blob: string) => NeuralNetworkLayer | undefined;

export interface Taken extends Recognized {
  /** Blob that holds the layer's output: that of its last part. */
  readonly output: string;
  /** The layers of the file that belong to it, besides the first. */
  readonly parts: readonly NeuralNetworkLayer[];
}

/**
 * The layer with what follows it, as far as both are one layer of the app.
 * @param followerOf the layer that alone reads a blob, if the blob is not the model's output.
 */
export function takeParts(
  first: NeuralNetworkLayer,
  found: Recognized,
  inputShapes: readonly Shape[],
  followerOf: Followers,
): Taken {
  const alone: Taken = { ...found, output: first.output[0]!, parts: [] };
  const next = followerOf(alone.output);
  if (!next?.name.startsWith(`${first.name}_`)) return alone;
  for (const candidate of candidates(first, next, found)) {
    const parts = follow(first, candidate, inputShapes, followerOf);
    if (parts) return { ...candidate, output: parts.at(-1)!.output[0]!, parts };
  }
  return alone;
}

/** The layer as it is, and with the activation that the next one's name says. */
function candidates(first: NeuralNetworkLayer, next: NeuralNetworkLayer, found: Recognized): Recognized[] {
  const option = next.name.slice(first.name.length + 1);
  const spec = layerOf(found.kind).params['activation'];
  const takes =
    spec?.type === 'choice' && spec.options.includes(option) && found.params['activation'] === 'linear';
  if (takes) return [{ ...found, params: { ...found.params, activation: option } }];
  // What has weights is written in one part, or with its activation.
  return Object.keys(found.weights).length > 0 ? [] : [found];
}

/** The layers of the file that are the further parts of this layer of the app, or undefined where they are not. */
function follow(
  first: NeuralNetworkLayer,
  { kind, params, weights }: Recognized,
  inputShapes: readonly Shape[],
  followerOf: Followers,
): NeuralNetworkLayer[] | undefined {
  const definition = layerOf(kind);
  const outputShape = definition.outputShape(inputShapes, params);
  if (isProblem(outputShape)) return undefined;
  const written = definition.coreml.write({
    name: first.name,
    params,
    inputs: first.input,
    output: first.name,
    inputShapes,
    outputShape,
    weights,
  });
  if (written.length < 2 || written[0]!.output[0] !== first.output[0]) return undefined;
  const parts: NeuralNetworkLayer[] = [];
  let blob = first.output[0]!;
  for (const [i, part] of written.slice(1).entries()) {
    const next = followerOf(blob);
    const last = i === written.length - 2;
    if (!next || !sameLayer(next, last ? { ...part, output: next.output } : part)) return undefined;
    parts.push(next);
    blob = next.output[0]!;
  }
  return parts;
}

function sameLayer(a: NeuralNetworkLayer, b: NeuralNetworkLayer): boolean {
  const text = (layer: NeuralNetworkLayer) =>
    JSON.stringify(sorted(withoutDefaults(messageType('NeuralNetworkLayer'), layer)));
  return text(a) === text(b);
}
