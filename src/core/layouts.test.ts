import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hwioToOihw, oihwToHwio, transpose } from './layouts';

const size = fc.integer({ min: 1, max: 5 });
const counting = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i);

test('a kernel at [y, x, i, o] lies at [o, i, y, x] afterwards', () => {
  fc.assert(
    fc.property(size, size, size, size, (height, width, inputs, outputs) => {
      const from = counting(height * width * inputs * outputs);
      const to = hwioToOihw(from, [height, width, inputs, outputs]);
      expect(to).toHaveLength(from.length);
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          for (let i = 0; i < inputs; i++)
            for (let o = 0; o < outputs; o++)
              expect(to[o * inputs * height * width + i * height * width + y * width + x]).toBe(
                from[y * width * inputs * outputs + x * inputs * outputs + i * outputs + o],
              );
    }),
    { numRuns: 30 },
  );
});

test('a kernel that went to [o, i, y, x] comes back as it was', () => {
  fc.assert(
    fc.property(size, size, size, size, (...shape) => {
      const from = counting(shape.reduce((a, b) => a * b));
      expect(oihwToHwio(hwioToOihw(from, shape), shape)).toEqual(from);
    }),
  );
});

test('a matrix at [row, column] lies at [column, row] afterwards, and back', () => {
  expect([...transpose(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3])]).toEqual([1, 4, 2, 5, 3, 6]);
  fc.assert(
    fc.property(size, size, (rows, columns) => {
      const from = counting(rows * columns);
      const to = transpose(from, [rows, columns]);
      expect(to[(columns - 1) * rows]).toBe(from[columns - 1]);
      expect(transpose(to, [columns, rows])).toEqual(from);
    }),
  );
});

test('the block that came in stays as it is', () => {
  const from = counting(8);
  hwioToOihw(from, [2, 2, 1, 2]).fill(9);
  transpose(from, [2, 4]).fill(9);
  expect(from).toEqual(counting(8));
});
