import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Code } from './code';
import { f32, f32x4, i32, unsigned, v128, type I32 } from './expressions';
import { integers, kernel } from './emit';
import { TestMemory } from './testing/memory';

const memory = new TestMemory();

/** Whole numbers that statements leave behind: `keep` notes them, one after the other. */
function traced(write: (code: Code, given: I32, keep: (value: I32) => void) => void, given = 0): number[] {
  memory.begin(1);
  const [count, notes] = [memory.zeros(1), memory.room(64)];
  const { run } = memory.instantiate(
    kernel('run', integers(3), (code, counter, to, parameter) =>
      write(code, parameter, (value) => {
        code.storeI32(i32.add(to, i32.bytes(i32.load(counter))), value);
        code.storeI32(counter, i32.add(i32.load(counter), i32.const(1)));
      }),
    ),
  );
  run!(count.at, notes.at, given);
  memory.expectWholeRims();
  return [...notes.integers.subarray(0, count.integers[0])];
}

describe('numbers in LEB128', () => {
  test('are what the specification has as examples', () => {
    expect(unsigned(624485)).toEqual([0xe5, 0x8e, 0x26]);
    expect(unsigned(0)).toEqual([0]);
    expect(unsigned(2 ** 32 - 1)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
    expect(i32.const(-123456).code).toEqual([0x41, 0xc0, 0xbb, 0x78]);
    expect(i32.const(64).code).toEqual([0x41, 0xc0, 0x00]);
    expect(i32.const(-64).code).toEqual([0x41, 0x40]);
  });

  test('without sign are read back, and no byte is wasted', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
        const bytes = unsigned(value);
        expect(bytes.reduceRight((sum, byte) => sum * 128 + (byte & 0x7f), 0)).toBe(value);
        expect(bytes.map((byte) => byte >= 0x80)).toEqual(bytes.map((_, i) => i < bytes.length - 1));
        expect(bytes.at(-1) === 0 && bytes.length > 1).toBe(false);
      }),
    ));

  test('with sign are the constants of a kernel', () => {
    const ends = [0, 1, -1, 63, 64, -64, -65, 8191, 8192, -8192, -8193, 2 ** 31 - 1, -(2 ** 31)];
    expect(traced((_, __, keep) => ends.forEach((value) => keep(i32.const(value))))).toEqual(ends);
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 20, maxLength: 60 }), (values) => {
        expect(traced((_, __, keep) => values.forEach((value) => keep(i32.const(value))))).toEqual(values);
      }),
      { numRuns: 30 },
    );
  });
});

describe('statements', () => {
  test('of an if run where the condition holds, those of its other branch where it does not', () => {
    const branches = (given: number): number[] =>
      traced((code, value, keep) => {
        code.if(
          i32.eq(value, i32.const(3)),
          () => keep(i32.const(1)),
          () => keep(i32.const(2)),
        );
        code.if(i32.ne(value, i32.const(3)), () => keep(i32.const(5)));
      }, given);
    expect(branches(3)).toEqual([1]);
    expect(branches(4)).toEqual([2, 5]);
  });

  test('of a for run once for each number below its end, and not at all below 0', () => {
    const loop = (given: number): number[] => traced((code, end, keep) => code.for(end, keep), given);
    expect(loop(4)).toEqual([0, 1, 2, 3]);
    expect(loop(0)).toEqual([]);
  });

  test('of a while run as long as its condition holds before them', () => {
    const halve = (given: number): number[] =>
      traced((code, start, keep) => {
        const value = code.let(start);
        code.while(
          () => i32.geU(value, i32.const(1)),
          () => {
            keep(value);
            code.set(value, i32.divU(value, i32.const(2)));
          },
        );
      }, given);
    expect(halve(20)).toEqual([20, 10, 5, 2, 1]);
    expect(halve(0)).toEqual([]);
  });

  test('are repeated as often as was asked for', () => {
    for (const count of [0, 1, 2, 5]) {
      const expected = Array.from({ length: count }, (_, i) => 10 * i);
      const found = traced((code, _, keep) => {
        const value = code.let(i32.const(0));
        code.repeat(count, () => {
          keep(value);
          code.step(value, i32.const(10));
        });
      });
      expect(found).toEqual(expected);
    }
  });

  test('set locals of loops anew in every round', () => {
    const found = traced((code, _, keep) =>
      code.for(i32.const(3), (i) => {
        const sum = code.let(i32.const(0));
        code.step(sum, i);
        keep(sum);
      }),
    );
    expect(found).toEqual([0, 1, 2]);
  });
});

test('floats are walked four at a time and then one by one, past none', () =>
  fc.assert(
    fc.property(fc.nat(40), fc.nat(1000), (count, seed) => {
      memory.begin(seed);
      const block = memory.whole(count);
      const expected = block.values.map((value) => 2 * value + 1);
      const { run } = memory.instantiate(
        kernel('run', integers(2), (code, length, values) =>
          code.floats(length, (at, lanes) => {
            const place = code.let(i32.add(values, at));
            const twice = f32x4.mul(lanes.load(place), f32x4.const(2));
            lanes.store(place, f32x4.add(twice, v128.splat(f32.const(1))));
          }),
        ),
      );
      run!(count, block.at);
      expect([...block.values]).toEqual([...expected]);
      memory.expectWholeRims();
    }),
  ));

test('memory is cleared and copied by bytes', () => {
  memory.begin(1);
  const [from, to] = [memory.put([1, 2, 3, 4, 5]), memory.put([9, 9, 9, 9, 9])];
  const { run } = memory.instantiate(
    kernel('run', integers(2), (code, source, target) => {
      code.copy(target, source, i32.const(12));
      code.clear(i32.add(target, i32.const(4)), i32.const(4));
    }),
  );
  run!(from.at, to.at);
  expect([...to.values]).toEqual([1, 0, 3, 9, 9]);
});
