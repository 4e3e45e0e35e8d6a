/** Tests of the arithmetic of the rarer layers against numbers worked out by hand. */
import { describe, expect, it } from 'vitest';
import { runModel } from './compute';
import { convolution, floats, layer, plainModel, pooling } from './testing/samples';
import type { Convolution, LayerBody, Pooling } from './types';

/** Runs one layer on an array of the given shape. */
function run(shape: number[], values: number[], body: LayerBody): number[] {
  return [...(runModel(plainModel(shape, [layer('out', ['in'], body)]), values).outputs.out ?? [])];
}

/** The shape of the result and its numbers. */
function runShaped(shape: number[], values: number[], body: LayerBody): [string, number[]] {
  const blob = runModel(plainModel(shape, [layer('out', ['in'], body)]), values).blobs.get('out')!;
  return [[blob.channels, blob.height, blob.width].join(' x '), [...blob.data]];
}

const COUNT_TO_SIX = [1, 2, 3, 4, 5, 6];

describe('deconvolution', () => {
  const row = (changes: Partial<Convolution>) =>
    convolution({
      isDeconvolution: true,
      kernelSize: [1, 3],
      stride: [1, 2],
      weights: floats([1, 10, 100]),
      ...changes,
    });

  it('lays the kernel, times each number, over the output and sums what overlaps', () => {
    // 1 * [1 10 100] at 0, 2 * [1 10 100] at 2
    expect(run([1, 1, 2], [1, 2], row({}))).toEqual([1, 10, 102, 20, 200]);
    expect(runShaped([1, 1, 1], [5], convolution({ isDeconvolution: true }))).toEqual([
      '1 x 2 x 2',
      [5, 10, 15, 20],
    ]);
  });

  it('gives stride times the input with same padding, the odd one cut at the end or at the start', () => {
    const same = (asymmetry: number) => row({ padding: { mode: 'same', asymmetry } });
    expect(run([1, 1, 2], [1, 2], same(0))).toEqual([1, 10, 102, 20]);
    expect(run([1, 1, 2], [1, 2], same(1))).toEqual([10, 102, 20, 200]);
  });

  it('leaves places that no kernel reaches at the bias', () => {
    const wide = row({
      stride: [1, 4],
      padding: { mode: 'same', asymmetry: 0 },
      hasBias: true,
      bias: floats([7]),
    });
    expect(run([1, 1, 2], [1, 2], wide)).toEqual([8, 17, 107, 7, 9, 27, 207, 7]);
  });

  it('cuts the amounts given, and takes a given output size before them', () => {
    const amounts = [
      { start: 0, end: 0 },
      { start: 1, end: 1 },
    ];
    expect(run([1, 1, 2], [1, 2], row({ padding: { mode: 'valid', amounts } }))).toEqual([10, 102, 20]);
    expect(run([1, 1, 2], [1, 2], row({ outputShape: [1, 4] }))).toEqual([1, 10, 102, 20]);
    expect(run([1, 1, 2], [1, 2], row({ padding: { mode: 'valid', amounts }, outputShape: [1, 3] }))).toEqual(
      [10, 102, 20],
    );
  });

  it('reads weights as input, output in its group, row, column', () => {
    const dot = { isDeconvolution: true, kernelSize: [1, 1], outputChannels: 2, kernelChannels: 2 };
    const full = convolution({
      ...dot,
      weights: floats([1, 2, 3, 4]),
      hasBias: true,
      bias: floats([0.5, 0]),
    });
    expect(run([2, 1, 1], [1, 10], full)).toEqual([31.5, 42]);
    expect(run([2, 1, 1], [3, 4], convolution({ ...dot, groups: 2, weights: floats([10, 100]) }))).toEqual([
      30, 400,
    ]);
  });
});

