/**
 * Takes the fields of one message by number and kind, and knows which were taken. Not a schema: the callers are.
 * Strict where protobuf is lenient: a field that nobody asked for, a single field given twice, two members of a `oneof`
 * and a wrong wire type are errors, for each is how a wrong field number would pass in silence.
 */
import { Cursor, FormatError, readFields, toDouble, toFloat, toSigned, type WireField } from './wire';

export class Message {
  private readonly fields = new Map<number, WireField[]>();
  private readonly taken = new Set<number>();

  /** @param where the path of this message in the file, for the words of errors */
  constructor(
    bytes: Uint8Array,
    readonly where: string,
  ) {
    for (const field of readFields(bytes, where)) {
      const list = this.fields.get(field.number);
      if (list) list.push(field);
      else this.fields.set(field.number, [field]);
    }
  }

  /** Whether the field stands in the bytes, even with its default value. Does not take it. */
  has(number: number): boolean {
    return this.fields.has(number);
  }

  /**
   * Which member of a `oneof` is set.
   * @throws FormatError when more than one is
   */
  oneOf<Name extends string>(members: Readonly<Record<Name, number>>, what: string): Name | undefined {
    const names = (Object.keys(members) as Name[]).filter((name) => this.has(members[name]));
    if (names.length > 1) {
      throw new FormatError(
        `${this.where}: ${what} may be set once, but ${names.join(' and ')} are both there.`,
      );
    }
    return names[0];
  }

  bool(number: number): boolean {
    const value = this.unsigned(number);
    if (value > 1n)
      throw new FormatError(`${this.where}: field ${number} should be true or false, but is ${value}.`);
    return value === 1n;
  }

  /** An int64, uint64, int32 or enum; 0 when absent. */
  integer(number: number): number {
    return toSigned(this.unsigned(number), `${this.where}, field ${number}`);
  }

  float(number: number): number {
    const field = this.single(number);
    if (!field) return 0;
    if (field.type !== 'fixed32') throw this.wrongType(field, 'a float of 4 bytes');
    return toFloat(field.bytes);
  }

  double(number: number): number {
    const field = this.single(number);
    if (!field) return 0;
    if (field.type !== 'fixed64') throw this.wrongType(field, 'a double of 8 bytes');
    return toDouble(field.bytes);
  }

  bytes(number: number): Uint8Array {
    const field = this.single(number);
    return field ? this.lengthDelimited(field, 'bytes') : new Uint8Array(0);
  }

  string(number: number): string {
    const field = this.single(number);
    return field ? this.text(field) : '';
  }

  strings(number: number): string[] {
    return this.all(number).map((field) => this.text(field));
  }

  /** The message in a field, or undefined when it is absent. */
  message(number: number, name: string): Message | undefined {
    const field = this.single(number);
    return field && new Message(this.lengthDelimited(field, 'a message'), `${this.where}.${name}`);
  }

  messages(number: number, name: string): Message[] {
    return this.all(number).map(
      (field, index) =>
        new Message(this.lengthDelimited(field, 'a message'), `${this.where}.${name}[${index}]`),
    );
  }

  /** A repeated integer, packed or not, or a mixture, as protobuf allows. */
  integers(number: number): number[] {
    const where = `${this.where}, field ${number}`;
    return this.all(number).flatMap((field) => {
      if (field.type === 'varint') return [toSigned(field.value, where)];
      const cursor = new Cursor(this.lengthDelimited(field, 'integers'), where);
      const values: number[] = [];
      while (!cursor.atEnd) values.push(toSigned(cursor.varint(), where));
      return values;
    });
  }

  /** A repeated float, packed or not, or a mixture. */
  floats(number: number): Float32Array {
    const parts = this.all(number).map((field) =>
      field.type === 'fixed32' ? field.bytes : this.lengthDelimited(field, 'floats'),
    );
    const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0) / 4);
    let at = 0;
    for (const part of parts) {
      if (part.length % 4 !== 0) {
        throw new FormatError(
          `${this.where}: field ${number} packs floats in ${part.length} bytes, not a multiple of 4.`,
        );
      }
      for (let offset = 0; offset < part.length; offset += 4)
        values[at++] = toFloat(part.subarray(offset, offset + 4));
    }
    return values;
  }

  /**
   * To be called when all known fields were asked for.
   * @throws FormatError that names every field nobody asked for
   */
  done(): void {
    const unknown = [...this.fields.keys()].filter((number) => !this.taken.has(number));
    if (unknown.length > 0) throw new FormatError(`${this.where}: unknown field ${unknown.join(', ')}.`);
  }

  private all(number: number): WireField[] {
    this.taken.add(number);
    return this.fields.get(number) ?? [];
  }

  private single(number: number): WireField | undefined {
    const fields = this.all(number);
    if (fields.length > 1) {
      throw new FormatError(
        `${this.where}: field ${number} may stand once, but stands ${fields.length} times.`,
      );
    }
    return fields[0];
  }

  private unsigned(number: number): bigint {
    const field = this.single(number);
    if (!field) return 0n;
    if (field.type !== 'varint') throw this.wrongType(field, 'a varint');
    return field.value;
  }

  private lengthDelimited(field: WireField, expected: string): Uint8Array {
    if (field.type !== 'bytes') throw this.wrongType(field, expected);
    return field.bytes;
  }

  private text(field: WireField): string {
    const bytes = this.lengthDelimited(field, 'a string');
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      throw new FormatError(`${this.where}: field ${field.number} should be text in UTF-8, but is not.`);
    }
  }

  private wrongType(field: WireField, expected: string): FormatError {
    return new FormatError(
      `${this.where}: field ${field.number} should be ${expected}, but is written as ${field.type}.`,
    );
  }
}
