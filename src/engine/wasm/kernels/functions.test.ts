import { expect, test } from 'vitest';
import type { Code } from '../code';
import { f32x4, i32, type V128 } from '../expressions';
import { integers, kernel } from '../emit';
import { TestMemory } from '../testing/memory';
import { exp, log1p } from './functions';

const memory = new TestMemory();

/** What a function of vectors makes of these floats. */
function apply(of: (code: Code, x: V128) => V128, values: Float32Array): Float32Array {
  memory.begin(1);
  const [from, to] = [memory.put(values), memory.room(values.length)];
  const { run } = memory.instantiate(
    kernel('run', integers(3), (code, count, source, target) =>
      code.floats(count, (at, lanes) => {
        const x = code.let(lanes.load(i32.add(source, at)));
        lanes.store(i32.add(target, at), of(code, x));
      }),
    ),
  );
  run!(values.length, from.at, to.at);
  return to.values;
}

const between = (from: number, to: number, count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

/** Largest error as a share of the true value. */
function worst(values: Float32Array, found: Float32Array, truth: (x: number) => number): number {
  return values.reduce((max, x, i) => Math.max(max, Math.abs(found[i]! / truth(x) - 1)), 0);
}

test('exp is within 2e-7 of the true value from −87 to 88', () => {
  for (const values of [between(-87, 88, 200_001), between(-1, 1, 50_001), between(-1e-6, 1e-6, 1001)])
    expect(worst(values, apply(exp, values), Math.exp)).toBeLessThan(2e-7);
});

test('exp stays between the smallest and the largest float, and NaN stays NaN', () => {
  const found = apply(exp, Float32Array.of(0, 1000, Infinity, -1000, -Infinity, Number.NaN));
  const [one, ...ends] = [...found];
  expect(one).toBe(1);
  for (const large of ends.slice(0, 2)) expect(large / 3.4e38).toBeCloseTo(0.7, 0);
  for (const small of ends.slice(2, 4)) expect(small / 1.18e-38).toBeCloseTo(1, 1);
  expect(ends[4]).toBeNaN();
});

test('log1p is within 3e-7 of the true value from 0 to 1, and NaN stays NaN', () => {
  for (const values of [between(1e-6, 1, 100_001), between(1e-30, 1e-6, 1001)])
    expect(worst(values, apply(log1p, values), Math.log1p)).toBeLessThan(3e-7);
  expect([...apply(log1p, Float32Array.of(0, Number.NaN))]).toEqual([0, Number.NaN]);
});

test('a function is the same for each lane and for what is left after whole vectors', () => {
  const values = new Float32Array(7).fill(0.3);
  expect(new Set(apply(exp, values)).size).toBe(1);
  expect([...apply((_, x) => f32x4.abs(x), Float32Array.of(-1, 2, -3, 4, -5, 6))]).toEqual([
    1, 2, 3, 4, 5, 6,
  ]);
});
