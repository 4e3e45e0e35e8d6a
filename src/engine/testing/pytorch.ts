/**
 * The loss curve of LeNet on real digits, as PyTorch 1.13 computes it, in single precision as in double: the weights drawn
 * from seed 42 in its layouts, the first 2,560 images of MNIST in their order, 128 at a time, and Adam as Keras writes it
 * (epsilon beside the uncorrected √v). Each is the mean cross-entropy of a batch before its step.
 */
import { mnist } from '../../datasets/mnist';
import type { FetchAsset } from '../../datasets/defineDataset';
import { lenet } from '../../network/templates/lenet';
import { initialWeights } from '../../network/weights';
import type { Engine } from '../engine';
import { compiled, range } from './examples';

const BATCH = 128;
const curve = [
  ...[3.108411, 2.56613, 2.232712, 1.671222, 1.607734, 1.263027, 0.979014, 1.002214, 1.095523, 0.917817],
  ...[0.877464, 0.749603, 0.546468, 0.491726, 0.4965, 0.717074, 0.442056, 0.482374, 0.552468, 0.36499],
];

/** How far an engine's losses are from PyTorch's, each as a share of it. */
export async function distancesFromPytorch(
  engine: Engine,
  fetchAsset: FetchAsset,
): Promise<readonly number[]> {
  const { train } = await mnist.load(fetchAsset, () => undefined);
  const network = compiled(lenet.build(), mnist.shape, mnist.classLabels.length, 'categoricalCrossentropy');
  const trainer = await engine.createTrainer({
    network,
    loss: 'categoricalCrossentropy',
    optimizer: { type: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    seed: 1,
    batchSize: BATCH,
    state: { step: 0, weights: initialWeights(network, 42), slots: {} },
  });
  for (let i = 0; i < curve.length; i++) trainer.step(train, range(i * BATCH, (i + 1) * BATCH));
  const losses = (await trainer.metrics()).map(({ loss }) => loss);
  trainer.dispose();
  return curve.map((expected, i) => Math.abs(losses[i]! / expected - 1));
}
