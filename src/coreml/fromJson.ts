/**
 * Reads the JSON form of a Core ML model, by the same tables as the bytes. A value of the wrong sort is refused with the
 * way to it; a field that `proto/` does not know is reported.
 */
import type { DecodedModel } from './codec';
import type { UnknownField } from './decode';
import { foreignLayers, foreignModels } from './foreign';
import type { Model } from './model';
import { defaultOf, messageType, type Field, type MessageType } from './schema';

/** What is wrong with the text, as one or two sentences. */
export class BadJson extends Error {
  override name = 'BadJson';
}

/**
 * @param json what `JSON.parse` gave.
 * @throws BadJson
 */
export function modelFromJson(json: unknown): DecodedModel {
  const reader = new Reader();
  const model = reader.message(messageType('Model'), json, 'The model', undefined) as unknown as Model;
  if (!model.specificationVersion)
    throw new BadJson('This is no Core ML model in JSON: "specificationVersion" is missing.');
  return { model, unknown: reader.unknown };
}

type Message = Record<string, unknown>;

const integers: readonly (string | undefined)[] = ['int32', 'int64', 'uint64'];

class Reader {
  readonly unknown: UnknownField[] = [];

  message(type: MessageType, value: unknown, path: string, layer: number | undefined): Message {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new BadJson(`${path} should be an object, a ${type.name}.`);
    const message: Message = {};
    for (const [key, part] of Object.entries(value)) {
      const field = type.byName.get(key);
      if (field && part !== null) {
        const rival = field.rivals.find((name) => name in message);
        if (rival) throw new BadJson(`${path} holds both ${rival} and ${key}; it can be one of them only.`);
        message[key] = this.field(field, part, `${path}.${key}`, layer);
      } else if (!field)
        this.unknown.push({ message: type.name, number: numberOf(type, key), name: key, layer });
    }
    for (const field of type.byName.values()) {
      const value = field.name in message ? undefined : defaultOf(field);
      if (value !== undefined) message[field.name] = value;
    }
    return message;
  }

  private field(field: Field, value: unknown, path: string, layer: number | undefined): unknown {
    if (field.map) return textMap(value, path);
    if (!field.repeated) return this.single(field, value, path, layer);
    if (!Array.isArray(value)) throw new BadJson(`${path} should be a list.`);
    if (field.bulk) return Float32Array.from(value as unknown[], (one, i) => real(one, `${path}[${i}]`));
    const ofLayers = field.name === 'layers';
    return (value as unknown[]).map((one, i) =>
      this.single(field, one, `${path}[${i}]`, ofLayers ? i : layer),
    );
  }

  private single(field: Field, value: unknown, path: string, layer: number | undefined): unknown {
    const { scalar } = field;
    if (field.message) return this.message(field.message(), value, path, layer);
    if (scalar === 'bool' || scalar === 'string') {
      if (typeof value === (scalar === 'bool' ? 'boolean' : 'string')) return value;
      throw new BadJson(`${path} should be ${scalar === 'bool' ? 'true or false' : 'a text'}.`);
    }
    if (scalar === 'bytes') return fromBase64(value, path);
    if (scalar === 'enum') {
      const known = [...field.names!].find(([, name]) => name === value)?.[0];
      if (known !== undefined) return known;
    }
    const number = real(value, path);
    if ((scalar === 'enum' || integers.includes(scalar)) && !Number.isSafeInteger(number))
      throw new BadJson(
        `${path} should be a whole number${Number.isInteger(number) ? ' of at most 53 bits' : ''}; it is ${shown(value)}.`,
      );
    return scalar === 'float' ? Math.fround(number) : number;
  }
}

/** A number, or the text of one. */
function real(value: unknown, path: string): number {
  if (typeof value === 'number') return value;
  const special = value === 'NaN' || value === 'Infinity' || value === '-Infinity';
  if (typeof value === 'string' && (special || /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)))
    return Number(value);
  throw new BadJson(`${path} should be a number; it is ${shown(value)}.`);
}

/** A value in a sentence. Lists and objects are not written out: they may be deep and long. */
function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return JSON.stringify(value).slice(0, 40);
}

function textMap(value: unknown, path: string): Message {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadJson(`${path} should be an object of texts.`);
  const wrong = Object.entries(value).find(([, text]) => typeof text !== 'string');
  if (wrong) throw new BadJson(`${path}.${wrong[0].slice(0, 40)} should be a text.`);
  return value as Message;
}

function fromBase64(value: unknown, path: string): Uint8Array {
  try {
    if (typeof value !== 'string') throw new TypeError();
    return Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
  } catch {
    throw new BadJson(`${path} should be bytes in base64.`);
  }
}

/** The number of a field that `proto/` lacks, or 0 where nobody here knows it. */
function numberOf(type: MessageType, name: string): number {
  const table =
    type.name === 'Model' ? foreignModels : type.name === 'NeuralNetworkLayer' ? foreignLayers : undefined;
  return [...(table ?? [])].find(([, known]) => known === name)?.[0] ?? 0;
}
