import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectClose } from '../testing/expectClose';
import { TestMemory, type Block } from '../testing/memory';
import { seeds, size } from '../testing/shapes';
import { elementKernels, productKernel } from './elements';

const memory = new TestMemory();
const kernels = memory.instantiate(...elementKernels);
const check = (predicate: (count: number) => void): void =>
  fc.assert(
    fc.property(size(70), seeds, (count, seed) => {
      memory.begin(seed);
      predicate(count);
      memory.expectWholeRims();
    }),
  );

test('bytes become floats, scaled', () =>
  check((count) => {
    const bytes = memory.room(count).bytes.map(() => memory.below(256));
    const block = memory.room(Math.ceil(count / 4) + 1);
    block.bytes.set(bytes.subarray(0, count));
    const to = memory.room(count);
    kernels['scaleBytes']!(count, block.at, to.at, 1 / 255);
    const expected = Float32Array.from(bytes.subarray(0, count), (byte) => byte * Math.fround(1 / 255));
    expectClose(to.values, expected, 'values');
  }));

test('values are added and multiplied', () =>
  check((count) => {
    const [a, b, to] = [memory.noise(count), memory.noise(count), memory.room(count)];
    const sums = a.values.map((value, i) => value + b.values[i]!);
    kernels['multiply']!(count, to.at, a.at, b.at);
    expectClose(
      to.values,
      a.values.map((value, i) => value * b.values[i]!),
      'products',
    );
    kernels['multiply']!(count, to.at, to.at, b.at);
    expectClose(
      to.values,
      a.values.map((value, i) => Math.fround(value * b.values[i]!) * b.values[i]!),
      'products in place',
    );
    kernels['add']!(count, a.at, b.at);
    expectClose(b.values, sums, 'sums');
  }));

test('a product of several blocks may be added to what is there', () => {
  const products = memory.instantiate(productKernel('product', 3, true));
  check((count) => {
    const [a, b, c, to] = [1, 2, 3, 4].map(() => memory.whole(count)) as [Block, Block, Block, Block];
    const before = to.values.slice();
    products['product']!(count, to.at, a.at, b.at, c.at);
    const expected = before.map((value, i) => value + a.values[i]! * b.values[i]! * c.values[i]!);
    expectClose(to.values, expected, 'products');
  });
});

test('parts are summed one after the other, to the last bit', () =>
  check((count) => {
    const parts = 1 + memory.below(6);
    const stride = count + memory.below(5);
    const [blocks, to] = [memory.noise(parts * stride), memory.room(count)];
    kernels['sumParts']!(count, blocks.at, 4 * stride, parts, to.at);
    const expected = Array.from({ length: count }, (_, i) => {
      let sum = 0;
      for (let part = 0; part < parts; part++) sum = Math.fround(sum + blocks.values[part * stride + i]!);
      return sum;
    });
    expect([...to.values]).toEqual(expected);
  }));

describe('rows', () => {
  for (const name of ['copyRows', 'addRows'])
    test(`are ${name === 'copyRows' ? 'copied' : 'added'} between matrices of any width`, () =>
      check((columns) => {
        const rows = 1 + memory.below(6);
        const [fromStride, toStride] = [columns + memory.below(5), columns + memory.below(5)];
        const [from, to] = [memory.whole(rows * fromStride), memory.whole(rows * toStride)];
        const expected = to.values.slice();
        for (let row = 0; row < rows; row++)
          for (let column = 0; column < columns; column++) {
            const place = row * toStride + column;
            const value = from.values[row * fromStride + column]!;
            expected[place] = value + (name === 'addRows' ? expected[place]! : 0);
          }
        kernels[name]!(rows, columns, from.at, 4 * fromStride, to.at, 4 * toStride);
        expectClose(to.values, expected, name);
      }));
});

describe('dropout', () => {
  const limitOf = (rate: number): number => Math.round(rate * 2 ** 32);
  /** "lowbias32" of a value's number and the seed. */
  function bitsOf(number: number, seed: number): number {
    let x = Math.imul(number, 0x9e3779b9) ^ seed;
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return (x ^ (x >>> 16)) >>> 0;
  }
  function drop(count: number, seed: number, rate: number) {
    const [from, to, mask] = [memory.noise(count), memory.room(count), memory.room(count)];
    kernels['dropout']!(count, from.at, to.at, mask.at, seed, limitOf(rate), 1 / (1 - rate));
    return { from: from.values, to: to.values, mask: mask.values };
  }

  test('drops the values whose hash is below the limit, and scales the others', () =>
    check((count) => {
      const [seed, rate] = [memory.below(2 ** 32), (1 + memory.below(9)) / 10];
      const { from, to, mask } = drop(count, seed, rate);
      const kept = from.map((_, i) => (bitsOf(i, seed) < limitOf(rate) ? 0 : 1 / (1 - rate)));
      expectClose(mask, kept, 'mask');
      expectClose(
        to,
        from.map((value, i) => value * kept[i]!),
        'values',
      );
    }));

  for (const rate of [0.1, 0.5, 0.9])
    test(`drops about ${rate} of many values, others for each seed`, () => {
      memory.begin(1);
      const count = 20_000;
      const [one, other] = [7, 8].map((seed) => drop(count, seed, rate).mask);
      const dropped = one!.filter((factor) => factor === 0).length / count;
      // Four standard deviations of the share.
      expect(Math.abs(dropped - rate)).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / count));
      const both = one!.filter((factor, i) => factor === 0 && other![i] === 0).length / count;
      expect(Math.abs(both - rate ** 2)).toBeLessThan(4 * Math.sqrt(rate ** 2 / count));
      expect([...drop(count, 7, rate).mask]).toEqual([...one!]);
    });
});
