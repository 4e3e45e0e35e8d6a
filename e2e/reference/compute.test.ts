/** Tests of the arithmetic of the reference against numbers worked out by hand. */
import { describe, expect, it } from 'vitest';
import { runModel } from './compute';
import {
  activation,
  classifierModel,
  convolution,
  dense,
  floats,
  layer,
  plainModel,
  pooling,
} from './testing/samples';
import type { Activation, LayerBody } from './types';

/** Runs one layer on an array of the given shape. */
function run(shape: number[], values: number[], body: LayerBody): number[] {
  return [...(runModel(plainModel(shape, [layer('out', ['in'], body)]), values).outputs.out ?? [])];
}

const COUNT_TO_NINE = [1, 2, 3, 4, 5, 6, 7, 8, 9];

describe('convolution', () => {
  it('sums each window by its kernel, without turning it', () => {
    // 1*1 + 2*2 + 3*4 + 4*5 = 37
    expect(run([1, 3, 3], COUNT_TO_NINE, convolution())).toEqual([37, 47, 67, 77]);
  });

  it('reads weights as output, input, row, column and adds the bias', () => {
    const body = convolution({
      outputChannels: 2,
      kernelChannels: 2,
      kernelSize: [1, 2],
      weights: floats([1, 10, 100, 1000, 2, 0, 0, 3]),
      hasBias: true,
      bias: floats([0, 5]),
    });
    // channels [1 2] and [3 4]: 1 + 20 + 300 + 4000; 2*1 + 3*4 + 5
    expect(run([2, 1, 2], [1, 2, 3, 4], body)).toEqual([4321, 19]);
  });

  it('lets each group see its own channels only', () => {
    const body = convolution({
      outputChannels: 2,
      groups: 2,
      kernelSize: [1, 1],
      weights: floats([10, 100]),
    });
    expect(run([2, 1, 1], [3, 4], body)).toEqual([30, 400]);
  });

  it('takes stride and dilation', () => {
    const strided = convolution({ kernelSize: [1, 1], stride: [2, 2], weights: floats([1]) });
    expect(run([1, 3, 3], COUNT_TO_NINE, strided)).toEqual([1, 3, 7, 9]);
    const dilated = convolution({ dilation: [2, 2] });
    expect(run([1, 3, 3], COUNT_TO_NINE, dilated)).toEqual([1 + 2 * 3 + 3 * 7 + 4 * 9]);
  });

  it('pads an odd amount at the end or at the start, as the file says', () => {
    const row = (asymmetry: number) =>
      convolution({ kernelSize: [1, 2], weights: floats([1, 10]), padding: { mode: 'same', asymmetry } });
    expect(run([1, 1, 3], [1, 2, 3], row(0))).toEqual([21, 32, 3]);
    expect(run([1, 1, 3], [1, 2, 3], row(1))).toEqual([10, 21, 32]);
  });

  it('needs no padding at the start of a strided window that divides the input', () => {
    // input 4, stride 2, kernel 3: two positions, one padded at the end.
    const same = { mode: 'same', asymmetry: 0 } as const;
    const body = convolution({
      kernelSize: [1, 3],
      stride: [1, 2],
      weights: floats([1, 10, 100]),
      padding: same,
    });
    expect(run([1, 1, 4], [1, 2, 3, 4], body)).toEqual([321, 43]);
  });

  it('pads valid windows by the amounts given for each edge', () => {
    const amounts = [
      { start: 1, end: 0 },
      { start: 0, end: 1 },
    ];
    const body = convolution({ padding: { mode: 'valid', amounts } });
    expect(run([1, 1, 1], [1], body)).toEqual([3]);
  });
});

describe('pooling', () => {
  it('takes the maximum and leaves what does not fit out', () => {
    expect(run([1, 3, 3], COUNT_TO_NINE, pooling())).toEqual([5]);
  });

  it('counts padding into the average, or not', () => {
    const same = { type: 1, padding: { mode: 'same', asymmetry: 0 } } as const;
    expect(run([1, 3, 3], COUNT_TO_NINE, pooling(same))).toEqual([3, 9 / 4, 15 / 4, 9 / 4]);
    expect(run([1, 3, 3], COUNT_TO_NINE, pooling({ ...same, averageExcludesPadding: true }))).toEqual([
      3, 4.5, 7.5, 9,
    ]);
  });

  it('leaves padding out of a maximum of negative numbers', () => {
    const same = { padding: { mode: 'same', asymmetry: 0 } } as const;
    expect(run([1, 1, 1], [-4], pooling(same))).toEqual([-4]);
  });

  it('takes the whole of each channel when global', () => {
    expect(run([2, 1, 3], [1, 2, 6, -1, -2, -3], pooling({ type: 1, global: true }))).toEqual([3, -2]);
  });
});

