/** Two-dimensional convolution, with groups and dilation. */
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { ParamsOf } from '../core/params';
import { isProblem, type Problem } from '../core/problem';
import { formatShape, sizeOf, type Shape } from '../core/shape';
import { pytorchSequence } from './activations';
import { byGroups, composedConvolution, slid } from './composedConvolution';
import {
  convolutionParams,
  convolutionWeights,
  convolutionWindow,
  readConvolution,
  stridesAndDilation,
  unevenGroups,
  writeConvolution,
} from './convolution';
import { defineLayer, type WeightSpec } from './defineLayer';
import { kerasPadded, kerasPadding, pytorchConvolution } from './paddedSnippets';
import { isNative } from './paddedTensor';
import { kerasEnd, kernelCount } from './weighted';
import { paddingParams, requireImage, slide, slideArithmetic } from './windows';

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

const kernelOf = (image: Shape, p: Params): Shape => [...p.kernelSize, image[2]! / p.groups, p.filters];

const weightsOf = ([image]: readonly Shape[], p: Params): readonly WeightSpec[] =>
  convolutionWeights(p, kernelOf(image!, p), p.filters);

function shapeOf(image: Shape, p: Params): Shape | Problem {
  const wrong =
    requireImage('Conv2D', image) ?? unevenGroups(image[2]!, p) ?? stridesAndDilation('Conv2D', p);
  if (wrong) return wrong;
  const out = slide('Conv2D', image, convolutionWindow(p));
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
    ...slideArithmetic(image!, convolutionWindow(p), output),
    `output ${output[0]} × ${output[1]} × ${p.filters} filters`,
    kernelCount(p, kernelOf(image!, p), p.filters),
  ],
  tensorflow(tf, p, context) {
    const window = convolutionWindow(p);
    if (p.groups > 1 || sizeOf(p.dilationRate) > 1 || !isNative(window))
      return composedConvolution(tf, context, {
        activation: p.activation,
        outputShape: (image) => shapeOf(image, p),
        weights: (image) => weightsOf([image], p),
        convolve: slid(tf.core, window, (image, kernel, strides, padding) =>
          byGroups(tf.core, p.groups, image, kernel, (part, taps) =>
            tf.core.conv2d(part, taps, strides, padding),
          ),
        ),
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
          `padding="${kerasPadding(convolutionWindow(p))}", dilation_rate=(${p.dilationRate.join(', ')}), groups=${p.groups}, ` +
          kerasEnd(p),
        convolutionWindow(p),
        image!,
      ),
    pytorch: (p, [image]) =>
      pytorchSequence(pytorchConvolution(p, convolutionWindow(p), image!, p.filters, p.groups), p.activation),
  },
});
