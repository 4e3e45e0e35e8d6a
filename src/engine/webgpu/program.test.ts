import { describe, expect, test } from 'vitest';
import { lenet } from '../../network/templates/lenet';
import { makePlan } from '../plan/makePlan';
import { compiled, compiledChain } from '../testing/examples';
import { randomNetwork } from '../testing/networks';
import { emulated, hardware } from './kernels/tile';
import { moduleText } from './kernels/text';
import { makeProgram } from './program';

const sgd = { type: 'sgd', learningRate: 0.1, momentum: 0 } as const;
const programOf = (network: ReturnType<typeof compiled>, model = hardware, most = 2 ** 28) =>
  makeProgram(
    makePlan({
      network,
      loss: 'categoricalCrossentropy',
      batch: 128,
      slots: 0,
      reserved: 0,
      weightAlignment: 64,
    }),
    sgd,
    model,
    most,
  );
const mnist = compiled(lenet.build(), [28, 28, 1], 10);

test('a step of LeNet is ten kernels after the batch is gathered', () => {
  for (const model of [hardware, emulated])
    expect(programOf(mnist, model).kernels.train.map(({ name }) => name)).toEqual([
      'convolution, pooled',
      'convolution, pooled',
      'dense',
      'dense',
      'loss',
      'dense gradient',
      'dense gradient',
      'convolution gradient',
      'convolution gradient',
      'update',
    ]);
});

test('evaluation computes what a step computes forward, with the same texts where nothing depends on training', () => {
  const { train, evaluate, predict } = programOf(mnist).kernels;
  expect(evaluate.map(moduleText)).toEqual(train.slice(0, 5).map(moduleText));
  expect(predict.map(({ name }) => name)).toEqual([...train.slice(0, 4).map(({ name }) => name), 'softmax']);
});

test('a device with many cores gets more workgroups than one with two', () => {
  const busiest = (model: typeof hardware): number =>
    Math.min(
      ...programOf(mnist, model)
        .kernels.train.slice(5, 9)
        .map((kernel) => kernel.workgroups(128)),
    );
  expect(busiest(hardware)).toBeGreaterThan(20);
  expect(busiest(emulated)).toBeLessThanOrEqual(16);
});

test('the same plan has the same kernels', () => {
  const network = randomNetwork([7, 6, 2], 3, 5);
  const texts = () => programOf(network).kernels.train.map(moduleText);
  expect(texts()).toEqual(texts());
});

describe('a pooling', () => {
  const names = (poolSize: number[], strides: number[]) =>
    programOf(
      compiledChain([9, 9, 2], 3, [
        ['conv2d', { filters: 4, kernelSize: [2, 2] }],
        ['maxPooling2d', { poolSize, strides }],
        ['flatten'],
        ['dense', { units: 3, activation: 'softmax' }],
      ]),
    ).kernels.evaluate.map(({ name }) => name);

  test('is part of the convolution where its windows are rows of one thread', () => {
    for (const size of [
      [2, 2],
      [4, 1],
      [1, 2],
      [1, 1],
    ])
      expect(names(size, [4, 4])[0]).toBe('convolution, pooled');
  });

  test('comes after it where they are not, or overlap', () => {
    expect(names([3, 3], [3, 3]).slice(0, 2)).toEqual(['convolution', 'max pooling']);
    expect(names([2, 2], [1, 1]).slice(0, 2)).toEqual(['convolution', 'max pooling']);
  });
});

describe('the table of pages', () => {
  /** Adds up a gradient as the kernel does: each number of the table is a place in the gradients. */
  const placesOf = (most: number) => {
    const program = programOf(mnist, hardware, most);
    const updates = program.kernels.train.filter(({ name }) => name === 'update');
    const places = new Map<number, readonly number[]>();
    for (const { bindings } of updates) {
      const [pages, gradients, weights] = ['pages', 'gradients', 'weights'].map(
        (name) => bindings[name]!.resource as { start: number; size: number },
      );
      for (let page = 0; page < weights!.size / 64; page++) {
        const [first, stride, parts] = program.pages.subarray(pages!.start + 4 * page);
        const all = Array.from({ length: parts! }, (_, i) => gradients!.start + first! + i * stride!);
        for (const place of all) expect(place + 64).toBeLessThanOrEqual(gradients!.start + gradients!.size);
        places.set(weights!.start + 64 * page, all);
      }
    }
    return { program, updates, places };
  };

  test('finds the parts of every trained weight’s gradient, each once', () => {
    const { program, places } = placesOf(2 ** 28);
    const all = [...places.values()].flat();
    expect(new Set(all).size).toBe(all.length);
    expect(all.length * 64).toBe(program.gradientSize);
    for (const { start, size } of program.plan.weights)
      for (let at = start; at < start + size; at += 64) expect(places.get(at)!.length).toBeGreaterThan(0);
  });

  test('is cut where bindings must be small, and says the same', () => {
    const { updates, places } = placesOf(600_000);
    expect(updates.length).toBeGreaterThan(1);
    expect(places).toEqual(placesOf(2 ** 28).places);
  });
});