describe('activations', () => {
  const values = [-2, 0, 2];
  const e2 = Math.exp(2);
  const expected: [Activation, number[]][] = [
    [{ name: 'relu' }, [0, 0, 2]],
    [{ name: 'tanh' }, [-Math.tanh(2), 0, Math.tanh(2)]],
    [{ name: 'sigmoid' }, [1 / (1 + e2), 0.5, e2 / (1 + e2)]],
    [{ name: 'softsign' }, [-2 / 3, 0, 2 / 3]],
    [{ name: 'softplus' }, [Math.log(1 + 1 / e2), Math.log(2), Math.log(1 + e2)]],
    [{ name: 'leakyRelu', alpha: 0.5 }, [-1, 0, 2]],
    [{ name: 'thresholdedRelu', alpha: 1 }, [0, 0, 2]],
    [{ name: 'elu', alpha: 0.5 }, [0.5 * (1 / e2 - 1), 0, 2]],
    [{ name: 'linear', alpha: 3, beta: 1 }, [-5, 1, 7]],
    [{ name: 'scaledTanh', alpha: 2, beta: 0.5 }, [-2 * Math.tanh(1), 0, 2 * Math.tanh(1)]],
    [{ name: 'sigmoidHard', alpha: 0.2, beta: 0.5 }, [0.1, 0.5, 0.9]],
    [{ name: 'prelu', alpha: floats([0.25]) }, [-0.5, 0, 2]],
    [
      { name: 'parametricSoftplus', alpha: floats([2]), beta: floats([0.5]) },
      [2 * Math.log(1 + Math.exp(-1)), 2 * Math.log(2), 2 * Math.log(1 + Math.E)],
    ],
  ];

  it.each(expected)('computes $name', (body, numbers) => {
    const result = run([1, 1, 3], values, { kind: 'activation', activation: body });
    result.forEach((value, at) => expect(value).toBeCloseTo(numbers[at]!, 12));
  });

  it('takes softmax over the channels at each position', () => {
    const result = run([2, 1, 2], [0, 1000, Math.log(3), 1000], { kind: 'softmax' });
    [0.25, 0.5, 0.75, 0.5].forEach((value, at) => expect(result[at]).toBeCloseTo(value, 12));
  });
});

describe('the other layers', () => {
  it('multiplies by rows of weights, one for each output', () => {
    const body = { ...dense(3, 2), weights: floats([1, 2, 3, 10, 20, 30]), bias: floats([0.5, -1]) };
    expect(run([3], [1, 10, 100], body)).toEqual([321.5, 3209]);
  });

  it('flattens channels, rows, columns in mode 0 and rows, columns, channels in mode 1', () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]; // two channels of 2 x 3
    expect(run([2, 2, 3], values, { kind: 'flatten', mode: 0 })).toEqual(values);
    expect(run([2, 2, 3], values, { kind: 'flatten', mode: 1 })).toEqual([
      1, 7, 2, 8, 3, 9, 4, 10, 5, 11, 6, 12,
    ]);
  });

  it('normalises by stored statistics and reads epsilon 0 as 1e-5', () => {
    const body: LayerBody = {
      kind: 'batchnorm',
      channels: 2,
      computeMeanVar: false,
      instanceNormalization: false,
      epsilon: 0.25,
      gamma: floats([2, 1]),
      beta: floats([1, 0]),
      mean: floats([3, 0]),
      variance: floats([3.75, 0]),
    };
    expect(run([2, 1, 1], [5, 1], body)).toEqual([3, 2]);
    expect(run([2, 1, 1], [5, 1], { ...body, epsilon: 0 })[1]).toBeCloseTo(1 / Math.sqrt(1e-5), 6);
  });

  it('joins branches by sum, by product and along the channels', () => {
    const join = (kind: 'add' | 'multiply' | 'concat') => {
      const body: LayerBody = kind === 'concat' ? { kind, sequenceConcat: false } : { kind, alpha: 0 };
      const layers = [layer('r', ['in'], activation('relu')), layer('out', ['in', 'r'], body)];
      return [...runModel(plainModel([1, 1, 2], layers), [-3, 4]).outputs.out!];
    };
    expect(join('add')).toEqual([-3, 8]);
    expect(join('multiply')).toEqual([-0, 16]);
    expect(join('concat')).toEqual([-3, 4, 0, 4]);
  });
});

describe('inputs and outputs of a model', () => {
  it('scales the bytes of a grey image and names the likeliest label', () => {
    const model = classifierModel();
    const bytes = Array.from({ length: 16 }, (_, at) => at * 17);
    const fromImage = runModel(model, bytes);
    const array = {
      ...model,
      description: { ...model.description, inputs: plainModel([1, 4, 4], []).description.inputs },
    };
    const fromArray = runModel(
      array,
      bytes.map((byte) => byte * (1 / 255)),
    );
    expect(fromImage.blobs.get('probs')!.data).toEqual(fromArray.blobs.get('probs')!.data);
    const probabilities = Object.values(fromImage.probabilities!);
    expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    expect(fromImage.probabilities![fromImage.label!]).toBe(Math.max(...probabilities));
  });

  it('puts the colours of an image into the order that the file states', () => {
    const model = plainModel([1], [layer('out', ['in'], { kind: 'flatten', mode: 0 })]);
    for (const [colorSpace, planes] of [
      ['rgb', [1, 4, 2, 5, 3, 6]],
      ['bgr', [3, 6, 2, 5, 1, 4]],
    ] as const) {
      model.description.inputs[0]!.type = { kind: 'image', optional: false, width: 2, height: 1, colorSpace };
      expect([...runModel(model, [1, 2, 3, 4, 5, 6]).outputs.out!]).toEqual(planes);
    }
  });

  it('refuses inputs that do not fit and layers that it does not compute, in sentences', () => {
    const model = plainModel([1, 3, 3], [layer('out', ['in'], convolution())]);
    expect(() => runModel(model, [1, 2])).toThrow("The input 'in' takes 9 numbers, but 2 were given.");
    expect(() => runModel(model, { other: COUNT_TO_NINE })).toThrow(
      "No numbers were given for the input 'in'.",
    );
    expect(() => runModel(classifierModel(), Array<number>(16).fill(256))).toThrow(/bytes from 0 to 255/);
    expect(() => run([4], [1, 2, 3, 4], { kind: 'softmaxND', axis: -1 })).toThrow(
      /does not compute this kind/,
    );
    expect(() => run([1, 3, 3], COUNT_TO_NINE, dense(9, 2))).toThrow(
      /takes 9 x 1 x 1, but 1 x 3 x 3 comes in/,
    );
  });
});
