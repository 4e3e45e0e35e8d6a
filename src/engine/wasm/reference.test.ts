import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { distancesFromPytorch } from '../testing/pytorch';
import { wasm } from './driver';

const fetchAsset = async (path: string): Promise<Response> =>
  new Response(await readFile(join(import.meta.dirname, '../../../public', path)));

test('over twenty batches of MNIST the loss of LeNet is that of PyTorch', async () => {
  const probe = await wasm.probe();
  if (!probe.available) throw new Error(probe.reason);
  const engine = await wasm.open(probe);
  const distances = await distancesFromPytorch(engine, fetchAsset);
  engine.dispose();
  expect(distances).toHaveLength(20);
  expect(Math.max(...distances)).toBeLessThan(1e-4);
});
