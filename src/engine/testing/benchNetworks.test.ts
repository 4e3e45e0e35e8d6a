/** The networks and batches of the benchmark. */
import { expect, test } from 'vitest';
import { BATCH, batchOf } from './bench/data';
import { benchNetwork, benchNetworkIds } from './benchNetworks';

test('the networks of the benchmark have the parameters for which figures are given', () => {
  const counts = benchNetworkIds.map((id) => [id, benchNetwork(id).build().parameters]);
  expect(Object.fromEntries(counts)).toEqual({
    lenet: 585_958,
    mlp: 109_386,
    residual: 28_698,
    colour: 51_690,
  });
});

test.each([60_000, 4096])('batches visit each of %i examples once before any comes again', (count) => {
  const steps = Math.floor(count / BATCH);
  const seen = Array.from({ length: steps }, (_, step) => [...batchOf(step, count)]).flat();
  expect(new Set(seen).size).toBe(steps * BATCH);
  expect(Math.max(...seen)).toBeLessThan(count);
});
