/** Depthwise convolution: each channel by itself, with filters of its own. */
import type { ParamsOf } from '../core/params';
import { isProblem, type Problem } from '../core/problem';
import { formatShape, sizeOf, type Shape } from '../core/shape';
import { pytorchSequence } from './activations';
import { composedConvolution, slid } from './composedConvolution';
import {
  convolutionParams,
  convolutionWeights,
  convolutionWindow,
  readConvolution,
  stridesAndDilation,
  writeConvolution,
} from './convolution';
import { defineLayer, type WeightSpec } from './defineLayer';
import { kerasPadded, kerasPadding, pytorchConvolution } from './paddedSnippets';
import { kerasEnd, kernelCount } from './weighted';
import { paddingParams, requireImage, slide, slideArithmetic } from './windows';

const { kernelSize, strides, activation, dilationRate, useBias, kernelInitializer } = convolutionParams;
const params = {
  kernelSize,
  strides,
  ...paddingParams,
  depthMultiplier: {
    type: 'integer',
    label: 'Depth multiplier',
    help: 'How many filters each channel has.',
    default: 1,
    min: 1,
    max: 64,
  },
  activation,
  dilationRate,
  useBias,
  kernelInitializer,
} as const;

type Params = ParamsOf<typeof params>;

const kernelOf = (image: Shape, p: Params): Shape => [...p.kernelSize, image[2]!, p.depthMultiplier];
const channelsOf = (image: Shape, p: Params): number => image[2]! * p.depthMultiplier;
const weightsOf = (image: Shape, p: Params): readonly WeightSpec[] =>
  convolutionWeights(p, kernelOf(image, p), channelsOf(image, p));

function shapeOf(image: Shape, p: Params): Shape | Problem {
  const wrong = requireImage('DepthwiseConv2D', image) ?? stridesAndDilation('DepthwiseConv2D', p);
  if (wrong) return wrong;
  const out = slide('DepthwiseConv2D', image, convolutionWindow(p));
  return isProblem(out) ? out : [...out, channelsOf(image, p)];
}

export const depthwiseConv2d = defineLayer({
  kind: 'depthwiseConv2d',
  label: 'DepthwiseConv2D',
  autoName: 'depthwise_conv2d',
  aliases: ['convolution', 'groups', 'separable'],
  group: 'convolution',
  icon: 'layers',
  documentation:
    'Slides a small filter over each channel by itself. With a 1×1 Conv2D after it, it does the work of a Conv2D with far fewer parameters.',
  params,
  inputs: { min: 1, max: 1 },
  summary: (p) =>
    [
      formatShape(p.kernelSize),
      ...(p.depthMultiplier > 1 ? [`${p.depthMultiplier} a channel`] : []),
      ...(p.activation === 'linear' ? [] : [p.activation]),
    ].join(' · '),
  outputShape: ([image], p) => shapeOf(image!, p),
  weights: ([image], p) => weightsOf(image!, p),
  multiplyAdds: (_, p, output) => sizeOf(output) * sizeOf(p.kernelSize),
  arithmetic: ([image], p, output) => [
    ...slideArithmetic(image!, convolutionWindow(p), output),
    `output ${output[0]} × ${output[1]} × (${image![2]} channels · ${p.depthMultiplier})`,
    kernelCount(p, kernelOf(image!, p), channelsOf(image!, p)),
  ],
  tensorflow: (tf, p, context) =>
    composedConvolution(tf, context, {
      activation: p.activation,
      outputShape: (image) => shapeOf(image, p),
      weights: (image) => weightsOf(image, p),
      convolve: slid(tf.core, convolutionWindow(p), (image, taps, strides, padding) =>
        tf.core.depthwiseConv2d(image, taps, strides, padding),
      ),
    }),
  coreml: {
    write(context) {
      const { params: p, inputShapes } = context;
      const outputChannels = channelsOf(inputShapes[0]!, p);
      return writeConvolution(context, {
        outputChannels,
        kernelChannels: 1,
        groups: inputShapes[0]![2]!,
        dilationRate: p.dilationRate,
        // The same numbers in the same order: each channel is a group, and its filters lie side by side.
        kernel: [...p.kernelSize, 1, outputChannels],
      });
    },
    read({ convolution }, context) {
      if (!convolution || convolution.isDeconvolution) return undefined;
      if (!(convolution.nGroups > 1 && convolution.kernelChannels === 1)) return undefined;
      const read = readConvolution(convolution, context);
      if (typeof read === 'string') return read;
      const { padding, weights, groups, ...rest } = read;
      const depthMultiplier = convolution.outputChannels / groups;
      return { params: { depthMultiplier, ...rest, ...padding }, weights };
    },
  },
  snippets: {
    keras: (p, [image]) =>
      kerasPadded(
        `layers.DepthwiseConv2D((${p.kernelSize.join(', ')}), strides=(${p.strides.join(', ')}), ` +
          `padding="${kerasPadding(convolutionWindow(p))}", depth_multiplier=${p.depthMultiplier}, ` +
          `dilation_rate=(${p.dilationRate.join(', ')}), ` +
          kerasEnd(p).replace('kernel_initializer', 'depthwise_initializer'),
        convolutionWindow(p),
        image!,
      ),
    pytorch: (p, [image]) =>
      pytorchSequence(
        pytorchConvolution(p, convolutionWindow(p), image!, channelsOf(image!, p), image![2]!),
        p.activation,
      ),
  },
});
