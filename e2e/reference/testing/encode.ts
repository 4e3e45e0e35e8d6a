/**
 * Writes protobuf fields one by one, for tests that need the bytes of small hand-made files. Knows no messages.
 */

export type Bytes = number[];

function varintBytes(value: bigint): Bytes {
  const bytes: Bytes = [];
  let rest = BigInt.asUintN(64, value);
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}

function key(number: number, type: number): Bytes {
  return varintBytes((BigInt(number) << 3n) | BigInt(type));
}

/** An integer, an enum, or a truth value (0 or 1). */
export function varint(number: number, value: number): Bytes {
  return [...key(number, 0), ...varintBytes(BigInt(value))];
}

/** A message, a string or packed numbers: whatever has a length. */
export function block(number: number, ...parts: Bytes[]): Bytes {
  const content = parts.flat();
  return [...key(number, 2), ...varintBytes(BigInt(content.length)), ...content];
}

export function text(number: number, value: string): Bytes {
  return block(number, [...new TextEncoder().encode(value)]);
}

export function float(number: number, value: number): Bytes {
  return [...key(number, 5), ...floatBytes(value)];
}

export function double(number: number, value: number): Bytes {
  return [...key(number, 1), ...new Uint8Array(new Float64Array([value]).buffer)];
}

/** Repeated floats in one block. */
export function packedFloats(number: number, values: number[]): Bytes {
  return block(number, values.flatMap(floatBytes));
}

/** Repeated integers in one block. */
export function packedIntegers(number: number, values: number[]): Bytes {
  return block(
    number,
    values.flatMap((value) => varintBytes(BigInt(value))),
  );
}

function floatBytes(value: number): Bytes {
  return [...new Uint8Array(new Float32Array([value]).buffer)];
}
