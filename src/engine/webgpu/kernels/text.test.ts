import { describe, expect, test } from 'vitest';
import { divided, extentText, quotient, real } from './text';
import { fixed, perExample } from './kernel';

/** What a device makes of the text, with floats. */
function computed(text: string, n: number): number {
  const fast = /^u32\(\(f32\(n\) \+ 0\.5\) \* (.*)f\)$/.exec(text);
  if (fast) return Math.floor(Math.fround(Math.fround(n + 0.5) * Math.fround(Number(fast[1]))));
  const shifted = />> (\d+)u/.exec(text);
  return shifted ? n >>> Number(shifted[1]) : Math.floor(n / Number(/\/ (\d+)u/.exec(text)![1]));
}

describe('quotients', () => {
  test('are exact at every multiple and before it, up to where floats are used', () => {
    for (const divisor of [3, 5, 6, 7, 9, 13, 26, 28, 49, 100, 169, 676, 784, 1023, 4097]) {
      const text = quotient('n', divisor, 2 ** 21);
      expect(text).toContain('f32');
      for (let n = 0; n < 2 ** 21; n += divisor) {
        if (computed(text, n) !== n / divisor) expect.fail(`${n} / ${divisor}`);
        if (n > 0 && computed(text, n - 1) !== n / divisor - 1) expect.fail(`${n - 1} / ${divisor}`);
      }
    }
  });

  test('are shifts by powers of two, and divisions where numbers are large', () => {
    expect(quotient('n', 1, 5)).toBe('(n)');
    expect(computed(quotient('n', 8, 1e9), 0xfffffff7)).toBe(0xfffffff7 >>> 3);
    expect(quotient('n', 7, 2 ** 21 + 1)).toBe('((n) / 7u)');
  });

  test('come with their rest', () => {
    expect(divided(['a', 'b'], 'n', 4, 100)).toBe('  let a = ((n) >> 2u);\n  let b = n - a * 4u;');
  });
});

test('numbers are written as the floats that they are', () => {
  expect(Math.fround(Number(real(0.1).slice(0, -1)))).toBe(Math.fround(0.1));
  expect(real(3)).toBe('3f');
  expect(() => real(Number.NaN)).toThrow('NaN cannot be written in WGSL.');
  expect(() => real(Infinity)).toThrow('Infinity cannot be written in WGSL.');
});

test('extents count examples where they do', () => {
  expect(extentText(fixed(7))).toBe('7u');
  expect(extentText(perExample(7))).toBe('(step.count * 7u)');
});
