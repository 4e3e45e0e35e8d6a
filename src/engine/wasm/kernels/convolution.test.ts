import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sizeOf } from '../../../core/shape';
import type { ConvolutionShape } from '../../plan/plan';
import { expectClose } from '../testing/expectClose';
import { TestMemory } from '../testing/memory';
import { panelsSize, toPanels } from '../testing/panels';
import { convolve, maxima } from '../testing/reference';
import { convolutions, pooledConvolutions, seeds, size } from '../testing/shapes';
import { targets } from '../testing/targets';
import { convolutionKernel, convolutionScratch } from './convolution';
import { geometryOf } from './geometry';

const memory = new TestMemory();

/** Weights and images, and the sums that a convolution of each image gives. */
function begin(shape: ConvolutionShape, images: number, seed: number) {
  memory.begin(seed);
  const { window, filters, groups } = shape;
  const matrix = { rows: sizeOf(window.size) * (window.image[2] / groups), columns: filters, groups };
  const kernel = memory.whole(matrix.rows * filters).values;
  const bias = memory.whole(filters).values;
  const input = memory.whole(images * sizeOf(window.image));
  const one = sizeOf(window.image);
  return {
    ...{ input, matrix },
    kernel: memory.put(toPanels(kernel, matrix)).at,
    bias: shape.bias === undefined ? 0 : memory.put(toPanels(bias, { ...matrix, rows: 1 })).at,
    sums: Array.from({ length: images }, (_, i) =>
      convolve(shape, input.values.subarray(i * one, (i + 1) * one), kernel, bias),
    ),
  };
}

const curved = ({ curve }: ConvolutionShape, values: readonly number[]): readonly number[] =>
  values.map((value) => (curve.name === 'relu' ? Math.max(value, 0) : value));

describe.each(targets)('a convolution with %s', (_, target) => {
  test('is the sum over its taps, plus its bias, under relu', () =>
    fc.assert(
      fc.property(convolutions, size(3), seeds, (shape, images, seed) => {
        const { input, kernel, bias, sums } = begin(shape, images, seed);
        const output = memory.room(sums.flatMap((values) => [...values]).length);
        const scratch = memory.room(convolutionScratch({ shape }) / 4);
        const { run } = memory.instantiate(convolutionKernel('run', { shape }, target));
        run!(images, input.at, output.at, 0, kernel, bias, scratch.at);
        expectClose(
          output.values,
          sums.flatMap((values) => curved(shape, [...values])),
          'outputs',
        );
        memory.expectWholeRims();
      }),
      { numRuns: 80 },
    ));

  test('with a pooling gives the maxima, and keeps which patch each came from', () =>
    fc.assert(
      fc.property(pooledConvolutions, size(3), seeds, (form, images, seed) => {
        const { shape, pooling } = form;
        const { input, kernel, bias, sums } = begin(shape, images, seed);
        const found = sums.map((values) => maxima(pooling.window, values));
        const count = images * sizeOf(pooling.window.output) * shape.filters;
        const [output, kept] = [memory.room(count), memory.room(count)];
        const scratch = memory.room(convolutionScratch(form) / 4);
        const { run } = memory.instantiate(convolutionKernel('run', form, target));
        run!(images, input.at, output.at, kept.at, kernel, bias, scratch.at);
        const best = found.flatMap((places, i) => places.map((place) => sums[i]![place]!));
        expectClose(output.values, curved(shape, best), 'maxima');
        const { down, across } = geometryOf(shape);
        const width = shape.window.output[1];
        const patches = found.flat().map((place) => {
          const pixel = Math.floor(place / shape.filters);
          return Math.floor(pixel / width) * down + (pixel % width) * across;
        });
        expect([...kept.integers]).toEqual(patches);
        memory.expectWholeRims();
      }),
      { numRuns: 80 },
    ));

  test('whose kernel is NaN shows it behind any pooling and relu', () =>
    fc.assert(
      fc.property(pooledConvolutions, seeds, (form, seed) => {
        const shape = { ...form.shape, curve: { name: 'relu', alpha: 0, beta: 0 } } as const;
        const { input, bias, matrix } = begin(shape, 1, seed);
        const kernel = memory.put(new Float32Array(panelsSize(matrix)).fill(Number.NaN)).at;
        const count = sizeOf(form.pooling.window.output) * shape.filters;
        const [output, kept] = [memory.zeros(count), memory.zeros(count)];
        const scratch = memory.room(convolutionScratch({ ...form, shape }) / 4);
        const { run } = memory.instantiate(convolutionKernel('run', { ...form, shape }, target));
        run!(1, input.at, output.at, kept.at, kernel, bias, scratch.at);
        expectClose(output.values, output.values.slice().fill(Number.NaN), 'maxima');
      }),
      { numRuns: 40 },
    ));
});
