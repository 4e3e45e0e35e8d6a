/** What a file has that `proto/` does not know: types of layers, and fields elsewhere. */
import type { DecodedModel } from '../../../coreml/codec';
import type { NeuralNetworkLayer } from '../../../coreml/messages';
import type { Notes } from './notes';
import { layerName, shortened } from './refused';

/** Members of a layer's `oneof` begin here. */
const FIRST_TYPE = 100;

/** How many notes of this sort a dialog can hold. */
const MOST_NOTES = 12;

/** By the index of a layer of unknown type: the number of that type. */
export function foreignTypes({ unknown }: DecodedModel): ReadonlyMap<number, number> {
  return new Map(
    unknown.flatMap(({ message, number, layer }) =>
      message === 'NeuralNetworkLayer' && number >= FIRST_TYPE && layer !== undefined
        ? [[layer, number] as const]
        : [],
    ),
  );
}

/** Says which other fields are left out. */
export function noteUnknownFields(
  { unknown }: DecodedModel,
  layers: readonly NeuralNetworkLayer[],
  notes: Notes,
): void {
  const others = unknown.filter(
    ({ message, number }) => message !== 'NeuralNetworkLayer' || number < FIRST_TYPE,
  );
  const isShape = ({ message, number }: (typeof others)[number]) =>
    message === 'NeuralNetworkLayer' && (number === 4 || number === 5);
  if (others.some(isShape))
    notes.note(
      'The file states the shapes between its layers; they follow from the layers and are not written again.',
    );
  const rest = others.filter((field) => !isShape(field));
  for (const { message, number, name, layer } of rest.slice(0, MOST_NOTES)) {
    const where = layer === undefined ? 'The file' : layerName(layers[layer]?.name ?? '', layer);
    notes.lost(
      `${where} has the field ${name === undefined ? number : shortened(name)} of ${message}, which Layerpad does not know. It is left out.`,
    );
  }
  if (rest.length > MOST_NOTES)
    notes.lost(`${rest.length - MOST_NOTES} more fields that Layerpad does not know are left out.`);
}
