import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DenseShape } from '../../plan/plan';
import { expectClose } from '../testing/expectClose';
import { TestMemory } from '../testing/memory';
import { fromPanels, panelsSize, toPanels } from '../testing/panels';
import { seeds, size } from '../testing/shapes';
import { targets } from '../testing/targets';
import {
  denseInputKernel,
  denseInputScratch,
  denseKernel,
  denseUpdateKernel,
  denseUpdateScratch,
} from './dense';
import { scalarsOf, type OptimizerKind } from './optimizers';

const memory = new TestMemory();
const sgd = { type: 'sgd', learningRate: 1, momentum: 0 } as const;

/** A layer, the rows of a batch, and numbers that cut the work. */
const cases = fc.record({
  shape: fc
    .record({ inputs: size(45), units: size(26), bias: fc.boolean(), relu: fc.boolean() })
    .map(({ inputs, units, bias, relu }): DenseShape => ({
      ...{ inputs, units, kernel: 0 },
      ...(bias && { bias: 0 }),
      curve: { name: relu ? 'relu' : 'linear', alpha: 0, beta: 0 },
    })),
  rows: size(20),
  seed: seeds,
});
type Case = typeof cases extends fc.Arbitrary<infer C> ? C : never;
const check = (predicate: (drawn: Case) => void): void =>
  fc.assert(fc.property(cases, predicate), { numRuns: 60 });

const panelsOf = (columns: number): number => Math.ceil(columns / 8);
const products = (
  rows: number,
  columns: number,
  depth: number,
  term: (i: number, j: number, k: number) => number,
) =>
  Float64Array.from({ length: rows * columns }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < depth; k++) sum += term(Math.floor(at / columns), at % columns, k);
    return sum;
  });

