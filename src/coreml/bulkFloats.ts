/**
 * Weights as they lie in a file: in one block, in several, or number by number with a tag before each. They are copied
 * once. Not for other numbers, which are few.
 */
import { joined } from '../core/bytes';
import { BrokenBytes, WireType, type Cursor } from './wire';

/** Stretches of bytes, four a number, that together are one list. */
type Parts = Uint8Array[];

/** More than one stretch is rare; this many is no honest file. */
const MOST_PARTS = 10_000;

export class BulkFloats {
  constructor(private readonly cursor: Cursor) {}

  /**
   * Takes the numbers that begin here, behind their tag, to what came before them.
   * @param before what this answered for the field the last time, or undefined.
   */
  read(form: WireType, field: number, end: number, before: unknown): Parts {
    const parts = (before ?? []) as Parts;
    if (parts.length >= MOST_PARTS)
      throw new BrokenBytes(`its weights lie in more than ${MOST_PARTS.toLocaleString('en-US')} pieces`);
    parts.push(form === WireType.block ? this.block(end) : this.run(field, end));
    return parts;
  }

  /** The list, once its message has ended. */
  finish(parts: unknown): Float32Array {
    if (!parts) return new Float32Array(0);
    const bytes = joined(parts as Parts);
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  }

  private block(end: number): Uint8Array {
    const { cursor } = this;
    const last = cursor.block(end);
    if ((last - cursor.at) % 4 !== 0)
      throw new BrokenBytes(
        `at byte ${cursor.at} weights take ${last - cursor.at} bytes, which is no multiple of four`,
      );
    const block = cursor.bytes.subarray(cursor.at, last);
    cursor.at = last;
    return block;
  }

  /** Numbers that follow each other, each behind the same tag. The cursor stands behind the first one's. */
  private run(field: number, end: number): Uint8Array {
    const { cursor } = this;
    const { bytes } = cursor;
    const tag = field * 8 + WireType.fixed32; // One byte: the fields of weights have small numbers.
    const start = cursor.at;
    cursor.float(end);
    while (bytes[cursor.at] === tag && cursor.at + 5 <= end) cursor.at += 5;
    const count = (cursor.at - start + 1) / 5;
    const packed = new Uint8Array(4 * count);
    for (let i = 0; i < count; i++)
      for (let byte = 0; byte < 4; byte++) packed[4 * i + byte] = bytes[start + 5 * i + byte]!;
    return packed;
  }
}
