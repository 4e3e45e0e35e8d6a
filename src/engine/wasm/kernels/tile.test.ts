import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { v128 } from '../expressions';
import { integers, kernel } from '../emit';
import { expectClose } from '../testing/expectClose';
import { TestMemory } from '../testing/memory';
import { seeds, size } from '../testing/shapes';
import { targets } from '../testing/targets';
import { addRows, cutRows, newSums, storeRows, sumTile, vectorsOf } from './tile';

const memory = new TestMemory();

test('rows are cut into tiles that are all used, none higher than a full one and none needlessly low', () =>
  fc.assert(
    fc.property(size(60), fc.constantFrom(4, 6), (total, rows) => {
      const { full, rest } = cutRows(total, rows);
      expect(full * rows + rest.reduce((sum, height) => sum + height, 0)).toBe(total);
      for (const height of rest) {
        expect(height).toBeLessThan(rows);
        if (total >= rows) expect(2 * height).toBeGreaterThanOrEqual(rows);
      }
      expect(full + rest.length).toBe(Math.ceil(total / rows));
    }),
  ));

describe.each(targets)('a tile with %s', (_, target) => {
  /** Two loops around the innermost one, whose rounds the code knows or not. */
  const walks = fc.record({
    rows: size(target.rows),
    width: size(8),
    counts: fc.tuple(size(3), size(4)),
    depth: size(12),
    known: fc.boolean(),
    seed: seeds,
  });

  test('adds products along its walk, and to what lies in C', () =>
    fc.assert(
      fc.property(walks, ({ rows, width, counts, depth, known, seed }) => {
        memory.begin(seed);
        // A lies with gaps between its rows and its rounds; B is eight columns wide, round after round.
        const aStep = 3;
        const [inner, outer] = [depth * aStep + 2, counts[1] * (depth * aStep + 2) + 5];
        const aRow = counts[0] * outer + 1;
        const rounds = counts[0] * counts[1] * depth;
        const [a, b] = [memory.whole(rows * aRow), memory.whole(8 * rounds)];
        const cRow = width + 2;
        const c = memory.whole(rows * cRow);
        const expected = Float64Array.from(c.values);
        const { run } = memory.instantiate(
          kernel('run', integers(4), (code, from, panel, to, given) => {
            const sums = newSums(code, rows, Array(vectorsOf(width)).fill(v128.zero));
            sumTile(code, target, sums, from, panel, {
              aRow: 4 * aRow,
              loops: [
                { count: counts[0], a: 4 * outer, b: 32 * counts[1] * depth },
                { count: counts[1], a: 4 * inner, b: 32 * depth },
              ],
              depth: known ? depth : given,
              aStep: 4 * aStep,
              bStep: 32,
            });
            addRows(code, sums, to, 4 * cRow, width);
            storeRows(code, sums, to, 4 * cRow, width);
          }),
        );
        run!(a.at, b.at, c.at, depth);
        for (let row = 0; row < rows; row++)
          for (let round = 0; round < rounds; round++) {
            const [y, x, k] = [
              Math.floor(round / depth / counts[1]),
              Math.floor(round / depth) % counts[1],
              round % depth,
            ];
            const value = a.values[row * aRow + y * outer + x * inner + k * aStep]!;
            for (let column = 0; column < width; column++)
              expected[row * cRow + column]! += value * b.values[8 * round + column]!;
          }
        // What lies between the rows of C stays as it was.
        expectClose(c.values, expected, 'C');
        memory.expectWholeRims();
      }),
    ));
});
