import { describe, expect, test } from 'vitest';
import { activation } from '../../../layers/activation';
import { identity, neverFalls, slopeNeedsInput } from '../../plan/curve';
import { TestMemory } from '../testing/memory';
import { curveKernel, derivativeKernel, isPointwise } from './curves';

const memory = new TestMemory();

interface Truth {
  readonly value: (x: number, alpha: number, beta: number) => number;
  readonly slope: (x: number, alpha: number, beta: number) => number;
  /** Largest errors from −20 to 20: of the values, and of the slopes, which are found from the values. */
  readonly errors: readonly [number, number];
  /** What the infinities become, the negative one first; for the first of `numbers`. */
  readonly ends: readonly [number, number];
  /** Alpha and beta: all cases that differ in how the slope is found. Missing: 0.7 and −0.4. */
  readonly numbers?: readonly (readonly [alpha: number, beta: number])[];
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
    numbers: [
      [0.7, 0],
      [0, 0],
      [-0.7, 0],
    ],
  },
  leakyRelu: {
    value: (x, alpha) => (x >= 0 ? x : alpha * x),
    slope: (x, alpha) => (x > 0 ? 1 : alpha),
    errors: [1e-6, 1e-7],
    ends: [-Infinity, Infinity],
    numbers: [
      [0.7, 0],
      [0, 0],
      [-0.7, 0],
    ],
  },
  thresholdedRelu: {
    value: (x, alpha) => (x >= alpha ? x : 0),
    slope: (x, alpha) => (x >= alpha ? 1 : 0),
    errors: [0, 0],
    ends: [0, Infinity],
    numbers: [
      [0.7, 0],
      [0, 0],
      [-0.7, 0],
    ],
  },
  scaledTanh: {
    value: (x, alpha, beta) => alpha * Math.tanh(beta * x),
    slope: (x, alpha, beta) => alpha * beta * (1 - Math.tanh(beta * x) ** 2),
    errors: [4e-7, 8e-7],
    ends: [0.7, -0.7],
    numbers: [
      [0.7, -0.4],
      [0, 0.5],
      [-1.7, 0.6],
    ],
  },
  hardSigmoid: {
    value: (x, alpha, beta) => Math.min(Math.max(alpha * x + beta, 0), 1),
    slope: (x, alpha, beta) => (alpha * x + beta > 0 && alpha * x + beta < 1 ? alpha : 0),
    errors: [1e-7, 1e-7],
    ends: [0, 1],
    numbers: [
      [0.2, 0.5],
      [0.7, 0],
      [0, 0.3],
      [-0.7, 1],
    ],
  },
  affine: {
    value: (x, alpha, beta) => alpha * x + beta,
    slope: (_, alpha) => alpha,
    errors: [2e-6, 1e-7],
    ends: [-Infinity, Infinity],
    numbers: [
      [0.7, -0.4],
      [0, 0.3],
      [-2, 0],
    ],
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

test('every curve but linear and softmax takes each value by itself', () => {
  const names = activation.params.activation.options.filter((name) => name !== 'linear');
  const pointwise = [...names, 'affine' as const].filter((name) => isPointwise({ name, alpha: 0, beta: 0 }));
  expect([...pointwise].sort()).toEqual(Object.keys(truths).sort());
  expect(isPointwise(identity)).toBe(false);
});

const cases = Object.entries(truths).flatMap(([name, truth]) =>
  (truth.numbers ?? [[0.7, -0.4]]).map(
    ([alpha, beta], i) => [name, alpha, beta, { ...truth, first: i === 0 }] as const,
  ),
);

describe.each(cases)('%s of %d and %d', (name, alpha, beta, { value, slope, errors, ends, first }) => {
  const curve = { name, alpha, beta } as Parameters<typeof curveKernel>[1];

  test('has the values of its definition', () => {
    const found = apply(curve, xs);
    expect(largest(found.map((y, i) => y - value(xs[i]!, alpha, beta)))).toBeLessThanOrEqual(errors[0]);
  });

  test('multiplies gradients by its slope, which is found from the outputs where they tell it', () => {
    const outputs = apply(curve, xs);
    memory.begin(2);
    const [y, gradients] = [memory.put(outputs), memory.noise(xs.length)];
    const x = slopeNeedsInput(curve) ? memory.put(xs).at : 0;
    const before = gradients.values.slice();
    memory.instantiate(derivativeKernel('run', curve))['run']!(xs.length, y.at, gradients.at, x);
    const differences = gradients.values.map(
      (g, i) => (g - before[i]! * slope(xs[i]!, alpha, beta)) / Math.max(1, Math.abs(before[i]!)),
    );
    expect(largest(differences)).toBeLessThanOrEqual(errors[1]);
    memory.expectWholeRims();
  });

  test('keeps NaN, and has its limits at the infinities', () => {
    const [nan, ...found] = apply(curve, Float32Array.of(Number.NaN, -Infinity, Infinity));
    expect(nan).toBeNaN();
    if (first) found.forEach((y, i) => expect(Object.is(y, ends[i]) ? 0 : y - ends[i]!).toBeCloseTo(0, 6));
  });

  test('may be applied in place', () => {
    const expected = apply(curve, xs);
    memory.begin(1);
    const block = memory.put(xs);
    memory.instantiate(curveKernel('run', curve))['run']!(xs.length, block.at, block.at);
    expect([...block.values]).toEqual([...expected]);
  });
});

test('a curve never falls where the plan says so, and may be chosen from before it', () => {
  for (const [name, alpha, beta] of cases) {
    const curve = { name, alpha, beta } as Parameters<typeof curveKernel>[1];
    const values = apply(curve, xs);
    // The last digit of a polynomial may fall.
    const falls = values.some((y, i) => i > 0 && y < values[i - 1]! - 1e-6);
    expect(falls, `${name} of ${alpha} and ${beta}`).toBe(!neverFalls(curve));
  }
});
