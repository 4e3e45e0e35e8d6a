/**
 * The product of matrices in small: a tile of sums that stays in registers (Goto and van de Geijn, 2008). Convolutions
 * and dense layers, forward and backward, are this tile walked along different ways. B comes eight columns wide, a panel.
 */
import type { Code } from '../code';
import { f32x4, i32, v128, type I32, type Local, type V128 } from '../expressions';

type I = Local<'i32'>;

/** Columns of a panel: two vectors. */
export const PANEL = 8;
/** Rounds of the innermost loop that are written out. */
const UNROLL = 4;
/** Walks of at most so many rounds are written out whole. */
const WHOLE = 18;

/** What of the processor the kernels use. */
export interface Target {
  /** a·b + sum. */
  readonly madd: (a: V128, b: V128, sum: V128) => V128;
  /** Rows of a tile: its sums, two parts of B and one of A fit 16 registers. */
  readonly rows: number;
}

/** @param relaxed whether there is a fused multiply-add; without it, its product takes a register. */
export function targetOf(relaxed: boolean): Target {
  return relaxed
    ? { madd: f32x4.relaxedMadd, rows: 6 }
    : { madd: (a, b, sum) => f32x4.add(f32x4.mul(a, b), sum), rows: 4 };
}

/** Sums by row and vector. */
export type Sums = readonly (readonly Local<'v128'>[])[];

/** Along which elements of A and B a tile sums; steps are bytes. */
export interface Walk {
  /** From one row of the tile to the next in A. */
  readonly aRow: number;
  /** Loops around the innermost one, the outermost first. */
  readonly loops: readonly { readonly count: number; readonly a: number; readonly b: number }[];
  /** Rounds of the innermost loop, known now or when it runs. */
  readonly depth: number | I;
  readonly aStep: number;
  readonly bStep: number;
}

/** New sums, each row starting at `start`. */
export function newSums(code: Code, rows: number, start: readonly V128[]): Sums {
  return Array.from({ length: rows }, () => start.map((value) => code.let(value)));
}

/** Adds A·B along the walk to the sums. `a` and `b` are where it starts. */
export function sumTile(code: Code, { madd }: Target, sums: Sums, a: I, b: I, walk: Walk): void {
  const { aRow, loops, depth, aStep, bStep } = walk;
  const round = (at: I, from: I, aOffset: number, bOffset: number): void => {
    const parts = sums[0]!.map((_, v) => code.let(v128.load(from, bOffset + 16 * v)));
    sums.forEach((row, r) => {
      const value = code.let(v128.loadSplat(at, aOffset + r * aRow));
      row.forEach((sum, v) => code.set(sum, madd(value, parts[v]!, sum)));
    });
  };
  const rounds = (at: I, from: I, count: number): void => {
    for (let k = 0; k < count; k++) round(at, from, k * aStep, k * bStep);
  };
  const total = loops.reduce(
    (product, { count }) => product * count,
    typeof depth === 'number' ? depth : Infinity,
  );
  if (total <= WHOLE) return writeOut(walk, (aOffset, bOffset) => round(a, b, aOffset, bOffset));

  const inner = (at: I, from: I): void => {
    const pa = code.let(at);
    const pb = code.let(from);
    const step = (count: number): void => {
      rounds(pa, pb, count);
      code.step(pa, i32.const(count * aStep));
      code.step(pb, i32.const(count * bStep));
    };
    if (typeof depth === 'number') {
      code.repeat(Math.floor(depth / UNROLL), () => step(UNROLL));
      rounds(pa, pb, depth % UNROLL);
      return;
    }
    const left = code.let(depth);
    for (const count of [UNROLL, 1])
      code.while(
        () => i32.geU(left, i32.const(count)),
        () => {
          step(count);
          code.step(left, i32.const(-count));
        },
      );
  };
  const nest = (level: number, at: I, from: I): void => {
    const loop = loops[level];
    if (!loop) return inner(at, from);
    const pa = code.let(at);
    const pb = code.let(from);
    code.repeat(loop.count, () => {
      nest(level + 1, pa, pb);
      code.step(pa, i32.const(loop.a));
      code.step(pb, i32.const(loop.b));
    });
  };
  nest(0, a, b);
}

/** Visits every round of a walk of known length by its offsets. */
function writeOut({ loops, depth, aStep, bStep }: Walk, visit: (a: number, b: number) => void): void {
  const level = (n: number, a: number, b: number): void => {
    const loop = loops[n] ?? { count: depth as number, a: aStep, b: bStep };
    for (let i = 0; i < loop.count; i++)
      if (n === loops.length) visit(a + i * loop.a, b + i * loop.b);
      else level(n + 1, a + i * loop.a, b + i * loop.b);
  };
  level(0, 0, 0);
}

/** How many vectors hold `width` columns, 1 to 8. */
export const vectorsOf = (width: number): number => Math.ceil(width / 4);

/** Loads the first `lanes` floats of a vector, 1 to 4; the rest is zero. */
export function loadPart(address: I32, lanes: number, offset: number): V128 {
  if (lanes === 4) return v128.load(address, offset);
  if (lanes === 3) return v128.loadLane(address, v128.loadTwo(address, offset), 2, offset + 8);
  return lanes === 2 ? v128.loadTwo(address, offset) : v128.loadOne(address, offset);
}

/** Stores the first `lanes` floats of a vector. */
export function storePart(code: Code, address: I32, value: V128, lanes: number, offset: number): void {
  if (lanes === 4) code.store(address, value, offset);
  if (lanes === 2 || lanes === 3) code.storeTwo(address, value, offset);
  if (lanes === 1 || lanes === 3) code.storeLane(address, value, lanes - 1, offset + 4 * (lanes - 1));
}

/** Adds to each row's sums what lies in C, `width` columns of it. */
export function addRows(code: Code, sums: Sums, c: I, cRow: number, width: number): void {
  eachPart(sums, width, cRow, (sum, lanes, offset) =>
    code.set(sum, f32x4.add(loadPart(c, lanes, offset), sum)),
  );
}

/** Writes `width` columns of the sums to C, which lies `cRow` bytes from row to row. */
export function storeRows(code: Code, sums: Sums, c: I, cRow: number, width: number): void {
  eachPart(sums, width, cRow, (sum, lanes, offset) => storePart(code, c, sum, lanes, offset));
}

function eachPart(
  sums: Sums,
  width: number,
  cRow: number,
  visit: (sum: Local<'v128'>, lanes: number, offset: number) => void,
): void {
  sums.forEach((row, r) =>
    row.forEach((sum, v) => visit(sum, Math.min(4, width - 4 * v), r * cRow + 16 * v)),
  );
}

/**
 * Cuts `total` rows into tiles: so many full ones, and the heights of the rest. A short rest takes half of the last full
 * tile along, because small tiles load as much of B as large ones.
 */
export function cutRows(
  total: number,
  rows: number,
): { readonly full: number; readonly rest: readonly number[] } {
  const full = Math.floor(total / rows);
  const left = total % rows;
  if (left === 0) return { full, rest: [] };
  if (full === 0 || left * 2 >= rows) return { full, rest: [left] };
  const both = rows + left;
  return { full: full - 1, rest: [Math.ceil(both / 2), Math.floor(both / 2)] };
}
