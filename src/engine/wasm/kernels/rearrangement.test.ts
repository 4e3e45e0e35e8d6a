import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WalkedAxis } from '../../plan/plan';
import { expectClose } from '../testing/expectClose';
import { TestMemory } from '../testing/memory';
import { seeds, size } from '../testing/shapes';
import { rearrangementGradientKernel, rearrangementKernel } from './rearrangement';

const memory = new TestMemory();

/** Axes of any strides, with and without zeros around; how the input lies does not matter to the kernels. */
const axes: fc.Arbitrary<readonly WalkedAxis[]> = fc.array(
  fc
    .record({ before: fc.nat(2), inside: size(6), after: fc.nat(2), stride: fc.constantFrom(0, 1, 1, 2, 5) })
    .map(({ before, inside, after, stride }) => ({ count: before + inside + after, stride, before, inside })),
  { minLength: 1, maxLength: 3 },
);

const outputsOf = (walked: readonly WalkedAxis[]): number =>
  walked.reduce((product, { count }) => product * count, 1);
/** Values of the input that a walk reaches, from the first. */
const reachOf = (walked: readonly WalkedAxis[]): number =>
  walked.reduce((reach, { inside, stride }) => reach + (inside - 1) * stride, 1);

/** The input's value that an output is, by its number; undefined where it is zero. */
function sourceOf(walked: readonly WalkedAxis[], output: number): number | undefined {
  let [rest, source] = [output, 0];
  for (const { count, stride, before, inside } of [...walked].reverse()) {
    const place = (rest % count) - before;
    rest = Math.floor(rest / count);
    if (place < 0 || place >= inside) return undefined;
    source += place * stride;
  }
  return source;
}

test('every output is the input that its axes name, or zero', () =>
  fc.assert(
    fc.property(axes, size(3), seeds, (walked, examples, seed) => {
      memory.begin(seed);
      const [reach, count] = [reachOf(walked), outputsOf(walked)];
      const input = memory.noise(examples * reach);
      const output = memory.room(examples * count);
      const run = memory.instantiate(rearrangementKernel('run', walked))['run']!;
      run(examples, input.at, 4 * reach, output.at);
      const expected = Float32Array.from({ length: examples * count }, (_, i) => {
        const source = sourceOf(walked, i % count);
        return source === undefined ? 0 : input.values[Math.floor(i / count) * reach + source]!;
      });
      expectClose(output.values, expected, 'outputs');
      memory.expectWholeRims();
    }),
    { numRuns: 150 },
  ));

test('its gradient is added to the value that each output came from', () =>
  fc.assert(
    fc.property(axes, size(3), seeds, (walked, examples, seed) => {
      memory.begin(seed);
      const [reach, count] = [reachOf(walked), outputsOf(walked)];
      const gradient = memory.whole(examples * count);
      const back = memory.whole(examples * reach);
      const expected = back.values.slice();
      gradient.values.forEach((value, i) => {
        const source = sourceOf(walked, i % count);
        if (source !== undefined) expected[Math.floor(i / count) * reach + source]! += value;
      });
      const run = memory.instantiate(rearrangementGradientKernel('run', walked))['run']!;
      run(examples, back.at, 4 * reach, gradient.at);
      expectClose(back.values, expected, 'gradient of the input');
      memory.expectWholeRims();
    }),
    { numRuns: 150 },
  ));

test('one value is copied by itself', () => {
  memory.begin(1);
  const [input, output] = [memory.put([7]), memory.room(1)];
  const one = [{ count: 1, stride: 1, before: 0, inside: 1 }];
  memory.instantiate(rearrangementKernel('run', one))['run']!(1, input.at, 4, output.at);
  expect([...output.values]).toEqual([7]);
});
