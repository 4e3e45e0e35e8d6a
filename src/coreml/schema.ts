/**
 * The messages of `proto/` as tables of fields, from what `npm run generate` made of them. The reader of files, the
 * writer's last step and the JSON form all go by these tables. No bytes here.
 */
import descriptor from './generated/schema.json';

export type Scalar = 'bool' | 'bytes' | 'double' | 'enum' | 'float' | 'int32' | 'int64' | 'string' | 'uint64';

export interface Field {
  readonly name: string;
  readonly number: number;
  readonly repeated: boolean;
  /** Text to text: `map<string, string>` is the only map of the format. */
  readonly map: boolean;
  /** Other fields of its `oneof`: at most one of them is set. Without any: it has a default. */
  readonly rivals: readonly string[];
  /** A scalar's type, or undefined where it is a message. */
  readonly scalar: Scalar | undefined;
  /** Names by number, and only of an enum. */
  readonly names: ReadonlyMap<number, string> | undefined;
  /** The message's type, and only of a message. */
  readonly message: (() => MessageType) | undefined;
  /** Numbers in bulk, that is weights: they are `Float32Array`s. */
  readonly bulk: boolean;
}

export interface MessageType {
  readonly name: string;
  readonly byNumber: ReadonlyMap<number, Field>;
  readonly byName: ReadonlyMap<string, Field>;
}

interface FieldEntry {
  readonly type: string;
  readonly id: number;
  readonly rule?: string;
  readonly keyType?: string;
}

interface Entry {
  readonly fields?: Readonly<Record<string, FieldEntry>>;
  readonly oneofs?: Readonly<Record<string, { readonly oneof: readonly string[] }>>;
  readonly nested?: Readonly<Record<string, Entry>>;
  readonly values?: Readonly<Record<string, number>>;
}

const scalars = ['bool', 'bytes', 'double', 'float', 'int32', 'int64', 'string', 'uint64'] as const;
const isScalar = (type: string): type is (typeof scalars)[number] =>
  (scalars as readonly string[]).includes(type);

const bulk = ['WeightParams.floatValue', 'NeuralNetworkMeanImage.meanImage'];

const all = (descriptor as { nested: { coreml: Entry } }).nested.coreml.nested!;
const made = new Map<Entry, MessageType>();

/** The type of this name at the top of the format: "Model". */
export function messageType(name: string): MessageType {
  return typeOf(name, all[name]!);
}

function typeOf(name: string, entry: Entry): MessageType {
  const known = made.get(entry);
  if (known) return known;
  const fields = Object.entries(entry.fields ?? {}).map(([field, facts]) =>
    fieldOf(name, entry, field, facts),
  );
  const type: MessageType = {
    name,
    byNumber: new Map(fields.map((field) => [field.number, field])),
    byName: new Map(fields.map((field) => [field.name, field])),
  };
  made.set(entry, type);
  return type;
}

function fieldOf(owner: string, entry: Entry, name: string, facts: FieldEntry): Field {
  const choice = Object.values(entry.oneofs ?? {}).find(({ oneof }) => oneof.includes(name));
  const other = isScalar(facts.type) ? undefined : (entry.nested?.[facts.type] ?? all[facts.type]!);
  const values = other?.values;
  return {
    name,
    number: facts.id,
    repeated: facts.rule === 'repeated',
    map: facts.keyType !== undefined,
    rivals: choice ? choice.oneof.filter((rival) => rival !== name) : [],
    scalar: isScalar(facts.type) ? facts.type : values ? 'enum' : undefined,
    names: values && new Map(Object.entries(values).map(([text, number]) => [number, text])),
    message: other && !values ? () => typeOf(facts.type, other) : undefined,
    bulk: bulk.includes(`${owner}.${name}`),
  };
}

/**
 * What a field holds where the file says nothing, as version 3 of protobuf has it. Undefined for what is then not there
 * at all: messages, members of a `oneof`, and blocks of bytes.
 */
export function defaultOf(field: Field): unknown {
  if (field.bulk) return new Float32Array(0);
  if (field.map) return {};
  if (field.repeated) return [];
  if (field.rivals.length > 0 || field.message || field.scalar === 'bytes') return undefined;
  return field.scalar === 'string' ? '' : field.scalar === 'bool' ? false : 0;
}

/** Whether a value is the field's default, which no file needs to state. */
export function isDefault(field: Field, value: unknown): boolean {
  if (field.repeated) return (value as ArrayLike<unknown>).length === 0;
  return !field.map && Object.is(defaultOf(field), value);
}
