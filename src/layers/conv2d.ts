/** Two-dimensional convolution, with groups and dilation. */
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { kernelInitializers } from '../core/initializers';
import { hwioToOihw } from '../core/layouts';
import type { ParamsOf } from '../core/params';
import { isProblem, problem, type Problem } from '../core/problem';
import { formatShape, sizeOf, type Shape } from '../core/shape';
import { activations, pytorchSequence, withCoremlActivation } from './activations';
import { composedConvolution } from './convolution';
import { coremlPadding } from './coremlPadding';
import { defineLayer, type WeightSpec } from './defineLayer';
import { kerasPadded, kerasPadding, pytorchConvolutionPadding } from './paddedSnippets';
import { isNative } from './paddedTensor';
import { paddingParams, requireImage, slide, slideArithmetic, type Window } from './windows';

const params = {
  filters: { type: 'integer', label: 'Filters', default: 32, min: 1, max: 4096, step: 'double' },
  kernelSize: {
    type: 'tuple',
    label: 'Kernel size',
    parts: ['height', 'width'],
    default: [3, 3],
    min: 1,
    max: 64,
  },
  strides: { type: 'tuple', label: 'Strides', parts: ['height', 'width'], default: [1, 1], min: 1, max: 64 },
  ...paddingParams,
  activation: { type: 'choice', label: 'Activation', options: activations, default: 'linear' },
  dilationRate: {
    type: 'tuple',
    label: 'Dilation rate',
    parts: ['height', 'width'],
    default: [1, 1],
    min: 1,
    max: 32,
  },
  groups: {
    type: 'integer',
    label: 'Groups',
    help: 'Splits the channels into this many parts that do not see each other.',
    default: 1,
    min: 1,
    max: 4096,
    step: 'double',
  },
  useBias: { type: 'boolean', label: 'Bias', default: true },
  kernelInitializer: {
    type: 'choice',
    label: 'Kernel initializer',
    options: kernelInitializers,
    default: 'glorotUniform',
  },
} as const;

type Params = ParamsOf<typeof params>;

const windowOf = (p: Params): Window => ({
  size: p.kernelSize,
  strides: p.strides,
  padding: p.padding,
  pads: p.pads,
  dilation: p.dilationRate,
  param: 'kernelSize',
  noun: 'kernel',
});

function weightsOf([image]: readonly Shape[], p: Params): readonly WeightSpec[] {
  const taps = sizeOf(p.kernelSize);
  const perGroup = image![2]! / p.groups;
  const kernel: WeightSpec = {
    name: 'kernel',
    shape: [...p.kernelSize, perGroup, p.filters],
    initializer: p.kernelInitializer,
    fans: { fanIn: taps * perGroup, fanOut: taps * p.filters },
    trainable: true,
  };
  const bias: WeightSpec = {
    name: 'bias',
    shape: [p.filters],
    initializer: 'zeros',
    fans: { fanIn: p.filters, fanOut: p.filters },
    trainable: true,
  };
  return p.useBias ? [kernel, bias] : [kernel];
}

function shapeOf(image: Shape, p: Params): Shape | Problem {
  const wrongRank = requireImage('Conv2D', image);
  if (wrongRank) return wrongRank;
  const channels = image[2]!;
  if (channels % p.groups !== 0 || p.filters % p.groups !== 0)
    return problem(
      'groups',
      `Groups must divide both the ${channels} input channels and the ${p.filters} filters; ${p.groups} does not.`,
      { type: 'setParams', params: { groups: 1 }, label: 'Use one group' },
    );
  if (sizeOf(p.strides) > 1 && sizeOf(p.dilationRate) > 1)
    return problem(
      'stridesAndDilation',
      `Conv2D takes strides above 1 or a dilation rate above 1, not both; it has strides ` +
        `${formatShape(p.strides)} and dilation ${formatShape(p.dilationRate)}.`,
      { type: 'setParams', params: { dilationRate: [1, 1] }, label: 'Use no dilation' },
    );
  const out = slide('Conv2D', image, windowOf(p));
  return isProblem(out) ? out : [...out, p.filters];
}

