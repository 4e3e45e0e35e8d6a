import { describe, expect, test } from 'vitest';
import type { OptimizerSettings } from '../../engine';
import { slotNames } from '../../optimizer';
import { expectClose } from '../testing/expectClose';
import { TestMemory } from '../testing/memory';
import { kindOf, scalarsOf, updateKernel } from './optimizers';

const memory = new TestMemory();
const settings: Record<string, OptimizerSettings> = {
  adam: { type: 'adam', learningRate: 0.02, beta1: 0.9, beta2: 0.99, epsilon: 1e-3 },
  sgd: { type: 'sgd', learningRate: 0.1, momentum: 0 },
  momentum: { type: 'sgd', learningRate: 0.1, momentum: 0.8 },
};

/** One step of Keras's formulas on one weight and its slots, in double precision. */
function move(optimizer: OptimizerSettings, step: number, state: [number, number, number], g: number): void {
  if (optimizer.type === 'sgd') {
    state[1] = optimizer.momentum * state[1] - optimizer.learningRate * g;
    state[0] += state[1];
    return;
  }
  const { learningRate, beta1, beta2, epsilon } = optimizer;
  state[1] = beta1 * state[1] + (1 - beta1) * g;
  state[2] = beta2 * state[2] + (1 - beta2) * g * g;
  const rate = (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
  state[0] -= (rate * state[1]) / (Math.sqrt(state[2]) + epsilon);
}

describe.each(Object.entries(settings))('%s', (kind, optimizer) => {
  test('is recognized by its settings', () => expect(kindOf(optimizer)).toBe(kind));

  test('moves weights over several steps as Keras does', () => {
    const count = 12;
    memory.begin(3);
    const [weights, first, second] = [memory.noise(count), memory.zeros(count), memory.zeros(count)];
    const expected = Array.from(weights.values, (value): [number, number, number] => [value, 0, 0]);
    const { run } = memory.instantiate(updateKernel('run', kindOf(optimizer)));
    for (let step = 1; step <= 5; step++) {
      const gradients = memory.noise(count);
      run!(count, gradients.at, weights.at, first.at, second.at, ...scalarsOf(optimizer, step));
      gradients.values.forEach((g, i) => move(optimizer, step, expected[i]!, g));
    }
    [weights, first, second].slice(0, 1 + slotNames(optimizer).length).forEach(({ values }, i) =>
      expectClose(
        values,
        expected.map((state) => state[i]!),
        ['weights', 'first', 'second'][i]!,
        1e-6,
      ),
    );
    memory.expectWholeRims();
  });
});

test('slots that an optimizer does not have are left alone', () => {
  memory.begin(4);
  const [gradients, weights, slot] = [memory.noise(4), memory.noise(4), memory.noise(4)];
  const before = slot.values.slice();
  const { sgd, momentum } = memory.instantiate(
    updateKernel('sgd', 'sgd'),
    updateKernel('momentum', 'momentum'),
  );
  sgd!(4, gradients.at, weights.at, slot.at, slot.at, ...scalarsOf(settings['sgd']!, 1));
  const other = memory.zeros(4);
  momentum!(4, gradients.at, weights.at, other.at, slot.at, ...scalarsOf(settings['momentum']!, 1));
  expect([...slot.values]).toEqual([...before]);
});
