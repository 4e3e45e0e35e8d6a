import fc from 'fast-check';
import { describe, test } from 'vitest';
import { sizeOf } from '../../../core/shape';
import type { ConvolutionShape, FusedPooling } from '../../plan/plan';
import { expectClose } from '../testing/expectClose';
import { TestMemory, type Block } from '../testing/memory';
import { fromPanels, panelsSize, toPanels } from '../testing/panels';
import { eachProduct } from '../testing/reference';
import { convolutions, pooledConvolutions, seeds, size } from '../testing/shapes';
import { targets } from '../testing/targets';
import { geometryOf } from './geometry';
import { filterSize, rowsKernel, sparseGradientKernel, sparseScratch } from './sparseGradient';

const memory = new TestMemory();

const matrixOf = ({ window, filters, groups }: ConvolutionShape) => ({
  rows: sizeOf(window.size) * (window.image[2] / groups),
  columns: filters,
  groups,
});

/** Runs a kernel that copies between panels and rows for all panels. */
function copyRows(shape: ConvolutionShape, way: 'toRows' | 'toPanel', panels: Block, rows: Block): void {
  const { run } = memory.instantiate(rowsKernel('run', shape, way));
  const columns = shape.filters / shape.groups;
  let panel = panels.at;
  for (let group = 0; group < shape.groups; group++)
    for (let first = 0; first < columns; first += 8, panel += 32 * matrixOf(shape).rows) {
      const row = rows.at + 4 * (group * columns + first) * filterSize(shape);
      run!(panel, row, Math.min(8, columns - first));
    }
}

/** Rows of filters from a kernel, and a kernel from rows of sums. What fills the rows is NaN: nobody may use it. */
function rowsOf(shape: ConvolutionShape, kernel: Float32Array): Block {
  const rows = memory.room(shape.filters * filterSize(shape));
  copyRows(shape, 'toRows', memory.put(toPanels(kernel, matrixOf(shape))), rows);
  return rows;
}
function kernelOf(shape: ConvolutionShape, rows: Block): Float32Array {
  const panels = memory.room(panelsSize(matrixOf(shape)));
  copyRows(shape, 'toPanel', panels, rows);
  return fromPanels(panels.values, matrixOf(shape));
}

test('filters lie in rows whose runs are whole vectors, and come back from them', () =>
  fc.assert(
    fc.property(convolutions, seeds, (shape, seed) => {
      memory.begin(seed);
      const { rows, columns: filters } = matrixOf(shape);
      const kernel = memory.whole(rows * filters).values;
      const block = rowsOf(shape, kernel);
      const { run } = geometryOf(shape);
      const read = kernel.map((_, i) => {
        const [row, filter] = [Math.floor(i / filters), i % filters];
        const place = Math.floor(row / run) * Math.ceil(run / 4) * 4 + (row % run);
        return block.values[filter * filterSize(shape) + place]!;
      });
      expectClose(read, kernel, 'rows');
      expectClose(kernelOf(shape, block), kernel, 'kernel');
      memory.expectWholeRims();
    }),
    { numRuns: 60 },
  ));

interface Form {
  readonly shape: ConvolutionShape;
  readonly pooling: FusedPooling;
}

/** Gradients of pooled values, about half of them none, each of some place of the convolution's output. */
function drawGradients({ shape, pooling }: Form, images: number) {
  const { filters, window } = shape;
  const [height, width] = window.output;
  const { down, across } = geometryOf(shape);
  const count = images * sizeOf(pooling.window.output) * filters;
  const gradient = memory.whole(count);
  gradient.values.forEach((_, i) => memory.below(2) === 0 && (gradient.values[i] = 0));
  const kept = memory.room(count);
  const dense = Array.from({ length: images }, () => new Float64Array(height * width * filters));
  gradient.values.forEach((value, i) => {
    const [y, x] = [memory.below(height), memory.below(width)];
    kept.integers[i] = y * down + x * across;
    dense[Math.floor((i * images) / count)]![(y * width + x) * filters + (i % filters)]! += value;
  });
  return { gradient, kept, dense };
}

describe.each(targets)('the gradients of a pooled convolution with %s', (_, target) => {
  for (const input of ['none', 'write', 'add'] as const)
    test(`are those of the places that the maxima came from (input: ${input})`, () =>
      fc.assert(
        fc.property(pooledConvolutions, size(3), seeds, (form, images, seed) => {
          memory.begin(seed);
          const { shape } = form;
          const { filters, window } = shape;
          const imageSize = sizeOf(window.image);
          const kernel = memory.whole(matrixOf(shape).rows * filters).values;
          const image = memory.whole(images * imageSize);
          const { gradient, kept, dense } = drawGradients(form, images);
          const rows = rowsOf(shape, kernel);
          const back = input === 'write' ? memory.room(images * imageSize) : memory.whole(images * imageSize);
          const sums = rowsOf(shape, memory.whole(kernel.length).values);
          const biases = memory.whole(filters);
          const expected = {
            kernel: Float64Array.from(kernelOf(shape, sums)),
            bias: Float64Array.from(biases.values),
            input: input === 'write' ? new Float64Array(back.values.length) : Float64Array.from(back.values),
          };
          const scratch = memory.room(Math.ceil(sparseScratch({ ...form, input }) / 4));
          const { run } = memory.instantiate(sparseGradientKernel('run', { ...form, input }, target));
          run!(
            ...[images, image.at, gradient.at, kept.at, input === 'none' ? 0 : back.at],
            ...[rows.at, sums.at, biases.at, scratch.at],
          );
          gradient.values.forEach((g, i) => (expected.bias[i % filters]! += g));
          dense.forEach((g, n) =>
            eachProduct(shape, (i, k, o) => {
              expected.kernel[k]! += g[o]! * image.values[n * imageSize + i]!;
              if (input !== 'none') expected.input[n * imageSize + i]! += g[o]! * kernel[k]!;
            }),
          );
          expectClose(kernelOf(shape, sums), expected.kernel, 'kernel');
          expectClose(biases.values, expected.bias, 'bias');
          expectClose(back.values, expected.input, 'input');
          memory.expectWholeRims();
        }),
        { numRuns: 80 },
      ));
});
