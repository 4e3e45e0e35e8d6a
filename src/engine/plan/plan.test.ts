import { describe, expect, test } from 'vitest';
import { lenet } from '../../network/templates/lenet';
import { compiled, compiledChain } from '../testing/examples';
import { compiledGraph, randomNetwork } from '../testing/networks';
import { buffersOf, makePlan } from './makePlan';
import { place } from './memory';
import type { Plan } from './plan';
import { printPlan } from './printPlan';

const options = { loss: 'categoricalCrossentropy', batch: 8, slots: 2, reserved: 100 } as const;
const planOf = (network: Parameters<typeof makePlan>[0]['network'], change = {}): Plan =>
  makePlan({ ...options, ...change, network });
const mnist = compiled(lenet.build(), [28, 28, 1], 10);
const random = Array.from({ length: 20 }, (_, seed) => planOf(randomNetwork([7, 6, 2], 3, seed)));
const operationsOf = ({ forward, loss, backward }: Plan) => [...forward, loss, ...backward];
const bytesOf = (plan: Plan, id: number): number => {
  const { size, shared } = plan.buffers[id]!;
  return 4 * size * (shared ? 1 : plan.batch);
};

test('LeNet is planned there and back, its activations and poolings with its products', () => {
  const plan = planOf(mnist);
  expect(operationsOf(plan).map(({ type }) => type)).toEqual([
    'convolution',
    'convolution',
    'dense',
    'dense',
    'loss',
    'denseGradient',
    'denseGradient',
    'convolutionGradient',
    'convolutionGradient',
  ]);
  expect(plan.loss.fromLogits).toBe(true);
  expect(plan.backward.at(-1)).not.toHaveProperty('inputGradient', expect.any(Number));
  expect(plan.trainableSize).toBeGreaterThanOrEqual(mnist.parameters);
});

test('the same network has the same plan, which is plain data', () => {
  const plan = planOf(mnist);
  expect(planOf(mnist)).toEqual(plan);
  expect(structuredClone(plan)).toEqual(plan);
});

test('no two buffers that live at once share a byte, and none lies on the weights', () => {
  for (const plan of [planOf(mnist), ...random]) {
    const { buffers, blocks, trainableSize } = plan;
    const end = blocks.slots.at(-1)! + 4 * trainableSize;
    buffers.forEach((one, i) => {
      expect(one.offset % 16).toBe(0);
      expect(one.offset).toBeGreaterThanOrEqual(end);
      expect(one.offset + bytesOf(plan, i)).toBeLessThanOrEqual(plan.bytes);
      buffers.slice(0, i).forEach((other, j) => {
        if (one.from > other.until || other.from > one.until) return;
        const apart =
          one.offset + bytesOf(plan, i) <= other.offset || other.offset + bytesOf(plan, j) <= one.offset;
        expect(apart, `${one.name} and ${other.name}`).toBe(true);
      });
    });
  }
});

test('memory is reused: it is less than the sum of the buffers', () => {
  const convolutions = Array.from({ length: 6 }, () => ['conv2d', { filters: 8, padding: 'same' }] as const);
  const head = [['flatten'], ['dense', { units: 3, activation: 'softmax' }]] as const;
  const plan = planOf(compiledChain([12, 12, 1], 3, [...convolutions, ...head]));
  const sum = plan.buffers.reduce((total, _, i) => total + bytesOf(plan, i), 0);
  const first = Math.min(...plan.buffers.map(({ offset }) => offset));
  expect(plan.bytes - first).toBeLessThan(0.9 * sum);
});

test('what runs at the same time shares no memory', () => {
  const plan = planOf(randomNetwork([7, 6, 2], 3, 1));
  const count = operationsOf(plan).length;
  const spans = Array.from({ length: count }, (_, i) => [Math.floor(i / 3), Math.floor(i / 3)] as const);
  const { buffers, bytes } = planOf(randomNetwork([7, 6, 2], 3, 1), { spans });
  expect(bytes).toBeGreaterThan(plan.bytes);
  for (const { from, until } of buffers) {
    expect(from % 3).toBe(0);
    expect(until === count - 1 || until % 3 === 2).toBe(true);
  }
});

test('every value is written before it is read, and a gradient is complete before it is used', () => {
  for (const plan of random) {
    const written = new Set([plan.input]);
    for (const operation of plan.forward) {
      const inputs = 'inputs' in operation ? operation.inputs : [operation.input];
      for (const input of inputs) expect(written).toContain(input);
      written.add(operation.output);
    }
    const used = new Set<number>();
    const gradients = new Set([plan.loss.gradient!]);
    for (const operation of plan.backward) {
      expect(gradients).toContain(operation.outputGradient);
      used.add(operation.outputGradient);
      const { inputGradient, accumulate } = operation;
      if (inputGradient === undefined) continue;
      // The first branch writes, the others add.
      expect(accumulate).toBe(gradients.has(inputGradient));
      expect(used).not.toContain(inputGradient);
      gradients.add(inputGradient);
    }
  }
});

test('buffers live from the first operation that names them to the last', () => {
  const plan = random[3]!;
  const operations = operationsOf(plan);
  plan.buffers.forEach(({ from, until }, id) => {
    const named = operations.flatMap((operation, i) => (buffersOf(operation).includes(id) ? [i] : []));
    expect(until).toBe(Math.max(...named));
    if (id !== plan.input) expect(from).toBe(Math.min(...named));
  });
});

