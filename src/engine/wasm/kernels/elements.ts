/** Loops over values side by side: scaling bytes, sums, copies, dropout. */
import type { Code } from '../code';
import { f32x4, i32, i32x4, v128, type V128 } from '../expressions';
import { integers, kernel, type Kernel } from '../emit';

/** to = bytes · scale. Parameters: count, bytes, to, scale. Reads up to three bytes past the end. */
const scaleBytes = kernel('scaleBytes', [...integers(3), 'f32'], (code, count, from, to, scale) => {
  const factor = code.let(v128.splat(scale));
  code.floats(count, (at, lanes) => {
    const values = f32x4.ofInts(i32x4.ofBytes(v128.loadOne(i32.add(from, i32.shrU(at, 2)))));
    lanes.store(i32.add(to, at), f32x4.mul(values, factor));
  });
});

/** to += from. Parameters: count, from, to. */
const add = kernel('add', integers(3), (code, count, from, to) =>
  code.floats(count, (at, lanes) => {
    const target = code.let(i32.add(to, at));
    lanes.store(target, f32x4.add(lanes.load(target), lanes.load(i32.add(from, at))));
  }),
);

/** to = Σ of `parts` blocks, which lie `stride` bytes apart, in their order. Parameters: count, first, stride, parts, to. */
const sumParts = kernel('sumParts', integers(5), (code, count, first, stride, parts, to) =>
  code.floats(count, (at, lanes) => {
    const sum = code.let(v128.zero);
    const part = code.let(i32.add(first, at));
    code.for(parts, () => {
      code.set(sum, f32x4.add(sum, lanes.load(part)));
      code.step(part, stride);
    });
    lanes.store(i32.add(to, at), sum);
  }),
);

/** Parameters: rows, floats of a row, from, its stride in bytes, to, its stride. */
function rowsKernel(name: string, value: (from: V128, to: V128) => V128): Kernel {
  return kernel(name, integers(6), (code, rows, columns, from, fromStep, to, toStep) =>
    code.for(rows, () => {
      code.floats(columns, (at, lanes) => {
        const target = code.let(i32.add(to, at));
        lanes.store(target, value(lanes.load(i32.add(from, at)), lanes.load(target)));
      });
      code.step(from, fromStep);
      code.step(to, toStep);
    }),
  );
}

/**
 * Drops each value with the probability rate = `limit` / 2³² and multiplies what stays by `kept`; the mask holds the
 * factors. The random bits are a hash of the value's number and the seed (C. Wellons, "lowbias32", 2018), so that they
 * are the same on any number of threads. Parameters: count, from, to, mask, seed, limit, kept.
 */
const dropout = kernel(
  'dropout',
  [...integers(6), 'f32'],
  (code, count, from, to, mask, seed, limit, kept) => {
    const factor = code.let(v128.splat(kept));
    const bound = code.let(v128.splatI32(limit));
    const key = code.let(v128.splatI32(seed));
    const first = code.let(v128.splatI32(i32.const(0)));
    for (const lane of [1, 2, 3]) code.set(first, v128.withLane(first, lane, i32.const(lane)));
    code.floats(count, (at, lanes) => {
      const number = i32x4.add(v128.splatI32(i32.shrU(at, 2)), first);
      const bits = hash(code, v128.xor(i32x4.mul(number, v128.splatI32(i32.const(0x9e3779b9 | 0))), key));
      const factors = code.let(v128.select(v128.zero, factor, i32x4.ltU(bits, bound)));
      lanes.store(i32.add(mask, at), factors);
      lanes.store(i32.add(to, at), f32x4.mul(factors, lanes.load(i32.add(from, at))));
    });
  },
);

function hash(code: Code, start: V128): V128 {
  const x = code.let(start);
  const mix = (bits: number): void => code.set(x, v128.xor(x, i32x4.shrU(x, bits)));
  const times = (factor: number): void => code.set(x, i32x4.mul(x, v128.splatI32(i32.const(factor | 0))));
  mix(16);
  times(0x7feb352d);
  mix(15);
  times(0x846ca68b);
  mix(16);
  return x;
}

/** to = the product of so many blocks, or that added. Parameters: count, to, the factors. */
export function productKernel(name: string, factors: number, accumulate: boolean): Kernel {
  return kernel(name, Array<'i32'>(2 + factors).fill('i32'), (code, count, to, ...from) =>
    code.floats(count, (at, lanes) => {
      const target = code.let(i32.add(to, at));
      const product = from.map((factor) => lanes.load(i32.add(factor, at))).reduce(f32x4.mul);
      lanes.store(target, accumulate ? f32x4.add(lanes.load(target), product) : product);
    }),
  );
}

/** Kernels that know no shapes. */
export const elementKernels: readonly Kernel[] = [
  scaleBytes,
  add,
  sumParts,
  rowsKernel('copyRows', (from) => from),
  rowsKernel('addRows', (from, to) => f32x4.add(to, from)),
  dropout,
  productKernel('multiply', 2, false),
];
