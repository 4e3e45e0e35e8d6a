/**
 * Reads the bytes of a Core ML model by the tables of `schema.ts`. Made for files of strangers: what lies about its
 * length, is cut short, or would take more memory or time than its size allows is refused in a sentence, before memory
 * is taken for it. What `proto/` does not know is skipped and reported. It checks nothing about what a model means.
 */
import { BulkFloats } from './bulkFloats';
import { defaultOf, type Field, type MessageType } from './schema';
import { BrokenBytes, Cursor, WireType, wireTypeName } from './wire';

/** What a file may hold. A network of a thousand layers stays far below all of them. */
export const limits = {
  /** Fields, without the weights that lie one by one. */
  fields: 4_000_000,
  messages: 200_000,
  /** Elements of lists other than weights: names, sizes, class labels. */
  elements: 1_000_000,
  layers: 10_000,
} as const;

/** A field that `proto/` does not have. */
export interface UnknownField {
  /** Type of the message that it stands in: "NeuralNetworkLayer". */
  readonly message: string;
  readonly number: number;
  /** Only where it was read as text. */
  readonly name?: string;
  /** Index of the layer that it belongs to, counted in the order of the file; undefined outside of layers. */
  readonly layer: number | undefined;
}

type Message = Record<string, unknown>;

/** How many unknown fields are reported one by one. */
const MOST_UNKNOWN = 20_000;

export class Decoder {
  /** What was done so far; tests hold these against the limits. */
  readonly count = { fields: 0, messages: 0, elements: 0 };
  readonly unknown: UnknownField[] = [];
  private readonly cursor: Cursor;
  private layer: number | undefined;
  private readonly floats: BulkFloats;

  constructor(bytes: Uint8Array) {
    this.cursor = new Cursor(bytes);
    this.floats = new BulkFloats(this.cursor);
  }

  /**
   * Reads all of the bytes as one message. Scalars that the file leaves out have their defaults, lists are empty.
   * @throws BrokenBytes
   */
  decode(type: MessageType): unknown {
    return this.message(type, this.cursor.bytes.length);
  }

  /** The depth of the recursion is that of the tables, which is below ten, whatever the bytes say. */
  private message(type: MessageType, end: number): Message {
    this.charge('messages', 'parts');
    const message: Message = {};
    while (this.cursor.at < end) {
      this.charge('fields', 'fields');
      const start = this.cursor.at;
      const tag = this.cursor.tag(end);
      const field = type.byNumber.get(tag.number);
      if (field) this.field(type, field, tag.type, end, message, start);
      else this.pass(type, tag.number, tag.type, end);
    }
    for (const field of type.byName.values()) {
      if (field.bulk) message[field.name] = this.floats.finish(message[field.name]);
      else if (!(field.name in message)) {
        const value = defaultOf(field);
        if (value !== undefined) message[field.name] = value;
      }
    }
    return message;
  }

  private field(
    type: MessageType,
    field: Field,
    form: WireType,
    end: number,
    message: Message,
    start: number,
  ): void {
    const { cursor } = this;
    if (field.bulk) {
      if (form !== WireType.block && form !== WireType.fixed32) this.refuseForm(type, field, form, start);
      message[field.name] = this.floats.read(form, field.number, end, message[field.name]);
      return;
    }
    this.refuseSecond(type, field, message, start);
    if (field.repeated && form === WireType.block && formOf(field) !== WireType.block) {
      const list = (message[field.name] ??= []) as unknown[];
      for (const last = cursor.block(end); cursor.at < last;) list.push(this.element(field, last));
      return;
    }
    if (form !== formOf(field)) this.refuseForm(type, field, form, start);
    const value = this.value(field, end, message);
    if (field.map) this.entry(message, field, value as Message);
    else if (field.repeated) {
      this.charge('elements', 'entries in its lists');
      ((message[field.name] ??= []) as unknown[]).push(value);
    } else message[field.name] = value;
  }

