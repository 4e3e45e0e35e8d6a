/** Tests of the wire format on hand-made bytes. */
import { describe, expect, it } from 'vitest';
import { Message } from './message';
import { FormatError, readFields } from './wire';

const message = (...bytes: number[]) => new Message(new Uint8Array(bytes), 'm');

describe('the wire format', () => {
  it('reads the four kinds of field by number', () => {
    // 1: varint 150; 2: "hi"; 3: float 1.5; 4: double -2
    const bytes = [
      0x08, 0x96, 0x01, 0x12, 2, 0x68, 0x69, 0x1d, 0, 0, 0xc0, 0x3f, 0x21, 0, 0, 0, 0, 0, 0, 0, 0xc0,
    ];
    const m = message(...bytes);
    expect([m.integer(1), m.string(2), m.float(3), m.double(4)]).toEqual([150, 'hi', 1.5, -2]);
    expect(() => m.done()).not.toThrow();
  });

  it('reads field numbers above 15 and a negative integer of ten bytes', () => {
    const m = message(0xa0, 0x1f, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01); // field 500
    expect(m.integer(500)).toBe(-2);
  });

  it('reads repeated numbers packed, unpacked and mixed', () => {
    expect(message(0x0a, 3, 1, 0xac, 0x02, 0x08, 5).integers(1)).toEqual([1, 300, 5]);
    const one = [0, 0, 0x80, 0x3f];
    const two = [0, 0, 0, 0x40];
    expect([...message(0x0a, 8, ...one, ...two, 0x0d, ...one).floats(1)]).toEqual([1, 2, 1]);
    expect(message().integers(1)).toEqual([]);
  });

  it('gives the defaults of absent fields', () => {
    const m = message();
    expect([m.integer(1), m.bool(2), m.string(3), m.float(4), m.double(5)]).toEqual([0, false, '', 0, 0]);
    expect(m.message(6, 'inner')).toBeUndefined();
  });

  it.each([
    ['a varint cut off', [0x08, 0x96], /end inside the varint/],
    ['a varint of eleven bytes', [0x08, ...Array<number>(10).fill(0x80), 1], /longer than ten bytes/],
    ['a varint above 64 bits', [0x08, ...Array<number>(9).fill(0xff), 0x7f], /does not fit 64 bits/],
    ['a block longer than the rest', [0x0a, 5, 1, 2], /5 bytes were announced at byte 2, but 2 are left/],
    ['a float cut off', [0x0d, 1, 2, 3], /4 bytes were announced/],
    ['a group', [0x0b], /wire type 3/],
    ['field number 0', [0x00, 0x00], /field number 0/],
  ])('refuses %s', (_, bytes, sentence) => {
    expect(() => readFields(new Uint8Array(bytes), 'm')).toThrow(FormatError);
    expect(() => readFields(new Uint8Array(bytes), 'm')).toThrow(sentence);
  });

  it('refuses unknown fields, doubled single fields, two members of a oneof, and wrong wire types', () => {
    const unknown = message(0x08, 1, 0x10, 2);
    unknown.integer(1);
    expect(() => unknown.done()).toThrow('m: unknown field 2.');
    expect(() => message(0x08, 1, 0x08, 2).integer(1)).toThrow(/field 1 may stand once, but stands 2 times/);
    expect(() => message(0x08, 1, 0x10, 2).oneOf({ a: 1, b: 2 }, 'the kind')).toThrow(
      /a and b are both there/,
    );
    expect(() => message(0x08, 1).float(1)).toThrow(/should be a float of 4 bytes, but is written as varint/);
    expect(() => message(0x0a, 3, 0, 0, 0).floats(1)).toThrow(/not a multiple of 4/);
    expect(() => message(0x0a, 1, 0xff).string(1)).toThrow(/UTF-8/);
    expect(() => message(0x08, 2).bool(1)).toThrow(/true or false/);
  });
});
