/**
 * The loss curve of LeNet on real digits beside PyTorch's. Its numbers come from PyTorch 1.13, in single precision as in
 * double: these weights in its layouts, the first 2,560 images of MNIST in their order, 128 at a time, and Adam as Keras
 * writes it (epsilon beside the uncorrected √v). Each is the mean cross-entropy of a batch before its step.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mnist } from '../../datasets/mnist';
import { lenet } from '../../network/templates/lenet';
import { initialWeights } from '../../network/weights';
import { compiled, range } from '../testing/examples';
import { wasm } from './driver';

const BATCH = 128;
const pytorch = [
  ...[3.108411, 2.56613, 2.232712, 1.671222, 1.607734, 1.263027, 0.979014, 1.002214, 1.095523, 0.917817],
  ...[0.877464, 0.749603, 0.546468, 0.491726, 0.4965, 0.717074, 0.442056, 0.482374, 0.552468, 0.36499],
];

const fetchAsset = async (path: string): Promise<Response> =>
  new Response(await readFile(join(import.meta.dirname, '../../../public', path)));

test('over twenty batches of MNIST the loss of LeNet is that of PyTorch', async () => {
  const { train } = await mnist.load(fetchAsset, () => undefined);
  const network = compiled(lenet.build(), mnist.shape, mnist.classLabels.length, 'categoricalCrossentropy');
  const probe = await wasm.probe();
  if (!probe.available) throw new Error(probe.reason);
  const engine = await wasm.open(probe);
  const trainer = await engine.createTrainer({
    network,
    loss: 'categoricalCrossentropy',
    optimizer: { type: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    seed: 1,
    batchSize: BATCH,
    state: { step: 0, weights: initialWeights(network, 42), slots: {} },
  });
  for (let i = 0; i < pytorch.length; i++) trainer.step(train, range(i * BATCH, (i + 1) * BATCH));
  const losses = (await trainer.metrics()).map(({ loss }) => loss);
  engine.dispose();
  losses.forEach((loss, i) => expect(Math.abs(loss / pytorch[i]! - 1), `batch ${i + 1}`).toBeLessThan(1e-4));
});
