/**
 * Whether an engine computes what TensorFlow.js's cpu backend computes: networks with every kind of layer, and the
 * comparison of all that a trainer tells. It knows no test runner: it answers with differences in words.
 */
import type { ParamValues } from '../../core/params';
import { createRandom } from '../../core/random';
import type { LayerKind } from '../../layers';
import type { CompiledNetwork, Weights } from '../../network/compiled';
import { lenet } from '../../network/templates/lenet';
import { initialWeights } from '../../network/weights';
import type { Engine, Loss, StepMetrics, TrainerState } from '../engine';
import { compiled, compiledChain, examples, range } from './examples';
import { compiledGraph, randomNetwork, randomWeights } from './networks';

const shape = [7, 6, 4];
const classes = 3;
const data = examples(11, shape, classes);
const inputs = Float32Array.from(data.images, (byte) => byte / 255);
/** With β₁ = 0 the first slot is the gradient itself, not rounded by the weight. */
const gradientReader = { type: 'adam', learningRate: 0.01, beta1: 0, beta2: 0.9, epsilon: 1e-7 } as const;

const head = [['flatten'], ['dense', { units: classes, activation: 'softmax' }]] as const;
const before = ['conv2d', { filters: 5, kernelSize: [2, 2], activation: 'tanh' }] as const;
const chain = (...middle: readonly (readonly [LayerKind, ParamValues?])[]): CompiledNetwork =>
  compiledChain(shape, classes, [...middle, ...head]);
const convolution = (params: ParamValues): CompiledNetwork =>
  chain(
    ['conv2d', { filters: 6, kernelSize: [2, 3], activation: 'tanh', ...params }],
    ['conv2d', { filters: 4, kernelSize: [2, 2], activation: 'elu', ...params }],
  );
const pooled = (convolved: ParamValues, pooling: ParamValues): CompiledNetwork =>
  chain(
    ['conv2d', { filters: 5, kernelSize: [2, 2], activation: 'tanh', ...convolved }],
    ['maxPooling2d', pooling],
  );
const merged = (kind: LayerKind): CompiledNetwork =>
  compiledGraph(shape, classes, [
    ['input', 'input', [], { shape }],
    ['left', 'conv2d', ['input'], { filters: 4, kernelSize: [3, 3], activation: 'sigmoid' }],
    ['right', 'conv2d', ['input'], { filters: 4, kernelSize: [3, 3], activation: 'softsign' }],
    ['merged', kind, ['left', 'right']],
    ['flat', 'flatten', ['merged']],
    ['output', 'dense', ['flat'], { units: classes, activation: 'softmax' }],
  ]);
const many = (kind: LayerKind): CompiledNetwork => {
  const branches = Array.from({ length: 8 }, (_, i) => `branch_${i}`);
  return compiledGraph(shape, classes, [
    ['input', 'input', [], { shape }],
    ...branches.map(
      (name) => [name, 'conv2d', ['input'], { filters: 2, kernelSize: [2, 2], activation: 'tanh' }] as const,
    ),
    ['merged', kind, branches],
    ['flat', 'flatten', ['merged']],
    ['output', 'dense', ['flat'], { units: classes, activation: 'softmax' }],
  ]);
};

const curves = ['linear', 'relu', 'sigmoid', 'tanh', 'softmax', 'leakyRelu', 'elu', 'softplus', 'softsign'];
const bent = { alpha: 0.7, negativeSlope: 0.2 };
const overlapping = { poolSize: [3, 2], strides: [2, 1], padding: 'same' };

/** A network of the list, and the kind of layer that it stands for where it does. */
export interface AgreementNetwork {
  readonly name: string;
  readonly kind?: LayerKind;
  readonly network: CompiledNetwork;
  readonly loss: Loss;
}

const entry = (
  name: string,
  network: CompiledNetwork,
  kind?: LayerKind,
  loss: Loss = 'categoricalCrossentropy',
): AgreementNetwork => ({ name, network, loss, ...(kind && { kind }) });