  private element(field: Field, end: number): unknown {
    this.charge('elements', 'entries in its lists');
    return this.scalar(field, end);
  }

  private value(field: Field, end: number, message: Message): unknown {
    if (formOf(field) !== WireType.block) return this.scalar(field, end);
    const last = this.cursor.block(end);
    if (field.map) return this.pair(last);
    if (field.scalar === 'string') return this.cursor.string(last);
    if (field.scalar === 'bytes') {
      const block = this.cursor.bytes.subarray(this.cursor.at, last);
      this.cursor.at = last;
      return block;
    }
    const type = field.message!();
    if (type.name !== 'NeuralNetworkLayer') return this.message(type, last);
    this.layer = ((message[field.name] ?? []) as unknown[]).length;
    if (this.layer >= limits.layers)
      throw new BrokenBytes(`it has more than ${limits.layers.toLocaleString('en-US')} layers`);
    const layer = this.message(type, last);
    this.layer = undefined;
    return layer;
  }

  private scalar({ scalar }: Field, end: number): unknown {
    const { cursor } = this;
    if (scalar === 'float') return cursor.float(end);
    if (scalar === 'double') return cursor.double(end);
    if (scalar === 'bool') return cursor.unsigned(end) !== 0;
    return scalar === 'uint64' ? cursor.unsigned(end) : cursor.signed(end);
  }

  /** An entry of a map: field 1 is its key, field 2 its value. */
  private pair(end: number): Message {
    const pair: Message = { key: '', value: '' };
    while (this.cursor.at < end) {
      this.charge('fields', 'fields');
      const { number, type } = this.cursor.tag(end);
      if ((number === 1 || number === 2) && type === WireType.block)
        pair[number === 1 ? 'key' : 'value'] = this.cursor.string(this.cursor.block(end));
      else this.cursor.skip(type, end);
    }
    return pair;
  }

  private entry(message: Message, field: Field, { key, value }: Message): void {
    this.charge('elements', 'entries in its lists');
    const map = (message[field.name] ??= {}) as Message;
    // Defined and not assigned: a key may be "__proto__".
    Object.defineProperty(map, key as string, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }

  private pass(type: MessageType, number: number, form: WireType, end: number): void {
    this.cursor.skip(form, end);
    if (this.unknown.length >= MOST_UNKNOWN)
      throw new BrokenBytes(
        `it has more than ${MOST_UNKNOWN.toLocaleString('en-US')} fields of no known meaning`,
      );
    this.unknown.push({ message: type.name, number, layer: this.layer });
  }

  /**
   * A part that comes twice would be merged, and one of two that exclude each other would vanish, if protobuf had its
   * way. No program writes such a file.
   */
  private refuseSecond(type: MessageType, field: Field, message: Message, start: number): void {
    const other = field.rivals.find((rival) => rival in message);
    if (other !== undefined)
      throw new BrokenBytes(
        `at byte ${start} a ${type.name} that holds ${other} already holds ${field.name} too, and it can be one of them only`,
      );
    if (field.message && !field.repeated && !field.map && field.name in message)
      throw new BrokenBytes(`at byte ${start} the part ${field.name} of ${type.name} comes a second time`);
  }

  private refuseForm(type: MessageType, field: Field, form: WireType, start: number): never {
    throw new BrokenBytes(
      `at byte ${start} the field ${field.name} of ${type.name} holds ${wireTypeName(form)} where ` +
        `${wireTypeName(formOf(field))} belongs`,
    );
  }

  private charge(what: keyof Decoder['count'], noun: string): void {
    if (++this.count[what] > limits[what])
      throw new BrokenBytes(`it has more than ${limits[what].toLocaleString('en-US')} ${noun}`);
  }
}

/** The form in which a field's single value lies in the bytes. */
function formOf({ scalar, map }: Field): WireType {
  if (map || scalar === undefined || scalar === 'string' || scalar === 'bytes') return WireType.block;
  if (scalar === 'float') return WireType.fixed32;
  return scalar === 'double' ? WireType.fixed64 : WireType.varint;
}
