/**
 * Reads the protobuf wire format: bytes to a list of numbered fields. Part of the test-only reference of exported files.
 * Knows nothing of Core ML, of .proto files or of protobufjs, so that it cannot share a mistake with the exporter.
 */

/** Thrown for bytes that are not what the format allows; the message is a sentence that says where. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

/** One field as it stands on the wire. */
export type WireField =
  | { number: number; type: 'varint'; value: bigint }
  | { number: number; type: 'fixed64'; bytes: Uint8Array }
  | { number: number; type: 'bytes'; bytes: Uint8Array }
  | { number: number; type: 'fixed32'; bytes: Uint8Array };

/** A position that moves over bytes and never past their end. */
export class Cursor {
  private at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly where: string,
  ) {}

  get atEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  /**
   * Reads a varint: seven bits a byte, lowest first, at most ten bytes.
   * @returns the value as an unsigned integer of 64 bits
   * @throws FormatError when the bytes end inside it or it is longer than 64 bits
   */
  varint(): bigint {
    const start = this.at;
    let value = 0n;
    for (let count = 0; count < 10; count++) {
      const byte = this.bytes[this.at];
      if (byte === undefined) {
        throw new FormatError(`${this.where}: the bytes end inside the varint that starts at byte ${start}.`);
      }
      this.at++;
      value |= BigInt(byte & 0x7f) << BigInt(7 * count);
      if (byte < 0x80) {
        if (value >= 1n << 64n) {
          throw new FormatError(`${this.where}: the varint at byte ${start} does not fit 64 bits.`);
        }
        return value;
      }
    }
    throw new FormatError(`${this.where}: the varint at byte ${start} is longer than ten bytes.`);
  }

  /**
   * Takes the next bytes as they are.
   * @throws FormatError when fewer are left
   */
  take(count: number): Uint8Array {
    const left = this.bytes.length - this.at;
    if (count > left) {
      throw new FormatError(
        `${this.where}: ${count} bytes were announced at byte ${this.at}, but ${left} are left.`,
      );
    }
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }
}

/**
 * Splits the bytes of one message into its fields, in their order.
 * Source: the public description of protobuf's encoding; groups (wire types 3 and 4) are not part of protobuf 3.
 * @param where the path of the message, for the words of errors
 * @throws FormatError for truncated bytes, field number 0 and unknown wire types
 */
export function readFields(bytes: Uint8Array, where: string): WireField[] {
  const cursor = new Cursor(bytes, where);
  const fields: WireField[] = [];
  while (!cursor.atEnd) {
    const key = cursor.varint();
    const number = Number(key >> 3n);
    const type = Number(key & 7n);
    if (number < 1 || number > 0x1fffffff) {
      throw new FormatError(`${where}: field number ${number} is not allowed; they run from 1 to 536870911.`);
    }
    if (type === 0) fields.push({ number, type: 'varint', value: cursor.varint() });
    else if (type === 1) fields.push({ number, type: 'fixed64', bytes: cursor.take(8) });
    else if (type === 2) fields.push({ number, type: 'bytes', bytes: cursor.take(Number(cursor.varint())) });
    else if (type === 5) fields.push({ number, type: 'fixed32', bytes: cursor.take(4) });
    else
      throw new FormatError(
        `${where}: field ${number} has wire type ${type}, which protobuf 3 does not use.`,
      );
  }
  return fields;
}

/** The four bytes of a little-endian float as a number. */
export function toFloat(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true);
}

/** The eight bytes of a little-endian double as a number. */
export function toDouble(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
}

/**
 * An unsigned varint read as a signed integer of 64 bits (two's complement), as a plain number.
 * @throws FormatError when a number cannot hold it exactly
 */
export function toSigned(value: bigint, where: string): number {
  const signed = Number(BigInt.asIntN(64, value));
  if (!Number.isSafeInteger(signed)) {
    throw new FormatError(
      `${where}: the integer ${BigInt.asIntN(64, value)} is too large to be held exactly.`,
    );
  }
  return signed;
}
