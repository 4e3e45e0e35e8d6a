import { describe, expect, test } from 'vitest';
import { activations } from '../../../layers/activations';
import type { Curve } from '../../plan/plan';
import { TestMemory } from '../testing/memory';
import { curveKernel, derivativeKernel, isPointwise } from './curves';

const memory = new TestMemory();

interface Truth {
  readonly value: (x: number, alpha: number) => number;
  readonly slope: (x: number, alpha: number) => number;
  /** Largest errors from −20 to 20: of the values, and of the slopes, which are found from the values. */
  readonly errors: readonly [number, number];
  /** What the infinities become, the negative one first. */
  readonly ends: readonly [number, number];
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const truths: Record<string, Truth> = {
  relu: {
    value: (x) => Math.max(x, 0),
    slope: (x) => (x > 0 ? 1 : 0),
    errors: [0, 0],
    ends: [0, Infinity],
  },
  sigmoid: {
    value: sigmoid,
    slope: (x) => sigmoid(x) * sigmoid(-x),
    errors: [2e-7, 2e-7],
    ends: [0, 1],
  },
  tanh: { value: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2, errors: [2e-7, 4e-7], ends: [-1, 1] },
  elu: {
    value: (x, alpha) => (x >= 0 ? x : alpha * Math.expm1(x)),
    slope: (x, alpha) => (x > 0 ? 1 : alpha * Math.exp(x)),
    errors: [2e-7, 2e-7],
    ends: [-0.7, Infinity],
  },
  leakyRelu: {
    value: (x, alpha) => (x >= 0 ? x : alpha * x),
    slope: (x, alpha) => (x > 0 ? 1 : alpha),
    errors: [1e-6, 1e-7],
    ends: [-Infinity, Infinity],
  },
  softplus: {
    value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    slope: sigmoid,
    errors: [2e-6, 2e-7],
    ends: [0, Infinity],
  },
  softsign: {
    value: (x) => x / (1 + Math.abs(x)),
    slope: (x) => 1 / (1 + Math.abs(x)) ** 2,
    errors: [1e-7, 2e-7],
    ends: [Number.NaN, Number.NaN],
  },
};

/** Numbers close together around 0, where curves bend, and further apart to both sides; 4,003 of them. */
const xs = Float32Array.from(
  { length: 4003 },
  (_, i) => 20 * ((i - 2001) / 2001) * Math.abs((i - 2001) / 2001),
);

function apply(curve: Parameters<typeof curveKernel>[1], values: Float32Array): Float32Array {
  memory.begin(1);
  const [from, to] = [memory.put(values), memory.room(values.length)];
  memory.instantiate(curveKernel('run', curve))['run']!(values.length, from.at, to.at);
  memory.expectWholeRims();
  return to.values.slice();
}

const largest = (values: Iterable<number>): number => Math.max(...[...values].map(Math.abs));

test('every activation but linear and softmax is a curve that takes each value by itself', () => {
  const names: readonly Curve['name'][] = [...activations, 'leakyRelu'];
  const pointwise = names.filter((name) => isPointwise({ name, alpha: 0 }));
  expect([...pointwise].sort()).toEqual(Object.keys(truths).sort());
});

describe.each(Object.entries(truths))('%s', (name, { value, slope, errors, ends }) => {
  const alpha = 0.7;
  const curve = { name, alpha } as Parameters<typeof curveKernel>[1];

  test('has the values of its definition', () => {
    const found = apply(curve, xs);
    expect(largest(found.map((y, i) => y - value(xs[i]!, alpha)))).toBeLessThanOrEqual(errors[0]);
  });

  test('multiplies gradients by its slope, which is found from the outputs', () => {
    const outputs = apply(curve, xs);
    memory.begin(2);
    const [y, gradients] = [memory.put(outputs), memory.noise(xs.length)];
    const before = gradients.values.slice();
    memory.instantiate(derivativeKernel('run', curve))['run']!(xs.length, y.at, gradients.at);
    const differences = gradients.values.map(
      (g, i) => (g - before[i]! * slope(xs[i]!, alpha)) / Math.max(1, Math.abs(before[i]!)),
    );
    expect(largest(differences)).toBeLessThanOrEqual(errors[1]);
    memory.expectWholeRims();
  });

  test('keeps NaN, and has its limits at the infinities', () => {
    const [nan, ...found] = apply(curve, Float32Array.of(Number.NaN, -Infinity, Infinity));
    expect(nan).toBeNaN();
    found.forEach((y, i) => expect(Object.is(y, ends[i]) ? 0 : y - ends[i]!).toBeCloseTo(0, 6));
  });

  test('may be applied in place', () => {
    const expected = apply(curve, xs);
    memory.begin(1);
    const block = memory.put(xs);
    memory.instantiate(curveKernel('run', curve))['run']!(xs.length, block.at, block.at);
    expect([...block.values]).toEqual([...expected]);
  });
});