/** Every kind of layer but the input, in each of its ways, both losses, and networks drawn at random. */
export const networks: readonly AgreementNetwork[] = [
  entry('dense', chain(['flatten'], ['dense', { units: 9, activation: 'relu' }]), 'dense'),
  entry('dense without bias', chain(['flatten'], ['dense', { units: 9, useBias: false }])),
  entry('dense with softmax inside', chain(['flatten'], ['dense', { units: 40, activation: 'softmax' }])),
  entry('convolution', convolution({}), 'conv2d'),
  entry('convolution with relu, without bias', convolution({ activation: 'relu', useBias: false })),
  entry('convolution of 1×1', convolution({ kernelSize: [1, 1] })),
  entry('convolution with softmax', convolution({ activation: 'softmax' })),
  entry('convolution with strides', convolution({ strides: [1, 2], padding: 'same' })),
  entry('convolution with wide strides', convolution({ strides: [3, 2], kernelSize: [2, 1] })),
  entry('convolution with same padding', convolution({ padding: 'same', kernelSize: [4, 5] })),
  entry('convolution with dilation', convolution({ dilationRate: [2, 1], kernelSize: [2, 2] })),
  entry('convolution with dilation, padded', convolution({ dilationRate: [1, 3], padding: 'same' })),
  entry('convolution with groups', convolution({ groups: 2, padding: 'same' })),
  entry('convolution, pooled by twos', pooled({}, {}), 'maxPooling2d'),
  entry('convolution, pooled at the border', pooled({ padding: 'same' }, { padding: 'same' })),
  entry('convolution, pooled in columns', pooled({}, { poolSize: [4, 1], strides: [4, 2], padding: 'same' })),
  entry('convolution, pooled in pairs', pooled({ groups: 1 }, { poolSize: [1, 2], strides: [2, 3] })),
  entry('convolution, pooled with overlap', pooled({ activation: 'elu' }, overlapping)),
  entry('convolution in groups, pooled', pooled({ filters: 8, groups: 4, activation: 'relu' }, {})),
  entry('max pooling', chain(['maxPooling2d'], before), undefined),
  entry('max pooling with overlap', chain(before, ['dropout', { rate: 0 }], ['maxPooling2d', overlapping])),
  entry('average pooling', chain(before, ['averagePooling2d']), 'averagePooling2d'),
  entry('average pooling with overlap', chain(before, ['averagePooling2d', overlapping])),
  entry(
    'global average pooling',
    compiledChain(shape, classes, [before, ['globalAveragePooling2d'], head[1]]),
    'globalAveragePooling2d',
  ),
  entry('flatten', compiledChain(shape, classes, [...head]), 'flatten'),
  entry('dropout of nothing', chain(before, ['dropout', { rate: 0 }]), 'dropout'),
  entry(
    'batch normalization',
    chain(before, ['batchNormalization', { momentum: 0.7 }]),
    'batchNormalization',
  ),
  entry(
    'batch normalization with a curve',
    chain(before, ['batchNormalization'], ['activation', { activation: 'tanh' }]),
  ),
  entry(
    'batch normalization of vectors',
    compiledChain(shape, classes, [['flatten'], ['dense', { units: 5 }], ['batchNormalization'], head[1]]),
  ),
  entry('add', merged('add'), 'add'),
  entry('add of eight', many('add')),
  entry('concatenate', merged('concatenate'), 'concatenate'),
  entry('concatenate of eight', many('concatenate')),
  entry(
    'softmax as a layer at the end',
    compiledChain(shape, classes, [
      ['flatten'],
      ['dense', { units: classes }],
      ['activation', { activation: 'softmax' }],
    ]),
  ),
  ...curves.map((activation) =>
    entry(
      `activation ${activation}`,
      chain(before, ['activation', { ...bent, activation }]),
      activation === 'relu' ? 'activation' : undefined,
    ),
  ),
  ...curves.map((activation) =>
    entry(`activation ${activation} by itself`, chain(['activation', { ...bent, activation }], before)),
  ),
  ...curves.map((activation) =>
    entry(
      `activation ${activation} after a pooling`,
      chain(before, ['averagePooling2d'], ['activation', { ...bent, activation }]),
    ),
  ),
  entry(
    'mean squared error after dense',
    chain(['flatten'], ['dense', { units: 9, activation: 'relu' }]),
    undefined,
    'meanSquaredError',
  ),
  entry('mean squared error after convolution', convolution({}), undefined, 'meanSquaredError'),
  entry(
    'mean squared error without softmax',
    compiledChain(shape, classes, [before, ['globalAveragePooling2d'], ['dense', { units: classes }]]),
    undefined,
    'meanSquaredError',
  ),
  entry(
    'cross-entropy without softmax',
    compiledChain(shape, classes, [['flatten'], ['dense', { units: classes, activation: 'sigmoid' }]]),
  ),
  ...Array.from({ length: 12 }, (_, i) =>
    entry(`random network ${i + 1}`, randomNetwork(shape, classes, i + 1)),
  ),
];

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
