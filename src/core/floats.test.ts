import { expect, test } from 'vitest';
import { createRandom } from './random';
import { shortestFloat } from './floats';

test('the short form is the same float, and no longer than it must be', () => {
  const random = createRandom(1, 1);
  for (let i = 0; i < 2000; i++) {
    const value = Math.fround(random.normal() * 10 ** (20 * random.next() - 10));
    expect(Math.fround(shortestFloat(value))).toBe(value);
  }
  expect([0.001, 0.3, 1e-7, 16777216, 0].map((n) => shortestFloat(Math.fround(n)))).toEqual([
    0.001, 0.3, 1e-7, 16777216, 0,
  ]);
});
