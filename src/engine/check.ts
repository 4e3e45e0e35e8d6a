/**
 * The check of one gradient step before training: an engine's weights after it against the CPU's. There are graphics
 * processors on which TensorFlow.js computes the right outputs and zero gradients (tfjs #8590), and drivers on which it
 * leaves out a part of large batches (see tfjs/filterGradient.ts).
 */
import { createRandom } from '../core/random';
import { sizeOf } from '../core/shape';
import type { LabelledImages } from '../datasets/defineDataset';
import { weightKey, type CompiledNetwork, type Weights } from '../network/compiled';
import { initialWeights } from '../network/weights';
import type { Engine, Loss } from './engine';

/** How many draws of weights are tried until one has a gradient. */
const DRAWS = 8;

/**
 * Three, so that batch normalization has something to normalize over, and so that a batch is odd: engines that keep two
 * values in one cell go wrong at the odd one out. A larger batch is these three, an odd number of times: its mean
 * gradient is the same, so the CPU computes three images while the engine is checked at about the size it will train.
 */
const EXAMPLES = 3;
/** Up to which size of a batch it is checked: long enough for every loop, and still quick on an emulated device. */
const MOST = 256;

/**
 * The largest difference allowed, as a share of the weight's largest change. Float32 in another order of summation
 * gives 1e-6 to 1e-5, coarse exp and tanh of graphics processors up to about 1e-3, and one relu or maximum that falls
 * the other way less than 1e-2; a wrong gradient gives about 1.
 */
const RELATIVE = 0.01;
/** Changes below this share of the network's largest one are sums that cancel, such as that of a bias before batch normalization. */
const CANCELLED = 1e-5;
/** Rounding of a weight of size 1 when its change is applied: four units in the last place of a float32. */
const ROUNDING = 2 ** -21;
const LOSS = 1e-3;

/** What an engine made of the step. */
export interface GradientStep {
  readonly loss: number;
  readonly before: Weights;
  readonly after: Weights;
}

/** Images of noise in 0..1 as bytes, of the network's input shape; the same for every engine. */
export function noise(network: CompiledNetwork, count: number): LabelledImages {
  const random = createRandom(1);
  const classes = network.outputShape.at(-1)!;
  return {
    images: Uint8Array.from({ length: count * sizeOf(network.inputShape) }, () => random.next() * 256),
    labels: Uint8Array.from({ length: count }, (_, i) => i % classes),
    count,
    shape: network.inputShape,
    scale: 1 / 255,
    classes,
  };
}

/** The network without chance: dropout of nothing, since each of the repeated images would have a mask of its own. */
function withoutChance(network: CompiledNetwork): CompiledNetwork {
  const layers = network.layers.map((layer) =>
    'rate' in layer.params ? { ...layer, params: { ...layer.params, rate: 0 } } : layer,
  );
  return { ...network, layers };
}

/**
 * One step of plain gradient descent with learning rate 1: each weight changes by its gradient.
 * @param batchSize examples in the step; the gradient is the same for every size.
 */
export async function gradientStep(
  engine: Engine,
  network: CompiledNetwork,
  loss: Loss,
  seed: number,
  batchSize = EXAMPLES,
): Promise<GradientStep> {
  const times = Math.floor(Math.min(batchSize, MOST) / EXAMPLES);
  const odd = Math.max(1, times % 2 === 0 ? times - 1 : times);
  const indices = Uint32Array.from({ length: odd * EXAMPLES }, (_, i) => i % EXAMPLES);
  const before = initialWeights(network, seed);
  const trainer = await engine.createTrainer({
    network: withoutChance(network),
    loss,
    seed,
    optimizer: { type: 'sgd', learningRate: 1, momentum: 0 },
    state: { step: 0, weights: before, slots: {} },
    batchSize: indices.length,
  });
  try {
    trainer.step(noise(network, EXAMPLES), indices);
    const [metrics] = await trainer.metrics();
    const { weights } = await trainer.state();
    return { loss: metrics!.loss, before, after: weights };
  } finally {
    trainer.dispose();
  }
}

/** The reference's step, from the first seeds on which the network has a gradient to compare. */
export async function referenceStep(
  engine: Engine,
  network: CompiledNetwork,
  loss: Loss,
): Promise<{ readonly step: GradientStep; readonly seed: number }> {
  let step: GradientStep;
  let seed = 0;
  do step = await gradientStep(engine, network, loss, ++seed);
  while (seed < DRAWS && !hasGradient(step));
  return { step, seed };
}

/** False where relus are dead or outputs saturated, so that no weight moved. */
function hasGradient(step: GradientStep): boolean {
  return Object.keys(step.before).some((key) => largestChange(step, key) > noiseOf(step, key));
}

const largest = (values: Iterable<number>): number => {
  let max = 0;
  for (const value of values) max = Math.max(max, Math.abs(value));
  return max;
};

function largestChange({ before, after }: GradientStep, key: string): number {
  const start = before[key]!;
  return largest(after[key]!.map((value, i) => value - start[i]!));
}

const noiseOf = ({ after }: GradientStep, key: string): number => ROUNDING * largest(after[key]!);

/**
 * Compares an engine's step with the reference's, weight by weight.
 * @returns undefined when it may be trusted, else a sentence that names the layer and the numbers.
 */
export function compareSteps(
  network: CompiledNetwork,
  candidate: GradientStep,
  reference: GradientStep,
): string | undefined {
  if (!(Math.abs(candidate.loss - reference.loss) <= LOSS * Math.max(1, Math.abs(reference.loss))))
    return `Its loss for three test images is ${show(candidate.loss)}; the CPU's is ${show(reference.loss)}.`;
  const keys = network.layers.flatMap((layer) => layer.weights.map((weight) => weightKey(layer, weight)));
  const overall = largest(keys.map((key) => largestChange(reference, key)));
  for (const key of keys) {
    const change = largestChange(reference, key);
    const allowed = RELATIVE * change + CANCELLED * overall + noiseOf(reference, key);
    const other = candidate.after[key]!;
    const difference = largest(reference.after[key]!.map((value, i) => value - other[i]!));
    if (!(difference <= allowed))
      return (
        `Its gradient of ${key} is off by ${show(difference)}; the CPU's largest is ${show(change)} ` +
        `and ${show(allowed)} would be allowed.`
      );
    if (isHalf(other) && !isHalf(reference.after[key]!))
      return `It keeps ${key} in half precision, which is too coarse to train with.`;
  }
  return undefined;
}

/** Whether every value fits the 10 bits of a half float's fraction. Of few values that may be chance. */
function isHalf(values: Float32Array): boolean {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return values.length >= 8 && bits.every((word) => (word & 0x1fff) === 0);
}

const show = (value: number): string => String(Number(value.toPrecision(3)));
