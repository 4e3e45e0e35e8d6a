/** Reads the stored choices of the Core ML export. Whether they suit the network and its training is not asked here. */
import {
  adjustable,
  arrayTypes,
  countable,
  featureRoles,
  defaultCoreMLSettings as defaults,
  type Adjustable,
  type Allowed,
  type CoreMLSettings,
  type ModelNames,
  type ModelTexts,
} from './coremlSettings';
import { Refused, isRecord, readList, readText } from './read';
import { readClassLabels, readOmitted, readSpellings } from './readSpellings';

/** Of a text about the model, and of a value of a pair. */
const MOST_TEXT = 100_000;
const MOST_KEY = 200;
/** Longer than any that a person chooses; a set is written out value by value. */
const MOST_VALUES = 1000;

const names: readonly (keyof ModelNames)[] = ['input', 'output', 'label', 'target', 'loss'];

const keys = ['input', 'modelType', 'allowed', 'texts', 'userDefined'];

/** What only a project has that was opened from a file. */
const kept: {
  readonly [K in keyof CoreMLSettings as undefined extends CoreMLSettings[K] ? K : never]-?: (
    value: unknown,
  ) => CoreMLSettings[K];
} = {
  names: readNames,
  blobs: readBlobs,
  features: readFeatures,
  spellings: readSpellings,
  version: readVersion,
  classLabels: readClassLabels,
  probabilitiesFirst: readTruth,
  omitted: readOmitted,
};

/**
 * Reads what `Project.coreml` holds; what is missing has its default.
 * @throws Refused with a sentence that names the choice.
 */
export function readCoreMLSettings(value: unknown): CoreMLSettings {
  if (!isRecord(value)) throw new Refused('The choices of the Core ML export are not an object.');
  const known = [...keys, ...Object.keys(kept)];
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown) throw new Refused(`The Core ML export has an unknown choice "${unknown}".`);
  return {
    input: readChoice(value['input'] ?? defaults.input, 'input', ['array', 'image']),
    modelType: readChoice(value['modelType'] ?? defaults.modelType, 'model type', ['network', 'classifier']),
    allowed: readAllowed(value['allowed'] ?? {}),
    texts: readTexts(value['texts'] ?? {}),
    userDefined: readPairs(value['userDefined'] ?? []),
    ...Object.fromEntries(
      Object.entries(kept).flatMap(([key, read]) =>
        value[key] === undefined ? [] : [[key, read(value[key])]],
      ),
    ),
  };
}

function readChoice<V extends string>(value: unknown, what: string, options: readonly V[]): V {
  const found = options.find((option) => option === value);
  if (!found) throw new Refused(`The ${what} of the Core ML export is not one of ${options.join(', ')}.`);
  return found;
}

function readAllowed(value: unknown): Partial<Record<Adjustable, Allowed>> {
  if (!isRecord(value)) throw new Refused('What the device may change is not an object.');
  return Object.fromEntries(
    Object.entries(value).map(([key, allowed]) => {
      const number = adjustable.find((name) => name === key);
      if (!number)
        throw new Refused(`The device cannot change "${key}"; it may change ${adjustable.join(', ')}.`);
      return [number, readRangeOrSet(allowed, number)];
    }),
  );
}

function readRangeOrSet(value: unknown, key: Adjustable): Allowed {
  const isNumber = (number: unknown): number is number => Number.isFinite(number);
  if (isRecord(value) && value['type'] === 'range' && isNumber(value['min']) && isNumber(value['max']))
    return { type: 'range', min: value['min'], max: value['max'] };
  const values: unknown = isRecord(value) && value['type'] === 'set' ? value['values'] : undefined;
  const takesSet = countable.includes(key);
  if (takesSet && Array.isArray(values) && values.length <= MOST_VALUES && values.every(Number.isSafeInteger))
    return { type: 'set', values: values as number[] };
  throw new Refused(
    `What the device may set ${key} to is no range of two numbers` +
      `${takesSet ? ` and no set of at most ${MOST_VALUES} whole numbers` : ''}.`,
  );
}

function readTexts(value: unknown): ModelTexts {
  if (!isRecord(value)) throw new Refused('The texts about the model are not an object.');
  const text = (key: keyof ModelTexts): string =>
    readAnyText(value[key] ?? defaults.texts[key], `Its ${key}`);
  return {
    description: text('description'),
    version: text('version'),
    author: text('author'),
    license: text('license'),
  };
}

function readPairs(value: unknown): CoreMLSettings['userDefined'] {
  const keys = new Set<string>();
  return readList(value, 'The pairs of the model').map((pair) => {
    if (!isRecord(pair)) throw new Refused('A pair of the model is not a key with a value.');
    const key = readText(pair['key'], 'A key of the model', MOST_KEY);
    if (keys.has(key)) throw new Refused(`Two pairs of the model have the key "${key}".`);
    keys.add(key);
    return { key, value: readAnyText(pair['value'], `The value of "${key}"`) };
  });
}

function readNames(value: unknown): ModelNames {
  if (!isRecord(value)) throw new Refused('The names of the model are not an object.');
  const entries = names.map((name) => [name, readText(value[name], `The name of the ${name}`, MOST_KEY)]);
  return Object.fromEntries(entries) as ModelNames;
}

function readBlobs(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) throw new Refused('The names of the blobs are not an object.');
  return Object.fromEntries(
    Object.entries(value).map(([id, blob]) => [id, readText(blob, `The blob of ${id}`, MOST_KEY)]),
  );
}

function readFeatures(value: unknown): CoreMLSettings['features'] {
  if (!isRecord(value)) throw new Refused('The words about the features are not an object.');
  return Object.fromEntries(
    Object.entries(value).map(([role, facts]) => {
      if (!featureRoles.some((name) => name === role) || !isRecord(facts))
        throw new Refused(`The model has no feature "${role}"; it has ${featureRoles.join(', ')}.`);
      const { description, type } = facts;
      return [
        role,
        {
          ...(description === undefined
            ? undefined
            : { description: readAnyText(description, `The description of the ${role}`) }),
          ...(type === undefined ? undefined : { type: readChoice(type, `type of the ${role}`, arrayTypes) }),
        },
      ];
    }),
  );
}

function readVersion(value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 1000) return value as number;
  throw new Refused('The version of the Core ML specification is no whole number.');
}

function readTruth(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new Refused('Whether probabilities come first is neither true nor false.');
}

/** A text that may be empty. */
function readAnyText(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new Refused(`${what} is not a text.`);
  if (value.length > MOST_TEXT) throw new Refused(`${what} is longer than ${MOST_TEXT} characters.`);
  return value;
}
