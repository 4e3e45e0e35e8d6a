/**
 * A cursor over the bytes of a protobuf message that trusts nothing they say: it never reads past the end of the
 * message, and takes no memory by what a length claims. It knows tags and numbers, not what a field means.
 */

/** What is wrong with the bytes, as the end of a sentence: "at byte 12, …". */
export class BrokenBytes extends Error {
  override name = 'BrokenBytes';
}

/** How a value lies in the bytes. */
export enum WireType {
  varint = 0,
  fixed64 = 1,
  block = 2,
  fixed32 = 5,
}

const names: Readonly<Record<number, string>> = {
  0: 'a whole number',
  1: 'an eight-byte number',
  2: 'a block of bytes',
  5: 'a four-byte number',
};

export function wireTypeName(type: number): string {
  return names[type] ?? `a value of the unknown form ${type}`;
}

export class Cursor {
  at: number;
  private readonly view: DataView;
  private readonly text = new TextDecoder('utf-8', { fatal: true });

  constructor(readonly bytes: Uint8Array) {
    this.at = 0;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * A field's number and form.
   * @throws BrokenBytes where no field can begin here.
   */
  tag(end: number): { readonly number: number; readonly type: WireType } {
    const start = this.at;
    const tag = this.unsigned(end);
    const number = Math.floor(tag / 8);
    if (number < 1 || number > 0x1fffffff || !(tag % 8 in names))
      throw new BrokenBytes(`at byte ${start} no field begins`);
    return { number, type: tag % 8 };
  }

  /** A whole number of up to 64 bits; those beyond 2^53 come rounded. */
  unsigned(end: number): number {
    const [low, high] = this.varint(end);
    return high * 2 ** 32 + low;
  }

  /** The same with the highest of 64 bits as its sign. */
  signed(end: number): number {
    const [low, high] = this.varint(end);
    return (high | 0) * 2 ** 32 + low;
  }

  /** The low and the high 32 bits of a varint. */
  private varint(end: number): readonly [low: number, high: number] {
    const start = this.at;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.at >= end) throw new BrokenBytes(`at byte ${start} a number is cut short`);
      const byte = this.bytes[this.at++]!;
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 128) return [low >>> 0, high >>> 0];
    }
    throw new BrokenBytes(`at byte ${start} a number has more than ten bytes`);
  }

  float(end: number): number {
    return this.view.getFloat32(this.take(4, end), true);
  }

  double(end: number): number {
    return this.view.getFloat64(this.take(8, end), true);
  }

  /**
   * Steps over a block and answers where it ends.
   * @throws BrokenBytes where its length claims more than there is.
   */
  block(end: number): number {
    const start = this.at;
    const length = this.unsigned(end);
    if (length > end - this.at)
      throw new BrokenBytes(
        `at byte ${start} a part claims ${length.toLocaleString('en-US')} bytes where ` +
          `${(end - this.at).toLocaleString('en-US')} are left`,
      );
    return this.at + length;
  }

  /** The text up to `end`. */
  string(end: number): string {
    const start = this.at;
    this.at = end;
    try {
      return this.text.decode(this.bytes.subarray(start, end));
    } catch {
      throw new BrokenBytes(`at byte ${start} a text is not written in UTF-8`);
    }
  }

  /** Steps over a value of this form. */
  skip(type: WireType, end: number): void {
    if (type === WireType.varint) this.varint(end);
    else if (type === WireType.block) this.at = this.block(end);
    else this.take(type === WireType.fixed64 ? 8 : 4, end);
  }

  private take(count: number, end: number): number {
    if (end - this.at < count) throw new BrokenBytes(`at byte ${this.at} a number is cut short`);
    this.at += count;
    return this.at - count;
  }
}
