import fc from 'fast-check';
import { expect, test } from 'vitest';
import { grids, samplingOf, tapsOf, type Sampling } from '../../../layers/interpolation';
import type { InterpolationShape } from '../../plan/plan';
import { expectClose } from '../testing/expectClose';
import { TestMemory, type Block } from '../testing/memory';
import { seeds, size } from '../testing/shapes';
import { interpolationGradientKernel, interpolationKernel } from './interpolation';

const memory = new TestMemory();

const shapes: fc.Arbitrary<InterpolationShape> = fc
  .record({
    grid: fc.constantFrom(...grids),
    rows: size(5),
    columns: size(5),
    factors: fc.tuple(size(3), size(3)),
    channels: size(6),
  })
  .map(({ grid, rows, columns, factors: [down, across], channels }) => ({
    rows: samplingOf(grid, rows, rows * down),
    columns: samplingOf(grid, columns, columns * across),
    channels,
  }));

/** A table as the kernels read it: two offsets as whole numbers, and the share of the second. */
function table(sampling: Sampling, bytes: number): Block {
  const taps = tapsOf(sampling);
  const block = memory.room(4 * taps.length);
  taps.forEach(({ low, high, share }, i) => {
    block.integers.set([low * bytes, high * bytes], 4 * i);
    block.values[4 * i + 2] = share;
  });
  return block;
}

const tablesOf = ({ rows, columns, channels }: InterpolationShape): readonly number[] =>
  [table(rows, 4 * columns.inputs * channels), table(columns, 4 * channels)].map(({ at }) => at);

/** Visits what each output takes of each input, by their numbers in one image. */
function eachShare(
  { rows, columns, channels }: InterpolationShape,
  visit: (output: number, input: number, share: number) => void,
): void {
  const [down, across] = [tapsOf(rows), tapsOf(columns)];
  down.forEach((row, y) =>
    across.forEach((column, x) => {
      for (const [line, ofLine] of [
        [row.low, 1 - row.share],
        [row.high, row.share],
      ] as const)
        for (const [place, ofPlace] of [
          [column.low, 1 - column.share],
          [column.high, column.share],
        ] as const)
          for (let c = 0; c < channels; c++)
            visit(
              (y * columns.outputs + x) * channels + c,
              (line * columns.inputs + place) * channels + c,
              ofLine * ofPlace,
            );
    }),
  );
}

const sizesOf = ({ rows, columns, channels }: InterpolationShape): readonly [number, number] => [
  rows.inputs * columns.inputs * channels,
  rows.outputs * columns.outputs * channels,
];

test('every output is the sum of the four values around it', () =>
  fc.assert(
    fc.property(shapes, size(3), seeds, (shape, images, seed) => {
      memory.begin(seed);
      const [small, large] = sizesOf(shape);
      const input = memory.noise(images * small);
      const output = memory.room(images * large);
      const run = memory.instantiate(interpolationKernel('run', shape))['run']!;
      run(images, input.at, output.at, ...tablesOf(shape));
      const expected = new Float64Array(images * large);
      for (let n = 0; n < images; n++)
        eachShare(
          shape,
          (to, from, share) => (expected[n * large + to]! += share * input.values[n * small + from]!),
        );
      expectClose(output.values, expected, 'outputs', 1e-6);
      memory.expectWholeRims();
    }),
  ));

test('its gradient is added to the four values in their shares', () =>
  fc.assert(
    fc.property(shapes, size(3), seeds, (shape, images, seed) => {
      memory.begin(seed);
      const [small, large] = sizesOf(shape);
      const gradient = memory.noise(images * large);
      const back = memory.noise(images * small);
      const expected = Float64Array.from(back.values);
      const run = memory.instantiate(interpolationGradientKernel('run', shape))['run']!;
      run(images, back.at, gradient.at, ...tablesOf(shape));
      for (let n = 0; n < images; n++)
        eachShare(
          shape,
          (from, to, share) => (expected[n * small + to]! += share * gradient.values[n * large + from]!),
        );
      expectClose(back.values, expected, 'gradient of the input', 1e-6);
      memory.expectWholeRims();
    }),
  ));

test('a row between two is their mean', () => {
  memory.begin(1);
  const shape = {
    rows: samplingOf('alignCorners', 2, 3),
    columns: samplingOf('alignCorners', 1, 1),
    channels: 2,
  };
  const [input, output] = [memory.put([1, 10, 3, 30]), memory.room(6)];
  memory.instantiate(interpolationKernel('run', shape))['run']!(1, input.at, output.at, ...tablesOf(shape));
  expect([...output.values]).toEqual([1, 10, 2, 20, 3, 30]);
});
