import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sizeOf } from '../../../core/shape';
import type { WindowShape } from '../../plan/plan';
import { expectClose } from '../testing/expectClose';
import { TestMemory } from '../testing/memory';
import { eachWindow, maxima } from '../testing/reference';
import { poolings, seeds, size } from '../testing/shapes';
import { maxPoolingGradientKernel, maxPoolingKernel } from './pooling';

const memory = new TestMemory();

/** Pools images of whole numbers, among which there are many ties. */
function pool(window: WindowShape, images: number) {
  const imageSize = sizeOf(window.image);
  const count = images * sizeOf(window.output) * window.image[2];
  const input = memory.whole(images * imageSize);
  const [output, kept] = [memory.room(count), memory.room(count)];
  const run = (): void =>
    memory.instantiate(maxPoolingKernel('run', window))['run']!(images, input.at, output.at, kept.at);
  return { ...{ imageSize, count, input, output, kept, run } };
}

test('max pooling takes the largest of each window, and keeps the pixel of the first of them', () =>
  fc.assert(
    fc.property(poolings, size(3), seeds, (window, images, seed) => {
      memory.begin(seed);
      const { input, output, kept, imageSize, run } = pool(window, images);
      run();
      const found = Array.from({ length: images }, (_, n) =>
        maxima(window, input.values.subarray(n * imageSize, (n + 1) * imageSize)),
      );
      const best = found.flatMap((places, n) => places.map((place) => input.values[n * imageSize + place]!));
      expectClose(output.values, best, 'maxima');
      const channels = window.image[2];
      expect([...kept.integers]).toEqual(found.flat().map((place) => 4 * (place - (place % channels))));
      memory.expectWholeRims();
    }),
    { numRuns: 150 },
  ));

test('each gradient is added where its maximum came from', () =>
  fc.assert(
    fc.property(poolings, size(3), seeds, (window, images, seed) => {
      memory.begin(seed);
      const { input, kept, count, imageSize, run } = pool(window, images);
      run();
      const gradient = memory.whole(count);
      const back = memory.whole(input.values.length);
      const expected = Float64Array.from(back.values);
      for (let n = 0; n < images; n++)
        maxima(window, input.values.subarray(n * imageSize, (n + 1) * imageSize)).forEach((place, i) => {
          expected[n * imageSize + place]! += gradient.values[(n * count) / images + i]!;
        });
      const kernels = memory.instantiate(maxPoolingGradientKernel('run', window));
      kernels['run']!(images, gradient.at, kept.at, back.at);
      expectClose(back.values, expected, 'gradient of the input');
      memory.expectWholeRims();
    }),
    { numRuns: 150 },
  ));

describe('windows in which no value is greater than another', () => {
  for (const [name, value] of [
    ['NaN', Number.NaN],
    ['minus infinity', -Infinity],
  ] as const)
    test(`of nothing but ${name} give ${name}, from a pixel of their own`, () =>
      fc.assert(
        fc.property(poolings, seeds, (window, seed) => {
          memory.begin(seed);
          const { input, output, kept, run } = pool(window, 1);
          input.values.fill(value);
          run();
          expectClose(output.values, output.values.slice().fill(value), 'maxima');
          const channels = window.image[2];
          eachWindow(window, (place, taps) => {
            const pixels = taps.map(({ pixel }) => 4 * pixel * channels);
            for (let c = 0; c < channels; c++) expect(pixels).toContain(kept.integers[place * channels + c]);
          });
        }),
        { numRuns: 60 },
      ));
});
