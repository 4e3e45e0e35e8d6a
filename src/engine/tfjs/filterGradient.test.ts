import { expect, test } from 'vitest';
import { initialWeights } from '../../network/weights';
import { compiledChain, examples, range } from '../testing/examples';
import { cpu } from './cpu';
import { limitFilterGradient, LOOP_LIMIT } from './filterGradient';

test('the gradient over parts of the batch is that over all of it', async () => {
  const network = compiledChain([6, 6, 1], 3, [
    ['conv2d', { filters: 4, kernelSize: [3, 3], strides: [2, 1], padding: 'same' }],
    ['flatten'],
    ['dense', { units: 3, activation: 'softmax' }],
  ]);
  const data = examples(11, [6, 6, 1], 3);
  const start = { step: 0, weights: initialWeights(network, 1), slots: {} };
  const step = async () => {
    const engine = await cpu.open({ available: true, device: '', software: false });
    const optimizer = { type: 'sgd', learningRate: 1, momentum: 0 } as const;
    const loss = 'categoricalCrossentropy';
    const trainer = await engine.createTrainer({ network, optimizer, loss, seed: 1, state: start });
    const held = trainer.allocations();
    trainer.step(data, range(0, 11));
    await trainer.metrics();
    expect(trainer.allocations()).toBe(held);
    const { weights } = await trainer.state();
    engine.dispose();
    return weights['conv2d/kernel']!;
  };
  const expected = await step();
  // 27 rounds an image: four images at a time, and three at the end.
  limitFilterGradient('cpu', 110);
  const parts = await step();
  // Less than one image: one at a time.
  limitFilterGradient('cpu', 7);
  const ones = await step();
  limitFilterGradient('cpu', LOOP_LIMIT);
  const whole = await step();
  expected.forEach((value, i) => {
    expect(parts[i]).toBeCloseTo(value, 5);
    expect(ones[i]).toBeCloseTo(value, 5);
  });
  expect(parts).not.toEqual(expected);
  expect(ones).not.toEqual(expected);
  expect(whole).toEqual(expected);
});
