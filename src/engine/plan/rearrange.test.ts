/** What layers that rearrange values become: as few axes as do, and nothing where values stay where they are. */
import { describe, expect, test } from 'vitest';
import type { ParamValues } from '../../core/params';
import { sizeOf, type Shape } from '../../core/shape';
import type { LayerKind } from '../../layers';
import { compiledChain } from '../testing/examples';
import { freeze } from '../testing/networks';
import { makePlan } from './makePlan';
import type { Plan, WalkedAxis } from './plan';

type Step = readonly [LayerKind, ParamValues?];
const head: readonly Step[] = [['flatten'], ['dense', { units: 3, activation: 'softmax' }]];

const planOf = (image: Shape, steps: readonly Step[], input?: ParamValues): Plan =>
  makePlan({
    network: compiledChain(image, 3, steps, input),
    loss: 'categoricalCrossentropy',
    batch: 2,
    slots: 0,
    reserved: 0,
  });

function walksOf(image: Shape, ...steps: readonly Step[]): readonly (readonly WalkedAxis[])[] {
  return planOf(image, [...steps, ...head]).forward.flatMap((operation) =>
    operation.type === 'rearrangement' ? [operation.axes] : [],
  );
}

/** The input's value that each output is, by its number; −1 where it is zero. */
function sourcesOf(axes: readonly WalkedAxis[]): number[] {
  return axes.reduce<number[]>(
    (sources, { count, stride, before, inside }) =>
      sources.flatMap((source) =>
        Array.from({ length: count }, (_, i) =>
          source < 0 || i < before || i >= before + inside ? -1 : source + (i - before) * stride,
        ),
      ),
    [0],
  );
}

/** Rows of an image of this shape, its values being their numbers. */
const valueOf = ([, width, channels]: Shape, y: number, x: number, c: number): number =>
  (y * width! + x) * channels! + c;

function expectSources(
  axes: readonly WalkedAxis[],
  [height, width, channels]: Shape,
  source: (y: number, x: number, c: number) => number,
): void {
  const expected: number[] = [];
  for (let y = 0; y < height!; y++)
    for (let x = 0; x < width!; x++) for (let c = 0; c < channels!; c++) expected.push(source(y, x, c));
  expect(sourcesOf(axes)).toEqual(expected);
}

const image = [4, 3, 2];

describe('a rearrangement', () => {
  test('of dimensions takes each value from where they say', () => {
    const [axes] = walksOf(image, ['permute', { dims: [3, 1, 2] }]);
    expectSources(axes!, [2, 4, 3], (c, y, x) => valueOf(image, y, x, c));
  });

  test('that changes no dimension is one walk from the first to the last', () => {
    expect(walksOf(image, ['permute', { dims: [1, 2, 3] }])).toEqual([
      [{ count: 24, stride: 1, before: 0, inside: 24 }],
    ]);
  });

  test('channel by channel lays the channels out one after the other', () => {
    const [axes] = walksOf(image, ['flatten', { order: 'channelsFirst' }]);
    expectSources(axes!, [2, 4, 3], (c, y, x) => valueOf(image, y, x, c));
    // Rows follow each other, so height and width are one axis.
    expect(axes).toHaveLength(2);
  });

  test('puts zeros around an image', () => {
    const [axes] = walksOf(image, ['zeroPadding2d', { padding: [1, 2, 0, 1] }]);
    expectSources(axes!, [7, 4, 2], (y, x, c) =>
      y < 1 || y > 4 || x > 2 ? -1 : valueOf(image, y - 1, x, c),
    );
  });

  test('repeats pixels', () => {
    const [axes] = walksOf(image, ['upSampling2d', { size: [2, 3] }]);
    expectSources(axes!, [8, 9, 2], (y, x, c) => valueOf(image, Math.floor(y / 2), Math.floor(x / 3), c));
  });

  test('from one image to another channel by channel takes two walks, there and back', () => {
    const reshaped: Step = ['reshape', { targetShape: [3, 2, 4], order: 'channelsFirst' }];
    const [first, second] = walksOf(image, reshaped);
    const middle = sourcesOf(first!);
    // The value's number in both orders, channel by channel.
    expect(sourcesOf(second!).map((place) => middle[place])).toEqual(
      Array.from({ length: 24 }, (_, i) => {
        const [c, y, x] = [i % 4, Math.floor(i / 8), Math.floor(i / 4) % 2];
        const number = (c * 3 + y) * 2 + x;
        return valueOf(image, Math.floor(number / 3) % 4, number % 3, Math.floor(number / 12));
      }),
    );
    const conv: Step = ['conv2d', { filters: 2, kernelSize: [1, 1] }];
    const plan = planOf(image, [conv, reshaped, ...head]);
    expect(plan.backward.map(({ type }) => type)).toEqual([
      'denseGradient',
      'rearrangementGradient',
      'rearrangementGradient',
      'convolutionGradient',
    ]);
  });

  test('of values that stay where they are is none', () => {
    expect(walksOf(image, ['flatten'], ['reshape', { targetShape: [2, 3, 4] }])).toEqual([]);
    const flat = planOf(image, [['flatten', { order: 'channelsFirst' }], head[1]!], {
      form: 'vector',
      size: sizeOf(image),
    });
    expect(flat.forward.map(({ type }) => type)).toEqual(['dense']);
  });
});

describe('an embedding', () => {
  const steps: readonly Step[] = [
    ['flatten'],
    ['dense', { units: 1 }],
    ['embedding', { inputDim: 4, outputDim: 3 }],
    ['dense', { units: 3, activation: 'softmax' }],
  ];

  test('ends the way back: what comes before an index learns nothing', () => {
    expect(planOf(image, steps).backward.map(({ type }) => type)).toEqual([
      'denseGradient',
      'embeddingGradient',
    ]);
  });

  test('that is frozen has no way back at all where nothing after it learns', () => {
    const network = freeze(compiledChain(image, 3, steps), ['embedding', 'dense_1']);
    const plan = makePlan({ network, loss: 'categoricalCrossentropy', batch: 2, slots: 0, reserved: 0 });
    expect(plan.backward).toEqual([]);
    expect(plan.loss.gradient).toBeUndefined();
  });
});
