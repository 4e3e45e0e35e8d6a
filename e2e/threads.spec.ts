/** WebAssembly on real threads: the same numbers on any number of them, and with relaxed SIMD those of the CPU. */
import { askOf, expect, test } from './engines';

const ask = askOf('threads');

for (const network of ['lenet', 'summing'])
  for (const relaxed of [true, false])
    test(`${network} trains to the same bits on one to three threads, with ${relaxed ? 'relaxed' : 'plain'} SIMD`, async ({
      page,
    }) => {
      expect(await ask(page, 'sameness', network, relaxed, [1, 2, 3])).toEqual({
        devices: ['1 thread', '2 threads', '3 threads', '1 thread'],
        results: 1,
      });
    });

test('relaxed SIMD on two threads agrees with the CPU', async ({ page }) => {
  expect(await ask(page, 'relaxed')).toBe(true);
  const pattern = '^(dense|convolution|max pooling|average|batch|random network)';
  expect(await ask(page, 'agreement', 2, true, pattern)).toEqual([]);
});
