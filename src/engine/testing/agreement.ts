/**
 * Whether an engine computes what TensorFlow.js's cpu backend computes: the comparison of all that a trainer tells. It
 * knows no test runner: it answers with differences in words.
 */
import { createRandom } from '../../core/random';
import { isFrozen, weightKey, type CompiledNetwork, type Weights } from '../../network/compiled';
import { lenet } from '../../network/templates/lenet';
import { initialWeights } from '../../network/weights';
import type { Engine, Loss, StepMetrics, TrainerState } from '../engine';
import { classes, networks, shape } from './agreementNetworks';
import { compiled, examples, range } from './examples';
import { randomWeights } from './networks';

const data = examples(11, shape, classes);
const inputs = Float32Array.from(data.images, (byte) => byte / 255);
/** With β₁ = 0 the first slot is the gradient itself, not rounded by the weight. */
const gradientReader = { type: 'adam', learningRate: 0.01, beta1: 0, beta2: 0.9, epsilon: 1e-7 } as const;

interface Taken {
  readonly metrics: readonly StepMetrics[];
  readonly evaluated: StepMetrics;
  readonly state: TrainerState;
  readonly predicted: Float32Array;
}

/** Steps on the batches, then everything that a trainer tells. */
async function take(
  engine: Engine,
  network: CompiledNetwork,
  loss: Loss,
  weights: Weights,
  batches: readonly Uint32Array[],
): Promise<Taken> {
  const state = { step: 0, weights, slots: {} };
  const trainer = await engine.createTrainer({
    network,
    loss,
    optimizer: gradientReader,
    seed: 1,
    state,
    batchSize: data.count,
  });
  try {
    for (const batch of batches) trainer.step(data, batch);
    return {
      metrics: await trainer.metrics(),
      state: await trainer.state(),
      evaluated: await trainer.evaluate(data, range(0, data.count)),
      predicted: await trainer.predict(inputs, data.count),
    };
  } finally {
    trainer.dispose();
  }
}

const largest = (values: Iterable<number>): number => {
  let max = 0;
  for (const value of values) max = Math.max(max, Math.abs(value));
  return max;
};

/** Collects differences in words. */
class Differences {
  readonly found: string[] = [];

  /** Largest difference as a share of the largest value; `floor` keeps sums that cancel from being compared with noise. */
  values(
    name: string,
    actual: Float32Array | undefined,
    expected: Float32Array,
    tolerance: number,
    floor = 0,
  ): void {
    if (actual?.length !== expected.length) {
      this.found.push(`${name} has ${actual?.length ?? 'no'} values, not ${expected.length}`);
      return;
    }
    const difference = largest(expected.map((value, i) => value - actual[i]!));
    const allowed = tolerance * Math.max(largest(expected), floor);
    // NaN is no difference that is allowed.
    if (!(difference <= allowed))
      this.found.push(`${name} differs by ${difference}; ${allowed} would be allowed`);
  }

  metrics(name: string, actual: StepMetrics | undefined, expected: StepMetrics): void {
    if (!actual || !(Math.abs(actual.loss - expected.loss) <= 5e-5 * Math.max(1, expected.loss)))
      this.found.push(`${name}: the loss is ${actual?.loss}, not ${expected.loss}`);
    if (actual?.correct !== expected.correct || actual.examples !== expected.examples)
      this.found.push(`${name}: ${actual?.correct} are right, not ${expected.correct}`);
  }
}

/**
 * Takes one step on both engines and compares gradients, slots, statistics and metrics; then outputs and evaluation of
 * the weights before it.
 * @param reference TensorFlow.js's cpu backend.
 * @returns a sentence for each difference; none where the engines agree.
 */
export async function compare(
  reference: Engine,
  engine: Engine,
  network: CompiledNetwork,
  loss: Loss = 'categoricalCrossentropy',
  seed = 11,
): Promise<readonly string[]> {
  const differences = new Differences();
  const weights = randomWeights(network, createRandom(seed));
  const one = [range(0, data.count)];
  const expected = await take(reference, network, loss, weights, one);
  const actual = await take(engine, network, loss, weights, one);
  const gradients = Object.entries(expected.state.slots).filter(([key]) => key.startsWith('m:'));
  const overall = Math.max(...gradients.map(([, values]) => largest(values)));
  if (!(overall > 1e-4)) differences.found.push('nothing is learned, so nothing is compared');
  for (const [key, values] of gradients)
    differences.values(`gradient ${key}`, actual.state.slots[key], values, 1e-4, overall * 1e-2);
  const keys = ({ slots }: TrainerState): string => Object.keys(slots).sort().join();
  if (keys(actual.state) !== keys(expected.state)) differences.found.push('the slots are others');
  differences.metrics('step', actual.metrics[0], expected.metrics[0]!);
  for (const [key, values] of Object.entries(expected.state.weights))
    if (key.includes('moving')) differences.values(key, actual.state.weights[key], values, 1e-5);
  for (const layer of network.layers.filter(isFrozen))
    for (const key of layer.weights.map((spec) => weightKey(layer, spec)))
      for (const { state } of [expected, actual])
        if (weights[key]?.some((value, i) => value !== state.weights[key]?.[i]))
          differences.found.push(`${key} is frozen and has moved`);
  // Not the predictions after the step: Adam divides a gradient of nothing but noise by itself.
  const before = await take(reference, network, loss, weights, []);
  const same = await take(engine, network, loss, weights, []);
  differences.values('predictions', same.predicted, before.predicted, 1e-4);
  differences.metrics('evaluation', same.evaluated, before.evaluated);
  return differences.found;
}

/** Compares the networks whose names match. @returns a sentence for each difference, with the network's name. */
export async function compareAll(
  reference: Engine,
  engine: Engine,
  pattern: string,
): Promise<readonly string[]> {
  const chosen = networks.filter(({ name }) => new RegExp(pattern).test(name));
  if (chosen.length === 0) return ['nothing was compared'];
  const found: string[] = [];
  for (const { name, network, loss } of chosen)
    for (const difference of await compare(reference, engine, network, loss))
      found.push(`${name}: ${difference}`);
  return found;
}

/** Losses of twenty steps of LeNet, partial batches among them, from the same weights on every engine. */
export async function lenetLosses(engine: Engine): Promise<readonly number[]> {
  const mnist = [28, 28, 1];
  const network = compiled(lenet.build(), mnist, 10);
  const images = examples(20, mnist, 10);
  const trainer = await engine.createTrainer({
    network,
    loss: 'categoricalCrossentropy',
    optimizer: { type: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    seed: 1,
    state: { step: 0, weights: initialWeights(network, 5), slots: {} },
  });
  try {
    for (let step = 0; step < 20; step++)
      trainer.step(images, range((step % 5) * 4, (step % 5) * 4 + (step % 4) + 1));
    return (await trainer.metrics()).map(({ loss }) => loss);
  } finally {
    trainer.dispose();
  }
}
