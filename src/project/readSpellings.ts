/** Reads what a project keeps of the words of the file that it was opened from: layers, class labels, what was unsaid. */
import { rules } from '../coreml/rules';
import { omissible, type CoreMLSettings, type KeptLabels, type Spelling } from './coremlSettings';
import { Refused, isRecord, readList, readText } from './read';

const MOST_NAME = 200;
const MOST_LAYERS = 8;
const MOST_LABELS = 100_000;
/** The depth of a layer's message. */
const DEEPEST = 6;

/** @throws Refused */
export function readSpellings(value: unknown): Readonly<Record<string, Spelling>> {
  if (!isRecord(value)) throw new Refused('The layers in the words of their file are not an object.');
  return Object.fromEntries(Object.entries(value).map(([id, one]) => [id, readSpelling(id, one)]));
}

function readSpelling(id: string, value: unknown): Spelling {
  if (!isRecord(value)) throw new Refused(`The words of the file for ${id} are not an object.`);
  const layers = readList(value['layers'], `The layers of the file for ${id}`);
  if (layers.length > MOST_LAYERS || !layers.every(isLayer))
    throw new Refused(`The layers of the file for ${id} are no layers of Core ML.`);
  return {
    as: readText(value['as'], `The name of ${id}`, MOST_NAME),
    instead: readText(value['instead'], `What is written for ${id}`, MOST_LABELS),
    layers: layers as unknown as Spelling['layers'],
  };
}

function isLayer(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { name, input, output, ...type } = value;
  return (
    typeof name === 'string' &&
    isTexts(input) &&
    isTexts(output) &&
    output.length === 1 &&
    Object.entries(type).every(
      ([key, part]) => (key === 'activation' || Object.hasOwn(rules, key)) && isPlain(part, DEEPEST),
    )
  );
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

/** Numbers and truths in lists and objects: what a layer states besides its weights. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.length <= 64 && value.every((one) => isPlain(one, depth - 1));
  return isRecord(value) && Object.values(value).every((one) => isPlain(one, depth - 1));
}

/** @throws Refused */
export function readClassLabels(value: unknown): KeptLabels {
  const values: unknown = isRecord(value) ? value['values'] : undefined;
  if (isRecord(value) && Array.isArray(values) && values.length <= MOST_LABELS) {
    if (value['type'] === 'int64' && values.every(Number.isSafeInteger))
      return { type: 'int64', values: values as number[] };
    if (value['type'] === 'string' && isTexts(values)) return { type: 'string', values };
  }
  throw new Refused('The class labels of the file are neither texts nor whole numbers.');
}

/** @throws Refused */
export function readOmitted(value: unknown): NonNullable<CoreMLSettings['omitted']> {
  return readList(value, 'What the file leaves unsaid').map((one) => {
    const found = omissible.find((name) => name === one);
    if (!found) throw new Refused(`A file can leave unsaid ${omissible.join(', ')}, nothing else.`);
    return found;
  });
}