describe('windows', () => {
  it('reach further with dilation under same padding', () => {
    const body = convolution({
      kernelSize: [1, 2],
      dilation: [1, 2],
      weights: floats([1, 10]),
      padding: { mode: 'same', asymmetry: 0 },
    });
    expect(run([1, 1, 3], [1, 2, 3], body)).toEqual([20, 31, 2]);
  });

  it('give the root of the sum of squares with L2 pooling, and take all of a channel when global', () => {
    expect(run([1, 1, 4], [3, 4, 6, 8], pooling({ type: 2, kernelSize: [1, 2] }))).toEqual([5, 10]);
    expect(run([1, 1, 3], [2, 3, 6], pooling({ type: 2, global: true }))).toEqual([7]);
    expect(run([1, 2, 2], [-4, -3, -2, -5], pooling({ global: true }))).toEqual([-2]);
  });

  it('take explicit amounts in pooling, counted into an average or not', () => {
    const amounts = [
      { start: 0, end: 0 },
      { start: 1, end: 0 },
    ];
    const body = pooling({ type: 1, kernelSize: [1, 2], padding: { mode: 'valid', amounts } });
    expect(run([1, 1, 1], [6], body)).toEqual([3]);
    expect(run([1, 1, 1], [6], { ...body, averageExcludesPadding: true })).toEqual([6]);
    expect(run([1, 1, 1], [-6], { ...body, type: 0 })).toEqual([-6]);
  });

  it('go on until the last pixel where the file says so', () => {
    const last = (changes: Partial<Pooling>, amounts: number[] = []) =>
      pooling({ kernelSize: [1, 3], padding: { mode: 'includeLastPixel', amounts }, ...changes });
    // Windows [1 2 3] and [3 4], of which the last place is not even padding.
    expect(run([1, 1, 4], [1, 2, 3, 4], last({}))).toEqual([3, 4]);
    expect(run([1, 1, 4], [1, 2, 3, 4], last({ type: 1 }))).toEqual([2, 3.5]);
    // Padded by 1: windows [0 1 2], [2 3 4] and [4 0].
    expect(run([1, 1, 4], [1, 2, 3, 4], last({ type: 1 }, [0, 1]))).toEqual([1, 3, 2]);
    expect(run([1, 1, 4], [1, 2, 3, 4], last({ type: 1, averageExcludesPadding: true }, [0, 1]))).toEqual([
      1.5, 3, 4,
    ]);
    // ceil((3 + 2 - 2) / 2) + 1 = 3 windows, but the third would start in the padding at the end.
    expect(run([1, 1, 3], [1, 2, 3], last({ kernelSize: [1, 2] }, [0, 1]))).toEqual([1, 3]);
  });
});

describe('layers that move numbers', () => {
  const twoRows = [2, 1, 3]; // channels [1 2 3] and [4 5 6]

  it('permute: axis i of the output is axis axis[i] of the input', () => {
    const permute = (axis: number[]) => runShaped(twoRows, COUNT_TO_SIX, { kind: 'permute', axis });
    expect(permute([0, 1, 2, 3])).toEqual(['2 x 1 x 3', COUNT_TO_SIX]);
    expect(permute([0, 3, 1, 2])).toEqual(['3 x 2 x 1', [1, 4, 2, 5, 3, 6]]);
    expect(permute([0, 2, 3, 1])).toEqual(['1 x 3 x 2', [1, 4, 2, 5, 3, 6]]);
    expect(permute([2, 3, 1, 0])).toEqual(['3 x 2 x 1', [1, 4, 2, 5, 3, 6]]);
    expect(() => permute([1, 0, 2, 3])).toThrow(/2 sequences/);
  });

  it('reshape: in the order of memory, or walking channels last in and out', () => {
    const reshape = (targetShape: number[], mode: number) =>
      runShaped(twoRows, COUNT_TO_SIX, { kind: 'reshape', targetShape, mode });
    expect(reshape([3, 2, 1], 0)).toEqual(['3 x 2 x 1', COUNT_TO_SIX]);
    // Walked as 1 4 2 5 3 6: the first row gets 1 4 2 as its channels, the second 5 3 6.
    expect(reshape([3, 2, 1], 1)).toEqual(['3 x 2 x 1', [1, 5, 4, 3, 2, 6]]);
    expect(reshape([1, 3, 2, 1], 1)).toEqual(reshape([3, 2, 1], 1));
  });

  it('pad as in the example of the public description', () => {
    const picture = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    const border = { start: 2, end: 0 };
    const pad = (padding: Extract<LayerBody, { kind: 'padding' }>['padding'], amounts = [border, border]) =>
      run([1, 3, 4], picture, { kind: 'padding', padding, amounts });
    const rows = (values: number[]) => [0, 1, 2, 3, 4].map((row) => values.slice(6 * row, 6 * row + 6));
    expect(rows(pad({ mode: 'constant', value: 0.5 }))).toEqual([
      [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
      [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
      [0.5, 0.5, 1, 2, 3, 4],
      [0.5, 0.5, 5, 6, 7, 8],
      [0.5, 0.5, 9, 10, 11, 12],
    ]);
    expect(rows(pad({ mode: 'reflection' }))).toEqual([
      [11, 10, 9, 10, 11, 12],
      [7, 6, 5, 6, 7, 8],
      [3, 2, 1, 2, 3, 4],
      [7, 6, 5, 6, 7, 8],
      [11, 10, 9, 10, 11, 12],
    ]);
    expect(rows(pad({ mode: 'replication' }))).toEqual([
      [1, 1, 1, 2, 3, 4],
      [1, 1, 1, 2, 3, 4],
      [1, 1, 1, 2, 3, 4],
      [5, 5, 5, 6, 7, 8],
      [9, 9, 9, 10, 11, 12],
    ]);
    const ends = [
      { start: 0, end: 0 },
      { start: 0, end: 2 },
    ];
    expect(pad({ mode: 'reflection' }, ends).slice(0, 6)).toEqual([1, 2, 3, 4, 3, 2]);
    expect(pad({ mode: 'replication' }, ends).slice(0, 6)).toEqual([1, 2, 3, 4, 4, 4]);
    expect(pad({ mode: 'replication' }, [])).toEqual(picture);
  });
});

describe('upsampling', () => {
  const upsample = (mode: number, linearMode: number, scalingFactor: number[]): LayerBody => ({
    kind: 'upsample',
    mode,
    linearMode,
    scalingFactor,
    fractionalScalingFactor: [],
  });
  const expectClose = (values: number[], expected: number[]) => {
    expect(values).toHaveLength(expected.length);
    values.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 12));
  };

  it('repeats the nearest number', () => {
    expect(run([1, 1, 2], [1, 2], upsample(0, 0, [2, 2]))).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
  });

  it.each([
    // 2 numbers to 4: spacing (2 - 2/4) / 3 = 0.5 from 0; 1/3 from 0; 0.5 from -0.25. All cut at 0 and 1.
    [0, [0, 5, 10, 10]],
    [1, [0, 10 / 3, 20 / 3, 10]],
    [2, [0, 2.5, 7.5, 10]],
  ])('interpolates on the grid of linear mode %i, along width and height', (linearMode, expected) => {
    expectClose(run([1, 1, 2], [0, 10], upsample(1, linearMode, [1, 2])), expected);
    expectClose(run([1, 2, 1], [0, 10], upsample(1, linearMode, [2, 1])), expected);
    expect(run([1, 1, 1], [7], upsample(1, linearMode, [1, 2]))).toEqual([7, 7]);
  });

  it('interpolates between four numbers', () => {
    // f(y, x) = 20 y + 10 x at a third of each.
    expect(run([1, 2, 2], [0, 10, 20, 30], upsample(1, 1, [2, 2]))[5]).toBeCloseTo(10, 12);
  });
});

