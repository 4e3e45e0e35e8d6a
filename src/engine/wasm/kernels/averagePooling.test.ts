import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sizeOf } from '../../../core/shape';
import { expectClose } from '../testing/expectClose';
import { TestMemory } from '../testing/memory';
import { eachWindow } from '../testing/reference';
import { poolings, seeds, size } from '../testing/shapes';
import { averagePoolingGradientKernel, averagePoolingKernel } from './averagePooling';

const memory = new TestMemory();

test('average pooling takes the mean over what of each window lies inside the image, or over all of it', () =>
  fc.assert(
    fc.property(poolings, size(3), seeds, fc.boolean(), (window, images, seed, all) => {
      memory.begin(seed);
      const [imageSize, places] = [sizeOf(window.image), sizeOf(window.output)];
      const channels = window.image[2];
      const input = memory.noise(images * imageSize);
      const output = memory.room(images * places * channels);
      memory.instantiate(averagePoolingKernel('run', window, all))['run']!(images, input.at, output.at);
      const expected = new Float64Array(output.values.length);
      for (let n = 0; n < images; n++)
        eachWindow(window, (place, taps) => {
          for (let c = 0; c < channels; c++) {
            const sum = taps.reduce(
              (total, { pixel }) => total + input.values[n * imageSize + pixel * channels + c]!,
              0,
            );
            expected[(n * places + place) * channels + c] = sum / (all ? sizeOf(window.size) : taps.length);
          }
        });
      expectClose(output.values, expected, 'means', 1e-6);
      memory.expectWholeRims();
    }),
    { numRuns: 150 },
  ));

test('its gradient is added in equal shares', () =>
  fc.assert(
    fc.property(poolings, size(3), seeds, fc.boolean(), (window, images, seed, all) => {
      memory.begin(seed);
      const [imageSize, places] = [sizeOf(window.image), sizeOf(window.output)];
      const channels = window.image[2];
      const gradient = memory.noise(images * places * channels);
      const back = memory.noise(images * imageSize);
      const expected = Float64Array.from(back.values);
      const kernels = memory.instantiate(averagePoolingGradientKernel('run', window, all));
      kernels['run']!(images, gradient.at, back.at);
      for (let n = 0; n < images; n++)
        eachWindow(window, (place, taps) => {
          for (const { pixel } of taps)
            for (let c = 0; c < channels; c++)
              expected[n * imageSize + pixel * channels + c]! +=
                gradient.values[(n * places + place) * channels + c]! /
                (all ? sizeOf(window.size) : taps.length);
        });
      expectClose(back.values, expected, 'gradient of the input', 1e-6);
      memory.expectWholeRims();
    }),
    { numRuns: 150 },
  ));

test('a window that is the whole image gives its mean', () => {
  memory.begin(1);
  const one = [1, 1] as const;
  const shape = { size: [2, 3], strides: one, dilation: one, border: [0, 0], output: one } as const;
  const input = memory.put([1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60]);
  const output = memory.room(2);
  const kernels = memory.instantiate(averagePoolingKernel('run', { ...shape, image: [2, 3, 2] }, false));
  kernels['run']!(1, input.at, output.at);
  expect([...output.values]).toEqual([3.5, 35]);
});
