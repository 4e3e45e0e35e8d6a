import fc from 'fast-check';
import { expect, test } from 'vitest';
import { grids, samplingOf, tapsOf, type Grid } from './interpolation';

/** Where each output lies among the inputs. */
const placesOf = (grid: Grid, inputs: number, outputs: number): number[] =>
  tapsOf(samplingOf(grid, inputs, outputs)).map(({ low, share }) => low + share);

test('by centres, the first and last outputs lie outside and take the nearest value', () => {
  expect(placesOf('halfPixel', 2, 4)).toEqual([0, 0.25, 0.75, 1]);
});

test('by corners, the first and the last lie on the first and the last', () => {
  expect(placesOf('alignCorners', 3, 5)).toEqual([0, 0.5, 1, 1.5, 2]);
});

test('by the first pixel, what lies past the last input takes the last value', () => {
  const places = placesOf('asymmetric', 2, 6);
  [0, 1 / 3, 2 / 3, 1, 1, 1].forEach((place, i) => expect(places[i]).toBeCloseTo(place, 9));
  expect(places).toHaveLength(6);
});

test('a single input is every output', () => {
  for (const grid of grids)
    expect(tapsOf(samplingOf(grid, 1, 3))).toEqual(Array(3).fill({ low: 0, high: 0, share: 0 }));
});

test('every tap lies inside, between neighbours, and no output goes back', () =>
  fc.assert(
    fc.property(
      fc.constantFrom(...grids),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 9 }),
      (grid, inputs, factor) => {
        const taps = tapsOf(samplingOf(grid, inputs, inputs * factor));
        expect(taps).toHaveLength(inputs * factor);
        let before = 0;
        for (const { low, high, share } of taps) {
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBe(Math.min(low + 1, inputs - 1));
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThan(1);
          expect(low + share).toBeGreaterThanOrEqual(before);
          before = low + share;
        }
      },
    ),
  ));
