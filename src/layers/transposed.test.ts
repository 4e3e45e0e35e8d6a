import { describe, expect, test } from 'vitest';
import type { ConvolutionLayerParams, NeuralNetworkLayer } from '../coreml/messages';
import { defaultsOf, type ParamValues } from '../core/params';
import { layerOf } from '.';
import type { CoreMLRead } from './defineLayer';

const definition = layerOf('conv2dTranspose');
const params = (part: ParamValues): ParamValues => ({
  ...defaultsOf(definition.params),
  filters: 2,
  ...part,
});
const shape = (part: ParamValues) => definition.outputShape([[4, 5, 6]], params(part));

describe('a transposed convolution', () => {
  test('has TensorFlow’s sizes: n·stride with same padding, (n − 1)·stride + kernel without', () => {
    expect(shape({ strides: [2, 3], padding: 'same' })).toEqual([8, 15, 2]);
    expect(shape({ strides: [2, 3], kernelSize: [2, 4] })).toEqual([8, 16, 2]);
  });

  test('refuses strides beyond its kernel, which would leave gaps, and offers a kernel that fills them', () => {
    expect(shape({ strides: [2, 5] })).toEqual({
      code: 'stridesTooLarge',
      message:
        "Conv2DTranspose's strides 2×5 are larger than its kernel 3×3, so that there would be gaps in what it gives.",
      repair: { type: 'setParams', params: { kernelSize: [3, 5] }, label: 'Use a 3×5 kernel' },
    });
  });

  test('is written in PyTorch with the odd row and column cut off at the end', () => {
    const pytorch = (part: ParamValues) => definition.snippets.pytorch(params(part), [[4, 5, 6]]);
    expect(pytorch({ strides: [2, 1], padding: 'same' })).toBe(
      'nn.Sequential(nn.ConvTranspose2d(6, 2, (3, 3), stride=(2, 1), padding=(0, 1), groups=1, bias=True), ' +
        'nn.ZeroPad2d((0, 0, 0, -1)))',
    );
    expect(pytorch({ kernelSize: [4, 4], strides: [2, 2], padding: 'same' })).toBe(
      'nn.ConvTranspose2d(6, 2, (4, 4), stride=(2, 2), padding=(1, 1), groups=1, bias=True)',
    );
  });

  test('is written in Keras, which knows no groups of it, as parts side by side', () => {
    expect(definition.snippets.keras(params({ groups: 2 }), [[4, 5, 6]])).toBe(
      '# call: keras.ops.concatenate([f(x) for f, x in zip(parts, keras.ops.split(x, 2, axis=-1))], axis=-1), ' +
        'with parts = [layers.Conv2DTranspose(1, (3, 3), strides=(1, 1), padding="valid", activation="linear", ' +
        'use_bias=True, kernel_initializer="glorot_uniform") for _ in range(2)]',
    );
  });
});

const amounts = (...edges: readonly [number, number][]) => ({
  valid: {
    paddingAmounts: {
      borderAmounts: edges.map(([startEdgeSize, endEdgeSize]) => ({ startEdgeSize, endEdgeSize })),
    },
  },
});
const read = (part: Partial<ConvolutionLayerParams>): CoreMLRead | string | undefined => {
  const [height, width] = part.kernelSize ?? [4, 4];
  const convolution: ConvolutionLayerParams = {
    outputChannels: 2,
    kernelChannels: 6,
    nGroups: 1,
    kernelSize: [4, 4],
    stride: [2, 2],
    dilationFactor: [],
    isDeconvolution: true,
    hasBias: false,
    weights: { floatValue: new Float32Array(6 * 2 * height! * width!) },
    ...part,
  };
  const layer: NeuralNetworkLayer = { name: 'a', input: ['in'], output: ['out'], convolution };
  return definition.coreml.read!(layer, { inputShapes: [[4, 5, 6]] });
};

describe('a deconvolution of a file', () => {
  test('is same padding where its amounts cut off what that does, whichever end has the odd one', () => {
    for (const padding of [
      { same: { asymmetryMode: 0 } },
      { same: { asymmetryMode: 1 } },
      amounts([1, 1], [1, 1]),
    ])
      expect(read(padding)).toMatchObject({
        params: { padding: 'same', strides: [2, 2], kernelSize: [4, 4] },
      });
    const odd = { kernelSize: [3, 3] };
    expect(read({ ...odd, ...amounts([0, 1], [0, 1]) })).toMatchObject({ params: { padding: 'same' } });
    for (const padding of [{ same: { asymmetryMode: 1 } }, amounts([1, 0], [1, 0]), amounts([0, 0], [1, 1])])
      expect(read({ ...odd, ...padding })).toBe(
        'Its padding cuts off other amounts than none or those of same padding, which Conv2DTranspose knows.',
      );
  });

  test('may state the output that its padding gives, and no other', () => {
    expect(read({ ...amounts(), outputShape: [10, 12] })).toMatchObject({ params: { padding: 'valid' } });
    expect(read({ ...amounts(), outputShape: [11, 12] })).toBe(
      'It asks for an output of 11×12; its padding gives 10×12.',
    );
  });

  test('has no dilation here', () => {
    expect(read({ ...amounts(), dilationFactor: [2, 1] })).toBe(
      'Its taps lie 2 and 1 apart; Conv2DTranspose has no dilation.',
    );
  });
});

test('a depthwise convolution has as many filters a channel as its file has outputs a group', () => {
  const depthwise = layerOf('depthwiseConv2d');
  const convolution: ConvolutionLayerParams = {
    ...{
      outputChannels: 6,
      kernelChannels: 1,
      nGroups: 3,
      kernelSize: [1, 2],
      stride: [],
      dilationFactor: [],
    },
    ...amounts(),
    hasBias: false,
    // [out, 1, height, width]: the two taps of each of the six filters.
    weights: { floatValue: Float32Array.from({ length: 12 }, (_, i) => i) },
  };
  const layer: NeuralNetworkLayer = { name: 'a', input: ['in'], output: ['out'], convolution };
  expect(depthwise.coreml.read!(layer, { inputShapes: [[4, 5, 3]] })).toMatchObject({
    params: { depthMultiplier: 2, kernelSize: [1, 2], padding: 'valid' },
    // Keras's [height, width, in, multiplier].
    weights: { kernel: Float32Array.of(0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11) },
  });
  expect(layerOf('conv2d').coreml.read!(layer, { inputShapes: [[4, 5, 3]] })).toBeUndefined();
});