describe.each(targets)('a dense layer with %s', (_, target) => {
  /** Weights and their panels. */
  function begin({ shape: { inputs, units, bias }, rows, seed }: Case) {
    memory.begin(seed);
    const matrix = { rows: inputs, columns: units };
    const [kernel, biases] = [memory.whole(inputs * units).values, memory.whole(units).values];
    return {
      ...{ matrix, kernel, biases },
      panels: memory.put(toPanels(kernel, matrix)),
      biasPanels: bias === undefined ? undefined : memory.put(toPanels(biases, { rows: 1, columns: units })),
      input: memory.whole(rows * inputs),
      gradient: memory.whole(rows * units),
    };
  }

  test('multiplies, adds its bias and applies relu, whatever panels are asked for at once', () =>
    check((drawn) => {
      const { shape, rows } = drawn;
      const { inputs, units, bias, curve } = shape;
      const { kernel, biases, input, panels, biasPanels } = begin(drawn);
      const output = memory.room(rows * units);
      const { dense } = memory.instantiate(denseKernel('dense', shape, target));
      const parts = [0, memory.below(panelsOf(units) + 1), panelsOf(units)] as const;
      for (const [from, to] of [parts.slice(0, 2), parts.slice(1)])
        dense!(rows, input.at, output.at, panels.at, biasPanels?.at ?? 0, from!, to!);
      const expected = products(
        ...([rows, units, inputs] as const),
        (row, unit, k) => input.values[row * inputs + k]! * kernel[k * units + unit]!,
      ).map((sum, i) => sum + (bias === undefined ? 0 : biases[i % units]!));
      const curved = expected.map((sum) => (curve.name === 'relu' ? Math.max(sum, 0) : sum));
      expectClose(output.values, curved, 'outputs');
      memory.expectWholeRims();
    }));

  test('lets a NaN through its relu', () => {
    const shape = { inputs: 3, units: 5, kernel: 0, curve: { name: 'relu', alpha: 0, beta: 0 } } as const;
    const { input, panels } = begin({ shape, rows: 2, seed: 1 });
    input.values[3] = Number.NaN;
    const output = memory.room(10);
    memory.instantiate(denseKernel('dense', shape, target))['dense']!(
      2,
      input.at,
      output.at,
      panels.at,
      0,
      0,
      1,
    );
    expect([...output.values].map(Number.isNaN)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1].map(Boolean));
  });

  for (const accumulate of [false, true])
    test(`${accumulate ? 'adds' : 'writes'} the gradient of its input`, () =>
      check((drawn) => {
        const { shape, rows } = drawn;
        const { inputs, units } = shape;
        const { kernel, gradient, panels } = begin(drawn);
        const back = accumulate ? memory.whole(rows * inputs) : memory.room(rows * inputs);
        const before = back.values.slice();
        const scratch = memory.room(denseInputScratch(shape) / 4);
        const { run } = memory.instantiate(denseInputKernel('run', shape, accumulate, target));
        const parts = [0, memory.below(panelsOf(inputs) + 1), panelsOf(inputs)] as const;
        for (const [from, to] of [parts.slice(1), parts.slice(0, 2)])
          run!(rows, gradient.at, back.at, panels.at, scratch.at, from!, to!);
        const expected = products(
          ...([rows, inputs, units] as const),
          (row, input, k) => gradient.values[row * units + k]! * kernel[input * units + k]!,
        ).map((sum, i) => sum + (accumulate ? before[i]! : 0));
        expectClose(back.values, expected, 'gradient of the input');
        memory.expectWholeRims();
      }));

  /** Runs the update of all panels, each in two parts of its rows. */
  function update(drawn: Case, kind: OptimizerKind, scalars: readonly number[]) {
    const { shape, rows } = drawn;
    const { inputs, units, bias } = shape;
    const { matrix, input, gradient, panels, biasPanels, ...given } = begin(drawn);
    const slots = [0, 1].map(() => memory.zeros(panelsSize(matrix)));
    const biasSlots = [0, 1].map(() => memory.zeros(panelsSize({ rows: 1, columns: units })));
    const scratch = memory.room(denseUpdateScratch(rows) / 4);
    const { run } = memory.instantiate(denseUpdateKernel('run', shape, kind, target));
    const cut = memory.below(inputs) + 1;
    for (let panel = 0; panel < panelsOf(units); panel++)
      for (const [from, to] of [
        [0, cut],
        [cut, inputs],
      ] as const)
        run!(
          ...[rows, input.at, gradient.at, scratch.at],
          ...[panels.at, ...slots.map(({ at }) => at)],
          ...(biasPanels ? [biasPanels.at, ...biasSlots.map(({ at }) => at)] : [0, 0, 0]),
          ...[panel, from, to, ...scalars],
        );
    memory.expectWholeRims();
    const sums = products(
      ...([inputs, units, rows] as const),
      (i, unit, k) => input.values[k * inputs + i]! * gradient.values[k * units + unit]!,
    );
    const biasSums = products(1, units, rows, (_row, unit, k) => gradient.values[k * units + unit]!);
    return {
      ...{ ...given, bias, sums, biasSums },
      kernelAfter: fromPanels(panels.values, matrix),
      biasAfter: biasPanels && fromPanels(biasPanels.values, { rows: 1, columns: units }),
    };
  }

  test('takes the gradients of its kernel and its bias, summed over the batch, from its weights', () =>
    check((drawn) => {
      const { kernel, biases, sums, biasSums, kernelAfter, biasAfter } = update(
        drawn,
        'sgd',
        scalarsOf(sgd, 1),
      );
      expectClose(
        kernelAfter,
        kernel.map((value, i) => value - sums[i]!),
        'kernel',
      );
      if (biasAfter)
        expectClose(
          biasAfter,
          biases.map((value, i) => value - biasSums[i]!),
          'bias',
        );
    }));

  test('moves kernel and bias as Adam does', () =>
    check((drawn) => {
      const adam = { type: 'adam', learningRate: 0.5, beta1: 0.9, beta2: 0.99, epsilon: 0.01 } as const;
      const { kernel, biases, sums, biasSums, kernelAfter, biasAfter } = update(
        drawn,
        'adam',
        scalarsOf(adam, 1),
      );
      // In the first step m / (1 − β₁) is the gradient, and v / (1 − β₂) its square.
      const moved = (value: number, g: number): number =>
        value - (0.5 * g) / (Math.abs(g) + 0.01 / Math.sqrt(1 - 0.99));
      expectClose(
        kernelAfter,
        kernel.map((value, i) => moved(value, sums[i]!)),
        'kernel',
        1e-6,
      );
      if (biasAfter)
        expectClose(
          biasAfter,
          biases.map((value, i) => moved(value, biasSums[i]!)),
          'bias',
          1e-6,
        );
    }));
});
