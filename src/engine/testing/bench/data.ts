/**
 * What every contender of the benchmark starts from: the same weights, the same examples, the same batches. The browser
 * asks for it, and Node does for PyTorch.
 */
import { mnist } from '../../../datasets/mnist';
import type { FetchAsset, LabelledImages } from '../../../datasets/defineDataset';
import type { CompiledNetwork, Weights } from '../../../network/compiled';
import { initialWeights } from '../../../network/weights';
import { benchNetwork, type BenchNetworkId } from '../benchNetworks';
import { examples } from '../examples';

export const BATCH = 128;
/** Adam with Keras's settings. */
export const adam = { type: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;
/**
 * Weights and examples from which no unit lies so near zero that rounding decides whether it is on: for the networks
 * without batch normalization, twenty losses in single precision are those in double precision to 1e-6 and 1e-4.
 */
export const SEED = 5;

/** How many made-up images there are where MNIST does not fit: enough for the steps whose losses are compared. */
const MADE_UP = 4096;
/** A prime that divides neither 60,000 nor 4,096: `n · STRIDE mod count` visits every example once, in no order. */
export const STRIDE = 7919;

export interface BenchCase {
  readonly id: BenchNetworkId;
  readonly network: CompiledNetwork;
  readonly weights: Weights;
  readonly data: LabelledImages;
  /** Bytes of all examples that are in memory, those for testing among them. */
  readonly dataBytes: number;
}

/**
 * @param fetchAsset opens the files of MNIST, which networks for 28×28×1 train on.
 * @throws DatasetError where MNIST cannot be loaded.
 */
export async function benchCase(id: BenchNetworkId, fetchAsset: FetchAsset): Promise<BenchCase> {
  const network = benchNetwork(id).build();
  const weights = initialWeights(network, SEED);
  if (network.inputShape[0] !== mnist.shape[0]) {
    const data = examples(MADE_UP, network.inputShape, 10);
    return { id, network, weights, data, dataBytes: bytesOf(data) };
  }
  const { train, test } = await mnist.load(fetchAsset, () => undefined);
  return { id, network, weights, data: train, dataBytes: bytesOf(train) + bytesOf(test) };
}

const bytesOf = ({ images, labels }: LabelledImages): number => images.byteLength + labels.byteLength;

/** The examples of a step, counted from 0. */
export function batchOf(step: number, count: number): Uint32Array {
  return Uint32Array.from({ length: BATCH }, (_, i) => ((step * BATCH + i) * STRIDE) % count);
}
