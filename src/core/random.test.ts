import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom, permutation } from './random';

const draw = (count: number, seed: number, ...streams: number[]): number[] => {
  const random = createRandom(seed, ...streams);
  return Array.from({ length: count }, () => random.next());
};

test('the same seed and streams give the same numbers, others do not', () => {
  expect(draw(20, 42, 1, 2)).toEqual(draw(20, 42, 1, 2));
  const all = [
    draw(4, 42),
    draw(4, 43),
    draw(4, 42, 0),
    draw(4, 42, 1),
    draw(4, 42, 1, 2),
    draw(4, 42, 2, 1),
  ];
  expect(new Set(all.flat()).size).toBe(24);
});

test('the numbers of seed 42 never change: stored runs depend on them', () => {
  expect(draw(3, 42)).toMatchInlineSnapshot(`
    [
      0.456255805445835,
      0.5641753580421209,
      0.5743777174502611,
    ]
  `);
});

test('numbers lie in [0, 1) and are spread evenly', () => {
  const tenths = new Array<number>(10).fill(0);
  for (const value of draw(50_000, 7)) {
    expect(value >= 0 && value < 1).toBe(true);
    tenths[Math.floor(value * 10)]!++;
  }
  // Each tenth holds 5000 with a deviation of 67.
  for (const count of tenths) expect(Math.abs(count - 5000)).toBeLessThan(5 * 67);
});

test('normal numbers have mean 0, deviation 1, and the tails of a bell', () => {
  const random = createRandom(3);
  const values = Array.from({ length: 50_000 }, () => random.normal());
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  const beyondTwo = values.filter((v) => Math.abs(v) > 2).length / values.length;
  expect(mean).toBeCloseTo(0, 1.5);
  expect(variance).toBeCloseTo(1, 1.5);
  expect(beyondTwo).toBeCloseTo(0.0455, 2);
});

test('a permutation holds every number once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.integer(), (count, seed) => {
      const order = permutation(count, createRandom(seed));
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
    }),
  );
});

test('every order of three is as likely as every other', () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 6000; seed++) {
    const order = permutation(3, createRandom(seed)).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  // Each of the six comes 1000 times with a deviation of 29.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * 29);
});
