import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sizeOf } from '../../../core/shape';
import { expectClose } from '../testing/expectClose';
import { TestMemory } from '../testing/memory';
import { eachWindow } from '../testing/reference';
import { poolings, seeds, size } from '../testing/shapes';
import { l2PoolingGradientKernel, l2PoolingKernel } from './l2Pooling';

const memory = new TestMemory();

test('outputs are the lengths of what of each window lies inside the image, and gradients its shares of them', () =>
  fc.assert(
    fc.property(poolings, size(3), seeds, (window, images, seed) => {
      memory.begin(seed);
      const [imageSize, places] = [sizeOf(window.image), sizeOf(window.output)];
      const channels = window.image[2];
      const input = memory.noise(images * imageSize);
      const output = memory.room(images * places * channels);
      const gradient = memory.noise(output.values.length);
      const back = memory.noise(images * imageSize);
      const lengths = new Float64Array(output.values.length);
      const expected = Float64Array.from(back.values);
      for (let n = 0; n < images; n++)
        eachWindow(window, (place, taps) => {
          for (let c = 0; c < channels; c++) {
            const at = taps.map(({ pixel }) => n * imageSize + pixel * channels + c);
            const to = (n * places + place) * channels + c;
            lengths[to] = Math.hypot(...at.map((i) => input.values[i]!));
            for (const i of at) expected[i]! += (gradient.values[to]! * input.values[i]!) / lengths[to];
          }
        });
      const kernels = memory.instantiate(
        l2PoolingKernel('run', window),
        l2PoolingGradientKernel('back', window),
      );
      kernels['run']!(images, input.at, output.at);
      expectClose(output.values, lengths, 'lengths', 1e-6);
      kernels['back']!(images, input.at, output.at, gradient.at, back.at);
      expectClose(back.values, expected, 'gradient of the input', 2e-6);
      memory.expectWholeRims();
    }),
    { numRuns: 150 },
  ));

test('a window of zeros has no gradient, and one of NaN keeps it', () => {
  memory.begin(1);
  const one = [1, 1] as const;
  const shape = { size: [1, 2], strides: [1, 2], dilation: one, border: [0, 0], output: [1, 2] } as const;
  const window = { ...shape, image: [1, 4, 1] } as const;
  const [input, output] = [memory.put([0, 0, Number.NaN, 1]), memory.room(2)];
  const [gradient, back] = [memory.put([5, 5]), memory.zeros(4)];
  const kernels = memory.instantiate(l2PoolingKernel('run', window), l2PoolingGradientKernel('back', window));
  kernels['run']!(1, input.at, output.at);
  kernels['back']!(1, input.at, output.at, gradient.at, back.at);
  expect([...output.values]).toEqual([0, Number.NaN]);
  expect([...back.values]).toEqual([0, 0, Number.NaN, Number.NaN]);
});
