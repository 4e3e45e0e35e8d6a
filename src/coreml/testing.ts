/** Protobuf by hand, for files that no honest encoder writes. For tests only. */

/** A whole number in seven-bit groups. */
export function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

/** A field that holds a block of bytes: a message, a text, packed numbers. */
export function block(field: number, content: readonly number[] | string): number[] {
  const bytes = typeof content === 'string' ? [...new TextEncoder().encode(content)] : content;
  return [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
}

/** A field that holds a whole number. */
export function whole(field: number, value: number | bigint): number[] {
  return [...varint(field * 8), ...varint(value)];
}

/** A field that holds one float. */
export function float(field: number, value: number): number[] {
  return [...varint(field * 8 + 5), ...new Uint8Array(Float32Array.of(value).buffer)];
}

/** A model of version 4 whose plain network holds these bytes. */
export function modelOf(...network: readonly number[][]): Uint8Array {
  return Uint8Array.from([...whole(1, 4), ...block(500, network.flat())]);
}

/** A layer with this name and whatever else. */
export function layerOf(name: string, ...rest: readonly number[][]): number[] {
  return block(1, [...block(1, name), ...rest.flat()]);
}
