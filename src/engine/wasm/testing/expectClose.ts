/** Comparing what kernels computed with what they should have. */
import { expect } from 'vitest';

/**
 * Fails at the first value that is further from what was expected than `tolerance` times the largest expected value, or
 * 1 where that is larger. NaN is close to NaN alone, and an infinity to itself.
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  name: string,
  tolerance = 0,
): void {
  expect(actual.length, name).toBe(expected.length);
  let scale = 1;
  for (const value of Array.from(expected))
    if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
  const differs = Array.from(expected).findIndex((value, i) => {
    const other = actual[i]!;
    return !(Object.is(other, value) || Math.abs(other - value) <= tolerance * scale);
  });
  const found = `value ${differs} is ${actual[differs]} and not ${expected[differs]}`;
  expect(differs < 0 ? 'close' : found, name).toBe('close');
}
