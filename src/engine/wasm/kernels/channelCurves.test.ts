import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChannelCurveShape } from '../../plan/plan';
import { expectClose } from '../testing/expectClose';
import { TestMemory, type Block } from '../testing/memory';
import { seeds, size } from '../testing/shapes';
import { channelCurveKernel, channelInputKernel, channelSumsKernel } from './channelCurves';

const memory = new TestMemory();

interface Truth {
  readonly value: (x: number, alpha: number, beta: number) => number;
  /** Derivatives by x, and by alpha and beta. */
  readonly slopes: (x: number, alpha: number, beta: number) => readonly [number, ...number[]];
}

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const truths: Record<ChannelCurveShape['name'], Truth> = {
  prelu: {
    value: (x, alpha) => (x >= 0 ? x : alpha * x),
    slopes: (x, alpha) => (x > 0 ? [1, 0] : [alpha, x]),
  },
  parametricSoftplus: {
    value: (x, alpha, beta) => alpha * softplus(beta * x),
    slopes: (x, alpha, beta) => [
      alpha * beta * sigmoid(beta * x),
      softplus(beta * x),
      alpha * x * sigmoid(beta * x),
    ],
  },
};

describe.each(Object.entries(truths))('%s', (key, { value, slopes }) => {
  const name = key as ChannelCurveShape['name'];

  test('has its values, and the gradients of its input and of its weights', () =>
    fc.assert(
      fc.property(size(9), size(7), seeds, fc.boolean(), (channels, rows, seed, accumulate) => {
        memory.begin(seed);
        const shape = { name, channels, rows: 1, alpha: 0, ...(name !== 'prelu' && { beta: 0 }) };
        const noise = (count: number): Block => memory.noise(count);
        const [x, g, back, y] = [0, 1, 2, 3].map(() => noise(rows * channels)) as [
          Block,
          Block,
          Block,
          Block,
        ];
        const [alpha, beta, ofAlpha, ofBeta] = [0, 1, 2, 3].map(() => noise(channels)) as [
          Block,
          Block,
          Block,
          Block,
        ];
        // Values of relu are 0 now and then.
        x.values[0] = 0;
        const numbers = (c: number) => [alpha.values[c]!, beta.values[c]!] as const;
        const values = x.values.map((v, i) => value(v, ...numbers(i % channels)));
        const local = [...x.values].map((v, i) => slopes(v, ...numbers(i % channels)));
        const gradient = back.values.map(
          (before, i) => (accumulate ? before : 0) + g.values[i]! * local[i]![0],
        );
        const sums = [0, 1].map((weight) =>
          Float64Array.from({ length: channels }, (_, c) =>
            local.reduce(
              (sum, l, i) => sum + (i % channels === c ? g.values[i]! * (l[weight + 1] ?? 0) : 0),
              0,
            ),
          ),
        );
        const kernels = memory.instantiate(
          channelCurveKernel('forward', shape),
          channelInputKernel('input', shape, accumulate),
          channelSumsKernel('sums', shape),
        );
        kernels['forward']!(rows, x.at, y.at, alpha.at, beta.at);
        kernels['input']!(rows, x.at, g.at, back.at, alpha.at, beta.at);
        kernels['sums']!(rows, x.at, g.at, alpha.at, beta.at, ofAlpha.at, ofBeta.at);
        expectClose(y.values, values, 'values', 2e-6);
        expectClose(back.values, gradient, 'gradient of the input', 4e-6);
        expectClose(ofAlpha.values, sums[0]!, 'gradient of alpha', 1e-5);
        if (name !== 'prelu') expectClose(ofBeta.values, sums[1]!, 'gradient of beta', 1e-5);
        memory.expectWholeRims();
      }),
      { numRuns: 150 },
    ));

  test('keeps NaN', () => {
    memory.begin(1);
    const [x, y, numbers] = [memory.put([Number.NaN]), memory.room(1), memory.put([1])];
    const shape = { name, channels: 1, rows: 1, alpha: 0, beta: 0 };
    memory.instantiate(channelCurveKernel('run', shape))['run']!(1, x.at, y.at, numbers.at, numbers.at);
    expect(y.values[0]).toBeNaN();
  });
});