test('weights lie side by side, statistics after what is trained', () => {
  const network = compiledChain([4, 4, 1], 3, [
    ['conv2d', { filters: 3, kernelSize: [2, 2] }],
    ['batchNormalization'],
    ['flatten'],
    ['dense', { units: 3, activation: 'softmax' }],
  ]);
  const { weights, trainableSize, weightSize } = planOf(network, { weightAlignment: 64 });
  const ends = weights.map(({ start, size }) => start + size);
  for (const [i, { start, trainable }] of weights.entries()) {
    expect(start % 64).toBe(0);
    expect(trainable ? ends[i]! <= trainableSize : start >= trainableSize).toBe(true);
  }
  expect(Math.max(...ends)).toBeLessThanOrEqual(weightSize);
});

test('a layer that has nothing to learn, nor anything before it, has no way back', () => {
  const network = compiledGraph([4, 4, 1], 3, [
    ['input', 'input', [], { shape: [4, 4, 1] }],
    ['curve', 'activation', ['input']],
    ['flat', 'flatten', ['curve']],
    ['output', 'dense', ['flat'], { units: 3, activation: 'softmax' }],
  ]);
  expect(planOf(network).backward.map(({ type }) => type)).toEqual(['denseGradient']);
  const still = compiledChain([1, 1, 3], 3, [['flatten'], ['activation', { activation: 'softmax' }]]);
  const plan = planOf(still);
  expect(plan.backward).toEqual([]);
  expect(plan.loss.gradient).toBeUndefined();
});

describe('fusions', () => {
  const image = [8, 8, 2];
  const head = [['flatten'], ['dense', { units: 3, activation: 'softmax' }]] as const;
  const typesOf = (...middle: Parameters<typeof compiledChain>[2][number][]) =>
    planOf(compiledChain(image, 3, [...middle, ...head])).forward.map(({ type }) => type);
  const convolution = ['conv2d', { filters: 4, kernelSize: [3, 3] }] as const;

  test('a convolution takes the activation and the max pooling after it along', () => {
    const network = compiledChain(image, 3, [
      convolution,
      ['activation', { activation: 'leakyRelu', negativeSlope: 0.2 }],
      ['maxPooling2d'],
      ...head,
    ]);
    const [first, second] = planOf(network).forward;
    expect(first).toMatchObject({
      type: 'convolution',
      shape: { curve: { name: 'leakyRelu', alpha: 0.2 }, window: { output: [6, 6] } },
      pooling: { window: { output: [3, 3], size: [2, 2] } },
    });
    expect(second).toMatchObject({ type: 'dense' });
  });

  test('dense layers and batch normalization take an activation along', () => {
    const relu = ['activation', { activation: 'relu' }] as const;
    expect(typesOf(convolution, ['batchNormalization'], relu)).toEqual([
      'convolution',
      'normalization',
      'dense',
    ]);
    expect(typesOf(['flatten'], ['dense', { units: 5 }], relu)).toEqual(['dense', 'dense']);
  });

  test('a curve that falls is taken along, but not the pooling after it, which would choose other values', () => {
    const scaled = (alpha: number) => ['activation', { activation: 'linear', alpha, beta: 1 }] as const;
    expect(typesOf(convolution, scaled(2), ['maxPooling2d'])).toEqual(['convolution', 'dense']);
    expect(typesOf(convolution, scaled(-2), ['maxPooling2d'])).toEqual([
      'convolution',
      'maxPooling',
      'dense',
    ]);
  });

  test('a curve whose slope its outputs do not tell stands by itself, and keeps its input for the way back', () => {
    const turned = ['activation', { activation: 'elu', alpha: -1 }] as const;
    const plan = planOf(compiledChain(image, 3, [convolution, turned, ...head]));
    const [product, curve] = plan.forward;
    expect(curve).toMatchObject({ type: 'activation', curve: { name: 'elu', alpha: -1 } });
    expect(plan.backward[1]).toMatchObject({ type: 'activationGradient', input: product!.output });
    expect(typesOf(convolution, ['activation', { activation: 'elu' }])).toEqual(['convolution', 'dense']);
  });

  test('not where the layer has an activation of its own, nor softmax, nor where the value is needed twice', () => {
    const own = ['conv2d', { filters: 4, activation: 'relu' }] as const;
    expect(typesOf(own, ['activation', { activation: 'tanh' }])).toEqual([
      'convolution',
      'activation',
      'dense',
    ]);
    expect(typesOf(convolution, ['activation', { activation: 'softmax' }])).toContain('activation');
    expect(typesOf(['conv2d', { filters: 4, activation: 'softmax' }], ['maxPooling2d'])).toContain(
      'maxPooling',
    );
    const branched = compiledGraph(image, 3, [
      ['input', 'input', [], { shape: image }],
      ['conv', 'conv2d', ['input'], { filters: 4, padding: 'same' }],
      ['pool', 'maxPooling2d', ['conv'], { poolSize: [1, 1], strides: [1, 1] }],
      ['both', 'add', ['conv', 'pool']],
      ['flat', 'flatten', ['both']],
      ['output', 'dense', ['flat'], { units: 3, activation: 'softmax' }],
    ]);
    expect(planOf(branched).forward.map(({ type }) => type)).toEqual([
      'convolution',
      'maxPooling',
      'add',
      'dense',
    ]);
  });
});

describe('places', () => {
  test('are shared by what never lives together', () => {
    const { offsets, end } = place(
      [
        { bytes: 32, from: 0, until: 1 },
        { bytes: 20, from: 1, until: 2 },
        { bytes: 32, from: 2, until: 3 },
      ],
      8,
    );
    expect(offsets).toEqual([16, 48, 16]);
    expect(end).toBe(80);
  });
});

test('a plan can be printed', () => {
  const text = printPlan(planOf(mnist));
  expect(text).toContain('  0 convolution + relu + max pooling: input, max_pooling2d, ');
  expect(text).toContain('gradient of max_pooling2d');
  expect(text).toMatch(/\n\d+ bytes$/);
});
