/**
 * Where the numbers of layers that train stand in a written file, so that others can be put in their place without
 * decoding it. Reads nothing else of the file: see `codec.ts`.
 */
import { messageType } from './schema';
import { Cursor, WireType } from './wire';

/** `count` floats of 32 bits, little-endian, the first one at the byte `offset`. */
export interface NumberPlace {
  readonly offset: number;
  readonly count: number;
}

export interface TrainedLayerPlaces {
  /** Of the layer in the file. */
  readonly name: string;
  readonly weights: NumberPlace;
  /** Missing where the layer has no bias. */
  readonly biases?: NumberPlace;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The layers that are flagged to be trained, in the order of the file.
 * @param file as `encodeModel` writes it: a layer's numbers are one packed list.
 */
export function trainedPlaces(file: Uint8Array): readonly TrainedLayerPlaces[] {
  const cursor = new Cursor(file);
  const model = blocks(cursor, 'Model', { start: 0, end: file.length });
  const network = (['neuralNetwork', 'neuralNetworkClassifier'] as const).find((name) => model.has(name));
  if (!network) return [];
  const type = network === 'neuralNetwork' ? 'NeuralNetwork' : 'NeuralNetworkClassifier';
  const layers = blocks(cursor, type, model.get(network)![0]!).get('layers') ?? [];
  return layers.flatMap((layer) => {
    const fields = blocks(cursor, 'NeuralNetworkLayer', layer);
    const [convolution] = fields.get('convolution') ?? [];
    const [product] = fields.get('innerProduct') ?? [];
    if (!fields.has('isUpdatable') || !(convolution ?? product)) return [];
    const params = convolution
      ? blocks(cursor, 'ConvolutionLayerParams', convolution)
      : blocks(cursor, 'InnerProductLayerParams', product!);
    const [name] = fields.get('name')!;
    const [biases] = params.get('bias') ?? [];
    return [
      {
        name: new TextDecoder().decode(file.subarray(name!.start, name!.end)),
        weights: placeOf(cursor, params.get('weights')![0]!),
        ...(biases ? { biases: placeOf(cursor, biases) } : undefined),
      },
    ];
  });
}

function placeOf(cursor: Cursor, weights: Span): NumberPlace {
  const [floats] = blocks(cursor, 'WeightParams', weights).get('floatValue')!;
  return { offset: floats!.start, count: (floats!.end - floats!.start) / 4 };
}

/** The fields of a message by their names; of those that have a length, the bytes without it. */
function blocks(cursor: Cursor, type: string, { start, end }: Span): ReadonlyMap<string, readonly Span[]> {
  const { byNumber } = messageType(type);
  const found = new Map<string, Span[]>();
  cursor.at = start;
  while (cursor.at < end) {
    const tag = cursor.tag(end);
    let from = cursor.at;
    if (tag.type === WireType.block) {
      const after = cursor.block(end);
      from = cursor.at;
      cursor.at = after;
    } else cursor.skip(tag.type, end);
    const name = byNumber.get(tag.number)?.name;
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), { start: from, end: cursor.at }]);
  }
  return found;
}