describe('the other layers', () => {
  it('look a column of an embedding up', () => {
    const body: LayerBody = {
      kind: 'embedding',
      inputDim: 3,
      outputChannels: 2,
      hasBias: true,
      weights: floats([1, 2, 3, 10, 20, 30]),
      bias: floats([0.5, -1]),
    };
    expect(run([1], [2], body)).toEqual([3.5, 29]);
    expect(run([1], [0], { ...body, hasBias: false, bias: undefined })).toEqual([1, 10]);
    expect(() => run([1], [3], body)).toThrow(/from 0 to 2, but got 3/);
    expect(() => run([1], [0.5], body)).toThrow(/whole numbers/);
  });

  it('add and multiply a single input with alpha', () => {
    expect(run([2], [1, 2], { kind: 'add', alpha: 3 })).toEqual([4, 5]);
    expect(run([2], [1, 2], { kind: 'multiply', alpha: 3 })).toEqual([3, 6]);
  });

  it('repeat one number for each channel where an image is multiplied by it', () => {
    const layers = [
      layer('largest', ['in'], pooling({ global: true })),
      layer('out', ['in', 'largest'], { kind: 'multiply', alpha: 0 }),
    ];
    expect([...runModel(plainModel([2, 1, 2], layers), [1, 3, 2, 4]).outputs.out!]).toEqual([3, 9, 8, 16]);
  });

  it('take the weights of an activation by channel', () => {
    const prelu: LayerBody = { kind: 'activation', activation: { name: 'prelu', alpha: floats([0.5, 2]) } };
    expect(run([2, 1, 2], [-2, 1, -3, 1], prelu)).toEqual([-1, 1, -6, 1]);
    const softplus: LayerBody = {
      kind: 'activation',
      activation: { name: 'parametricSoftplus', alpha: floats([1, 2]), beta: floats([0, 1]) },
    };
    const result = run([2], [5, 0], softplus);
    [Math.log(2), 2 * Math.log(2)].forEach((value, at) => expect(result[at]).toBeCloseTo(value, 12));
  });
});
