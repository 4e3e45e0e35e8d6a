import fc from 'fast-check';
import { describe, test } from 'vitest';
import { expectClose } from '../testing/expectClose';
import { TestMemory } from '../testing/memory';
import { seeds, size } from '../testing/shapes';
import {
  gradientSumsKernel,
  momentsKernel,
  normalizationInputKernel,
  normalizeKernel,
} from './normalization';

const memory = new TestMemory();
const check = (predicate: (rows: number, channels: number) => void): void =>
  fc.assert(
    fc.property(size(30), size(13), seeds, (rows, channels, seed) => {
      memory.begin(seed);
      predicate(rows, channels);
      memory.expectWholeRims();
    }),
    { numRuns: 80 },
  );

/** Sums over the rows, by channel. */
function sumRows(
  values: ArrayLike<number>,
  channels: number,
  term: (value: number, channel: number, i: number) => number,
) {
  const sums = new Float64Array(channels);
  Array.from(values).forEach((value, i) => (sums[i % channels]! += term(value, i % channels, i)));
  return sums;
}

test('moments are the mean of each channel and its squared distances from it', () =>
  check((rows, channels) => {
    const values = memory.noise(rows * channels);
    // Far from 0, where a mean of squares less a squared mean would have lost everything.
    values.values.forEach((value, i) => (values.values[i] = value + 1000));
    const [means, squares] = [memory.room(channels), memory.room(channels)];
    const { run } = memory.instantiate(momentsKernel('run', channels));
    run!(rows, values.at, means.at, squares.at, 1 / rows);
    const mean = sumRows(values.values, channels, (value) => value / rows);
    expectClose(means.values, mean, 'means', 1e-6);
    const square = sumRows(values.values, channels, (value, c) => (value - mean[c]!) ** 2);
    expectClose(squares.values, square, 'squares', 1e-4);
  }));

test('values are centred, scaled and shifted by channel', () =>
  check((rows, channels) => {
    const values = memory.whole(rows * channels);
    const [means, scales, shifts] = [memory.whole(channels), memory.whole(channels), memory.whole(channels)];
    const to = memory.room(rows * channels);
    const { run } = memory.instantiate(normalizeKernel('run', channels));
    run!(rows, values.at, to.at, means.at, scales.at, shifts.at);
    const expected = values.values.map((value, i) => {
      const c = i % channels;
      return (value - means.values[c]!) * scales.values[c]! + shifts.values[c]!;
    });
    expectClose(to.values, expected, 'values');
  }));

test('gradients are summed by channel, alone and times the centred values', () =>
  check((rows, channels) => {
    const [values, gradients] = [memory.whole(rows * channels), memory.whole(rows * channels)];
    const [means, sums, products] = [memory.whole(channels), memory.room(channels), memory.room(channels)];
    const { run } = memory.instantiate(gradientSumsKernel('run', channels));
    run!(rows, values.at, gradients.at, means.at, sums.at, products.at);
    expectClose(
      sums.values,
      sumRows(gradients.values, channels, (g) => g),
      'sums',
    );
    const product = sumRows(
      gradients.values,
      channels,
      (g, c, i) => g * (values.values[i]! - means.values[c]!),
    );
    expectClose(products.values, product, 'products');
  }));

describe('the gradient of the input', () => {
  for (const accumulate of [false, true])
    test(`is ${accumulate ? 'added' : 'written'}`, () =>
      check((rows, channels) => {
        const [values, gradients] = [memory.whole(rows * channels), memory.whole(rows * channels)];
        const to = accumulate ? memory.whole(rows * channels) : memory.room(rows * channels);
        const before = to.values.slice();
        const [means, a, b, c] = [0, 1, 2, 3].map(() => memory.whole(channels));
        const { run } = memory.instantiate(normalizationInputKernel('run', channels, accumulate));
        run!(rows, values.at, gradients.at, to.at, means!.at, a!.at, b!.at, c!.at);
        const expected = gradients.values.map((g, i) => {
          const [mean, factor, all, along] = [means, a, b, c].map((block) => block!.values[i % channels]!);
          const gradient = factor! * (g - all! - (values.values[i]! - mean!) * along!);
          return gradient + (accumulate ? before[i]! : 0);
        });
        expectClose(to.values, expected, 'gradient of the input');
      }));
});
