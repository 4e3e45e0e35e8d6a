import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sizeOf } from '../../../core/shape';
import type { ConvolutionShape } from '../../plan/plan';
import { expectClose } from '../testing/expectClose';
import { TestMemory } from '../testing/memory';
import { fromPanels, toPanels } from '../testing/panels';
import { eachProduct } from '../testing/reference';
import { convolutions, seeds, size } from '../testing/shapes';
import { targets } from '../testing/targets';
import {
  convolutionInputKernel,
  convolutionSumKernel,
  gradientScratch,
  turnedSize,
  turnKernel,
} from './convolutionGradient';

const memory = new TestMemory();

/** The shape's parts, and a kernel in panels that is turned for the gradient of the input. */
function begin(shape: ConvolutionShape, images: number, seed: number) {
  memory.begin(seed);
  const { window, filters, groups } = shape;
  const channels = window.image[2] / groups;
  const matrix = { rows: sizeOf(window.size) * channels, columns: filters, groups };
  const [imageSize, outputSize] = [sizeOf(window.image), sizeOf(window.output) * filters];
  return {
    ...{ channels, matrix, imageSize, outputSize },
    kernel: memory.whole(matrix.rows * filters).values,
    input: memory.whole(images * imageSize),
    gradient: memory.whole(images * outputSize),
    scratch: memory.room(gradientScratch(shape) / 4),
  };
}

/** Turns all panels as the engine does, one by one. */
function turn(shape: ConvolutionShape, panels: number, rows: number) {
  const { groups, filters } = shape;
  const columns = filters / groups;
  const turned = memory.room(turnedSize(shape));
  const { run } = memory.instantiate(turnKernel('run', shape));
  let panel = panels;
  for (let group = 0; group < groups; group++)
    for (let first = 0; first < columns; first += 8, panel += 32 * rows)
      run!(
        panel,
        turned.at + (group / groups) * 4 * turnedSize(shape) + 32 * first,
        Math.min(8, columns - first),
      );
  return turned;
}

test('a kernel is turned to panels of eight channels, a row for each filter', () =>
  fc.assert(
    fc.property(convolutions, seeds, (shape, seed) => {
      const { kernel, matrix, channels } = begin(shape, 1, seed);
      const turned = turn(shape, memory.put(toPanels(kernel, matrix)).at, matrix.rows);
      const { filters, groups } = shape;
      const columns = filters / groups;
      const [taps, blocks] = [matrix.rows / channels, Math.ceil(channels / 8)];
      expect(turned.values).toHaveLength(groups * taps * blocks * columns * 8);
      const read = kernel.map((_, i) => {
        const [row, filter] = [Math.floor(i / filters), i % filters];
        const [tap, channel] = [Math.floor(row / channels), row % channels];
        const [group, own] = [Math.floor(filter / columns), filter % columns];
        const block = (group * taps + tap) * blocks + Math.floor(channel / 8);
        return turned.values[(block * columns + own) * 8 + (channel % 8)]!;
      });
      expectClose(read, kernel, 'turned kernel');
      memory.expectWholeRims();
    }),
    { numRuns: 60 },
  ));

describe.each(targets)('the gradient of a convolution with %s', (_, target) => {
  test('is added to the sums of its kernel and its bias', () =>
    fc.assert(
      fc.property(convolutions, size(3), seeds, (shape, images, seed) => {
        const { matrix, input, gradient, scratch, imageSize, outputSize } = begin(shape, images, seed);
        const { filters, bias } = shape;
        const biasMatrix = { ...matrix, rows: 1 };
        const [kernelBefore, biasBefore] = [matrix.rows * filters, filters].map(
          (n) => memory.whole(n).values,
        );
        const sums = memory.put(toPanels(kernelBefore!, matrix));
        const biasSums = memory.put(toPanels(biasBefore!, biasMatrix));
        const { run } = memory.instantiate(convolutionSumKernel('run', shape, target));
        run!(images, input.at, gradient.at, sums.at, biasSums.at, scratch.at);
        const expected = Float64Array.from(kernelBefore!);
        const expectedBias = Float64Array.from(biasBefore!);
        for (let n = 0; n < images; n++)
          eachProduct(shape, (i, k, o) => {
            expected[k]! += input.values[n * imageSize + i]! * gradient.values[n * outputSize + o]!;
          });
        if (bias !== undefined) gradient.values.forEach((g, i) => (expectedBias[i % filters]! += g));
        expectClose(fromPanels(sums.values, matrix), expected, 'kernel');
        expectClose(fromPanels(biasSums.values, biasMatrix), expectedBias, 'bias');
        memory.expectWholeRims();
      }),
      { numRuns: 80 },
    ));

  for (const accumulate of [false, true])
    test(`is ${accumulate ? 'added to' : 'written as'} that of its input`, () =>
      fc.assert(
        fc.property(convolutions, size(3), seeds, (shape, images, seed) => {
          const { kernel, matrix, gradient, scratch, imageSize, outputSize } = begin(shape, images, seed);
          const turned = turn(shape, memory.put(toPanels(kernel, matrix)).at, matrix.rows);
          const back = accumulate ? memory.whole(images * imageSize) : memory.room(images * imageSize);
          const expected = accumulate ? Float64Array.from(back.values) : new Float64Array(back.values.length);
          const { run } = memory.instantiate(convolutionInputKernel('run', shape, accumulate, target));
          run!(images, gradient.at, back.at, turned.at, scratch.at);
          for (let n = 0; n < images; n++)
            eachProduct(shape, (i, k, o) => {
              expected[n * imageSize + i]! += kernel[k]! * gradient.values[n * outputSize + o]!;
            });
          expectClose(back.values, expected, 'input');
          memory.expectWholeRims();
        }),
        { numRuns: 80 },
      ));
});