export const conv2d = defineLayer({
  kind: 'conv2d',
  label: 'Conv2D',
  autoName: 'conv2d',
  group: 'convolution',
  icon: 'grid',
  documentation:
    'Slides small filters over the image; each filter learns one pattern and says where it finds it.',
  params,
  inputs: { min: 1, max: 1 },
  summary: (p) =>
    [p.filters, formatShape(p.kernelSize), ...(p.activation === 'linear' ? [] : [p.activation])].join(' · '),
  outputShape: ([image], p) => shapeOf(image!, p),
  weights: weightsOf,
  multiplyAdds: ([image], p, output) => (sizeOf(output) * sizeOf(p.kernelSize) * image![2]!) / p.groups,
  arithmetic([image], p, output) {
    const [h, w] = p.kernelSize;
    const perGroup = image![2]! / p.groups;
    const count = h! * w! * perGroup * p.filters + (p.useBias ? p.filters : 0);
    return [
      ...slideArithmetic(image!, windowOf(p), output),
      `output ${output[0]} × ${output[1]} × ${p.filters} filters`,
      `parameters ${h}·${w}·${perGroup}·${p.filters}${p.useBias ? ` + ${p.filters}` : ''} = ${count.toLocaleString('en-US')}`,
    ];
  },
  tensorflow(tf, p, context) {
    const window = windowOf(p);
    if (p.groups > 1 || sizeOf(p.dilationRate) > 1 || !isNative(window))
      return composedConvolution(tf, context, {
        window,
        groups: p.groups,
        activation: p.activation,
        outputShape: (image) => shapeOf(image, p),
        weights: (image) => weightsOf([image], p),
      });
    return tf.layers.layers
      .conv2d({
        name: context.name,
        filters: p.filters,
        kernelSize: [...p.kernelSize],
        strides: [...p.strides] as [number, number],
        padding: window.padding,
        dilationRate: [...p.dilationRate] as [number, number],
        useBias: p.useBias,
        activation: p.activation,
        kernelInitializer: 'zeros',
      })
      .apply(context.inputs[0]!) as SymbolicTensor;
  },
  coreml: {
    write({ name, params: p, inputs, output, inputShapes, weights }) {
      const [kernel] = weightsOf(inputShapes, p);
      return withCoremlActivation(
        {
          name,
          input: [...inputs],
          convolution: {
            outputChannels: p.filters,
            kernelChannels: inputShapes[0]![2]! / p.groups,
            nGroups: p.groups,
            kernelSize: [...p.kernelSize],
            stride: [...p.strides],
            dilationFactor: [...p.dilationRate],
            ...coremlPadding(p),
            hasBias: p.useBias,
            weights: { floatValue: hwioToOihw(weights.kernel!, kernel!.shape) },
            ...(p.useBias ? { bias: { floatValue: weights.bias! } } : {}),
          },
        },
        p.activation,
        output,
      );
    },
  },
  snippets: {
    keras: (p, [image]) =>
      kerasPadded(
        `layers.Conv2D(${p.filters}, (${p.kernelSize.join(', ')}), strides=(${p.strides.join(', ')}), ` +
          `padding="${kerasPadding(windowOf(p))}", dilation_rate=(${p.dilationRate.join(', ')}), groups=${p.groups}, ` +
          `activation="${p.activation}", use_bias=${p.useBias ? 'True' : 'False'}, ` +
          `kernel_initializer="${p.kernelInitializer.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)}")`,
        windowOf(p),
        image!,
      ),
    pytorch(p, [image]) {
      const { before, padding } = pytorchConvolutionPadding(windowOf(p), image!);
      const convolution =
        `nn.Conv2d(${image![2]}, ${p.filters}, (${p.kernelSize.join(', ')}), stride=(${p.strides.join(', ')}), ` +
        `padding=${padding}, dilation=(${p.dilationRate.join(', ')}), groups=${p.groups}, ` +
        `bias=${p.useBias ? 'True' : 'False'})`;
      return pytorchSequence([...before, convolution], p.activation);
    },
  },
});
