/** Two-dimensional convolution, with groups and dilation. */
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { ParamsOf } from '../core/params';
import { isProblem, problem, type Problem } from '../core/problem';
import { formatShape, sizeOf, type Shape } from '../core/shape';
import { pytorchSequence } from './activations';
import { composedConvolution } from './composedConvolution';
import {
  convolutionCount,
  convolutionParams,
  convolutionWeights,
  kerasEnd,
  readConvolution,
  stridesAndDilation,
  writeConvolution,
} from './convolution';
import { defineLayer, type WeightSpec } from './defineLayer';
import { kerasPadded, kerasPadding, pytorchConvolutionPadding } from './paddedSnippets';
import { isNative } from './paddedTensor';
import { paddingParams, requireImage, slide, slideArithmetic, type Window } from './windows';

const { filters, kernelSize, strides, activation, dilationRate, groups, useBias, kernelInitializer } =
  convolutionParams;
const params = {
  filters,
  kernelSize,
  strides,
  ...paddingParams,
  activation,
  dilationRate,
  groups,
  useBias,
  kernelInitializer,
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

const kernelOf = (image: Shape, p: Params): Shape => [...p.kernelSize, image[2]! / p.groups, p.filters];

const weightsOf = ([image]: readonly Shape[], p: Params): readonly WeightSpec[] =>
  convolutionWeights(p, kernelOf(image!, p), p.filters);

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
  const conflict = stridesAndDilation('Conv2D', p);
  if (conflict) return conflict;
  const out = slide('Conv2D', image, windowOf(p));
  return isProblem(out) ? out : [...out, p.filters];
}

export const conv2d = defineLayer({
  kind: 'conv2d',
  label: 'Conv2D',
  autoName: 'conv2d',
  aliases: ['convolution'],
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
  arithmetic: ([image], p, output) => [
    ...slideArithmetic(image!, windowOf(p), output),
    `output ${output[0]} × ${output[1]} × ${p.filters} filters`,
    convolutionCount(p, kernelOf(image!, p), p.filters),
  ],
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
    write(context) {
      const { params: p, inputShapes } = context;
      const kernel = kernelOf(inputShapes[0]!, p);
      return writeConvolution(context, {
        outputChannels: p.filters,
        kernelChannels: kernel[2]!,
        groups: p.groups,
        dilationRate: p.dilationRate,
        kernel,
      });
    },
    read({ convolution }, context) {
      if (!convolution || convolution.isDeconvolution) return undefined;
      // One channel for each of several groups: that is DepthwiseConv2D.
      if (convolution.nGroups > 1 && convolution.kernelChannels === 1) return undefined;
      const read = readConvolution(convolution, context);
      if (typeof read === 'string') return read;
      const { padding, weights, ...rest } = read;
      return { params: { filters: convolution.outputChannels, ...rest, ...padding }, weights };
    },
  },
  snippets: {
    keras: (p, [image]) =>
      kerasPadded(
        `layers.Conv2D(${p.filters}, (${p.kernelSize.join(', ')}), strides=(${p.strides.join(', ')}), ` +
          `padding="${kerasPadding(windowOf(p))}", dilation_rate=(${p.dilationRate.join(', ')}), groups=${p.groups}, ` +
          kerasEnd(p),
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
