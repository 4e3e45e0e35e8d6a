/**
 * Half of a small language in which the kernels are written: typed expressions of WebAssembly, as bytes. Statements stand
 * in `code.ts`. Opcodes: the WebAssembly specification, release 2.0, section 5.4.
 */
export type ValueType = 'i32' | 'f32' | 'v128';

/** Code that leaves one value of its type. `type` is there for the compiler alone. */
export interface Expression<T extends ValueType> {
  readonly type: T;
  readonly code: readonly number[];
}

export interface Local<T extends ValueType> extends Expression<T> {
  readonly index: number;
}

export type I32 = Expression<'i32'>;
export type F32 = Expression<'f32'>;
export type V128 = Expression<'v128'>;

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  do {
    const rest = Math.floor(value / 128);
    bytes.push((value % 128) | (rest > 0 ? 0x80 : 0));
    value = rest;
  } while (value > 0);
  return bytes;
}

/** Signed LEB128 of a 32-bit whole number. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (;;) {
    const byte = value & 0x7f;
    value >>= 7;
    const last = (value === 0 && (byte & 0x40) === 0) || (value === -1 && (byte & 0x40) !== 0);
    bytes.push(last ? byte : byte | 0x80);
    if (last) return bytes;
  }
}

const SIMD = 0xfd;
/** An opcode of the vector instructions. */
export const simd = (opcode: number): number[] => [SIMD, ...unsigned(opcode)];

function made<T extends ValueType>(type: T, ...parts: readonly (readonly number[])[]): Expression<T> {
  return { type, code: parts.flat() };
}
const unary =
  <A extends ValueType, R extends ValueType>(type: R, opcode: readonly number[]) =>
  (a: Expression<A>): Expression<R> =>
    made(type, a.code, opcode);
const binary =
  <A extends ValueType, R extends ValueType>(type: R, opcode: readonly number[]) =>
  (a: Expression<A>, b: Expression<A>): Expression<R> =>
    made(type, a.code, b.code, opcode);
/** Loads from an address of bytes plus a constant; alignment is a hint that is not given. */
const load =
  <R extends ValueType>(type: R, opcode: readonly number[]) =>
  (address: I32, offset = 0): Expression<R> =>
    made(type, address.code, opcode, [0], unsigned(offset));

const i32Binary = (opcode: number) => binary<'i32', 'i32'>('i32', [opcode]);
export const i32 = {
  const: (value: number): I32 => made('i32', [0x41], signed(value)),
  load: load('i32', [0x28]),
  eq: i32Binary(0x46),
  ne: i32Binary(0x47),
  ltU: i32Binary(0x49),
  geU: i32Binary(0x4f),
  add: i32Binary(0x6a),
  sub: i32Binary(0x6b),
  mul: i32Binary(0x6c),
  and: i32Binary(0x71),
  divU: i32Binary(0x6e),
  remU: i32Binary(0x70),
  shl: (a: I32, bits: number): I32 => i32Binary(0x74)(a, i32.const(bits)),
  shrU: (a: I32, bits: number): I32 => i32Binary(0x76)(a, i32.const(bits)),
  /** Floats to bytes. */
  bytes: (floats: I32): I32 => i32.shl(floats, 2),
};

const f32Binary = (opcode: number) => binary<'f32', 'f32'>('f32', [opcode]);
export const f32 = {
  const: (value: number): F32 => made('f32', [0x43], [...new Uint8Array(Float32Array.of(value).buffer)]),
  load: load('f32', [0x2a]),
  ne: binary<'f32', 'i32'>('i32', [0x5c]),
  gt: binary<'f32', 'i32'>('i32', [0x5e]),
  add: f32Binary(0x92),
  mul: f32Binary(0x94),
  div: f32Binary(0x95),
  ofInt: unary<'i32', 'f32'>('f32', [0xb3]),
  /** `a` where the condition is not 0, else `b`. */
  select: (a: F32, b: F32, condition: I32): F32 => made('f32', a.code, b.code, condition.code, [0x1b]),
};

const vector = (opcode: number) => binary<'v128', 'v128'>('v128', simd(opcode));
/** Shifts each lane by a constant. */
const shift =
  (opcode: number) =>
  (a: V128, bits: number): V128 =>
    made('v128', a.code, i32.const(bits).code, simd(opcode));
/** Loads into one lane of a vector; the others stay. */
const loadLane =
  (opcode: number) =>
  (address: I32, value: V128, lane: number, offset = 0): V128 =>
    made('v128', address.code, value.code, simd(opcode), [0], unsigned(offset), [lane]);

export const v128 = {
  zero: made('v128', simd(0x0c), Array<number>(16).fill(0)),
  load: load('v128', simd(0x00)),
  /** Four times the float at the address. */
  loadSplat: load('v128', simd(0x09)),
  /** One or two floats, zeros in the other lanes. */
  loadOne: load('v128', simd(0x5c)),
  loadTwo: load('v128', simd(0x5d)),
  loadLane: loadLane(0x56),
  splat: unary<'f32', 'v128'>('v128', simd(0x13)),
  splatI32: unary<'i32', 'v128'>('v128', simd(0x11)),
  /** With one lane, taken as a whole number, replaced. */
  withLane: (a: V128, lane: number, value: I32): V128 => made('v128', a.code, value.code, simd(0x1c), [lane]),
  and: vector(0x4e),
  xor: vector(0x51),
  /** Bits of `a` where those of the mask are set, else of `b`. */
  select: (a: V128, b: V128, mask: V128): V128 => made('v128', a.code, b.code, mask.code, simd(0x52)),
  /** Four of the eight lanes of `a` and `b`, by number. */
  shuffle: (a: V128, b: V128, lanes: readonly [number, number, number, number]): V128 =>
    made(
      'v128',
      a.code,
      b.code,
      simd(0x0d),
      lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
    ),
};

export const f32x4 = {
  /** Four times a constant. */
  const: (value: number): V128 => v128.splat(f32.const(value)),
  ge: vector(0x46),
  gt: vector(0x44),
  abs: unary<'v128', 'v128'>('v128', simd(0xe0)),
  nearest: unary<'v128', 'v128'>('v128', simd(0x6a)),
  add: vector(0xe4),
  sub: vector(0xe5),
  mul: vector(0xe6),
  div: vector(0xe7),
  sqrt: unary<'v128', 'v128'>('v128', simd(0xe3)),
  /** NaN where one of them is. */
  min: vector(0xe8),
  max: vector(0xe9),
  /** `a < b ? b : a`, so that a NaN in `a` stays. */
  pmax: vector(0xeb),
  /** a·b + c, rounded once or twice as the processor likes. */
  relaxedMadd: (a: V128, b: V128, c: V128): V128 => made('v128', a.code, b.code, c.code, simd(0x105)),
  ofInts: unary<'v128', 'v128'>('v128', simd(0xfa)),
};

export const i32x4 = {
  add: vector(0xae),
  mul: vector(0xb5),
  shl: shift(0xab),
  shrU: shift(0xad),
  ltU: vector(0x3a),
  /** Towards zero; NaN becomes 0. */
  ofFloats: unary<'v128', 'v128'>('v128', simd(0xf8)),
  /** Four bytes, without sign, from the lowest lane. */
  ofBytes: (a: V128): V128 => made('v128', a.code, simd(0x89), simd(0xa9)),
};

export function localAt<T extends ValueType>(type: T, index: number): Local<T> {
  return { type, index, code: [0x20, ...unsigned(index)] };
}
