/**
 * Where the numbers of layers that train stand in a written file, so that others can be put in their place without
 * decoding it. Reads nothing else of the file: see `codec.ts`.
 */
import protobuf from 'protobufjs/minimal.js';

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

/** Field numbers of the public format; `messages.ts` and `model.ts` have their names. */
const NETWORKS = [500, 403];
const LAYERS = 1;
const LAYER = { name: 1, isUpdatable: 10 };
/** By the layer's `oneof`: its weights and its bias. */
const PARTS: Readonly<Record<number, { readonly weights: number; readonly bias: number }>> = {
  100: { weights: 90, bias: 91 },
  140: { weights: 20, bias: 21 },
};
const FLOAT_VALUE = 1;
const LENGTH_DELIMITED = 2;

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The layers that are flagged to be trained, in the order of the file.
 * @param file as `encodeModel` writes it: a layer's numbers are one packed list.
 */
export function trainedPlaces(file: Uint8Array): readonly TrainedLayerPlaces[] {
  const reader = protobuf.Reader.create(file);
  const model = spans(reader, { start: 0, end: file.length });
  const network = NETWORKS.flatMap((number) => model.get(number) ?? [])[0];
  if (!network) return [];
  const layers = spans(reader, network).get(LAYERS) ?? [];
  return layers.flatMap((layer) => {
    const fields = spans(reader, layer);
    if (!fields.has(LAYER.isUpdatable)) return [];
    const [part, numbers] = Object.entries(PARTS).find(([number]) => fields.has(Number(number))) ?? [];
    if (part === undefined || !numbers) return [];
    const params = spans(reader, fields.get(Number(part))![0]!);
    const name = fields.get(LAYER.name)![0]!;
    const biases = params.get(numbers.bias)?.[0];
    return [
      {
        name: new TextDecoder().decode(file.subarray(name.start, name.end)),
        weights: placeOf(reader, params.get(numbers.weights)![0]!),
        ...(biases ? { biases: placeOf(reader, biases) } : undefined),
      },
    ];
  });
}

function placeOf(reader: protobuf.Reader, weights: Span): NumberPlace {
  const floats = spans(reader, weights).get(FLOAT_VALUE)![0]!;
  return { offset: floats.start, count: (floats.end - floats.start) / 4 };
}

/** The fields of a message by their numbers; of those that have a length, the bytes without it. */
function spans(reader: protobuf.Reader, { start, end }: Span): ReadonlyMap<number, readonly Span[]> {
  const found = new Map<number, Span[]>();
  reader.pos = start;
  while (reader.pos < end) {
    const tag = reader.uint32();
    const [number, wireType] = [tag >>> 3, tag & 7];
    const length = wireType === LENGTH_DELIMITED ? reader.uint32() : undefined;
    const from = reader.pos;
    if (length === undefined) reader.skipType(wireType);
    else reader.skip(length);
    found.set(number, [...(found.get(number) ?? []), { start: from, end: reader.pos }]);
  }
  return found;
}
