/**
 * Transposed convolution ("deconvolution"): what takes gradients back through a Conv2D, used forward, so that it makes
 * images larger. Sizes are TensorFlow's: `(n − 1)·stride + kernel`, or with same padding `n·stride`, for which the odd
 * row or column is cut off at the end.
 */
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { ParamsOf } from '../core/params';
import { problem, type Problem } from '../core/problem';
import { formatShape, sameShape, sizeOf, type Shape } from '../core/shape';
import { pytorchSequence } from './activations';
import { byGroups, composedConvolution } from './composedConvolution';
import {
  convolutionParams,
  convolutionWeights,
  readConvolution,
  unevenGroups,
  writeConvolution,
} from './convolution';
import type { PaddingRead } from './coremlPadding';
import { defineLayer, type WeightSpec } from './defineLayer';
import { kerasEnd, kernelCount } from './weighted';
import { requireImage } from './windows';

const { filters, kernelSize, strides, activation, groups, useBias, kernelInitializer } = convolutionParams;
const params = {
  filters,
  kernelSize,
  strides,
  padding: { type: 'choice', label: 'Padding', options: ['valid', 'same'], default: 'valid' },
  activation,
  groups,
  useBias,
  kernelInitializer,
} as const;

type Params = ParamsOf<typeof params>;
type Sizes = Pick<Params, 'kernelSize' | 'strides' | 'padding'>;

const sides = ['height', 'width'] as const;
const kernelOf = (image: Shape, p: Params): Shape => [...p.kernelSize, p.filters / p.groups, image[2]!];
const weightsOf = (image: Shape, p: Params): readonly WeightSpec[] =>
  convolutionWeights(p, kernelOf(image, p), p.filters);

/** Height and width that come out. */
function sizeAfter(image: Shape, { kernelSize: kernel, strides: steps, padding }: Sizes): readonly number[] {
  return sides.map((_, i) => {
    const [size, stride] = [image[i]!, steps[i]!];
    return padding === 'same' ? size * stride : (size - 1) * stride + kernel[i]!;
  });
}

/** What same padding cuts off before and after, on each side; see `padded` in `windows.ts`. */
const cutBySame = ({
  kernelSize: kernel,
  strides,
}: Pick<Sizes, 'kernelSize' | 'strides'>): readonly number[] =>
  kernel.flatMap((size, i) => {
    const total = size - strides[i]!;
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });

function shapeOf(image: Shape, p: Params): Shape | Problem {
  const wrong = requireImage('Conv2DTranspose', image) ?? unevenGroups(image[2]!, p);
  if (wrong) return wrong;
  if (p.strides.some((stride, i) => stride > p.kernelSize[i]!)) {
    const larger = p.kernelSize.map((size, i) => Math.max(size, p.strides[i]!));
    return problem(
      'stridesTooLarge',
      `Conv2DTranspose's strides ${formatShape(p.strides)} are larger than its kernel ${formatShape(p.kernelSize)}, ` +
        `so that there would be gaps in what it gives.`,
      { type: 'setParams', params: { kernelSize: larger }, label: `Use a ${formatShape(larger)} kernel` },
    );
  }
  return [...sizeAfter(image, p), p.filters];
}

/** Whether a file's padding cuts off what one of the two paddings does, and which. */
function paddingOf(
  { padding, pads = [] }: PaddingRead,
  sizes: Omit<Sizes, 'padding'>,
): Params['padding'] | undefined {
  const cut = cutBySame(sizes);
  const even = cut.every((amount, i) => i % 2 === 0 || amount === cut[i - 1]);
  if (padding === 'valid' || padding === 'same') return padding;
  return (padding === 'sameLower' ? even : sameShape(pads, cut)) ? 'same' : undefined;
}

export const conv2dTranspose = defineLayer({
  kind: 'conv2dTranspose',
  label: 'Conv2DTranspose',
  autoName: 'conv2d_transpose',
  aliases: ['ConvTranspose2d', 'convolution', 'isDeconvolution', 'deconvolution'],
  group: 'convolution',
  icon: 'expand',
  documentation:
    'Paints a small pattern for every value of the image, side by side or over each other, so that the image grows by its strides.',
  params,
  inputs: { min: 1, max: 1 },
  summary: (p) =>
    [
      p.filters,
      formatShape(p.kernelSize),
      ...(sizeOf(p.strides) > 1 ? [`stride ${formatShape(p.strides)}`] : []),
      ...(p.activation === 'linear' ? [] : [p.activation]),
    ].join(' · '),
  outputShape: ([image], p) => shapeOf(image!, p),
  weights: ([image], p) => weightsOf(image!, p),
  multiplyAdds: ([image], p) => (sizeOf(image!) * sizeOf(p.kernelSize) * p.filters) / p.groups,
  arithmetic: ([image], p, output) => [
    ...sides.map((name, i) =>
      p.padding === 'same'
        ? `${name} ${image![i]} · ${p.strides[i]} = ${output[i]}`
        : `${name} (${image![i]} − 1) · ${p.strides[i]} + ${p.kernelSize[i]} = ${output[i]}`,
    ),
    `output ${output[0]} × ${output[1]} × ${p.filters} filters`,
    kernelCount(p, kernelOf(image!, p), p.filters),
  ],
  tensorflow(tf, p, context) {
    const steps = [...p.strides] as [number, number];
    if (p.groups === 1)
      return tf.layers.layers
        .conv2dTranspose({
          name: context.name,
          filters: p.filters,
          kernelSize: [...p.kernelSize],
          strides: steps,
          padding: p.padding,
          useBias: p.useBias,
          activation: p.activation,
          kernelInitializer: 'zeros',
        })
        .apply(context.inputs[0]!) as SymbolicTensor;
    return composedConvolution(tf, context, {
      activation: p.activation,
      outputShape: (image) => shapeOf(image, p),
      weights: (image) => weightsOf(image, p),
      convolve: (input, kernel) =>
        byGroups(tf.core, p.groups, input, kernel, (part, taps) => {
          const [height, width] = sizeAfter(part.shape.slice(1), p) as [number, number];
          const shape: [number, number, number, number] = [
            part.shape[0],
            height,
            width,
            p.filters / p.groups,
          ];
          return tf.core.conv2dTranspose(part, taps, shape, steps, p.padding);
        }),
    });
  },
  coreml: {
    write(context) {
      const { params: p, inputShapes } = context;
      const kernel = kernelOf(inputShapes[0]!, p);
      return writeConvolution(
        { ...context, params: { ...p, pads: [] } },
        {
          outputChannels: p.filters,
          kernelChannels: inputShapes[0]![2]!,
          groups: p.groups,
          dilationRate: [1, 1],
          kernel,
          isDeconvolution: true,
        },
      );
    },
    read({ convolution }, context) {
      if (!convolution?.isDeconvolution) return undefined;
      const read = readConvolution(convolution, context);
      if (typeof read === 'string') return read;
      const { padding: found, weights, dilationRate, ...rest } = read;
      if (sizeOf(dilationRate) !== 1)
        return `Its taps lie ${dilationRate.join(' and ')} apart; Conv2DTranspose has no dilation.`;
      const padding = paddingOf(found, rest);
      if (padding === undefined)
        return 'Its padding cuts off other amounts than none or those of same padding, which Conv2DTranspose knows.';
      const wanted = convolution.outputShape ?? [];
      const given = sizeAfter(context.inputShapes[0] ?? [0, 0], { ...rest, padding });
      if (wanted.length > 0 && !sameShape(wanted, given))
        return `It asks for an output of ${formatShape(wanted)}; its padding gives ${formatShape(given)}.`;
      return { params: { filters: convolution.outputChannels, ...rest, padding }, weights };
    },
  },
  snippets: {
    keras(p) {
      const layer = (count: number): string =>
        `layers.Conv2DTranspose(${count}, (${p.kernelSize.join(', ')}), strides=(${p.strides.join(', ')}), ` +
        `padding="${p.padding}", ${kerasEnd(p)}`;
      if (p.groups === 1) return layer(p.filters);
      return (
        `# call: keras.ops.concatenate([f(x) for f, x in zip(parts, keras.ops.split(x, ${p.groups}, axis=-1))], axis=-1), ` +
        `with parts = [${layer(p.filters / p.groups)} for _ in range(${p.groups})]`
      );
    },
    pytorch(p, [image]) {
      const [top, bottom, left, right] = p.padding === 'same' ? cutBySame(p) : [0, 0, 0, 0];
      const odd = [right! - left!, bottom! - top!];
      const painted =
        `nn.ConvTranspose2d(${image![2]}, ${p.filters}, (${p.kernelSize.join(', ')}), ` +
        `stride=(${p.strides.join(', ')}), padding=(${top}, ${left}), groups=${p.groups}, ` +
        `bias=${p.useBias ? 'True' : 'False'})`;
      // A negative padding cuts off.
      const cut = odd.some((n) => n > 0) ? [`nn.ZeroPad2d((0, ${-odd[0]! || 0}, 0, ${-odd[1]! || 0}))`] : [];
      return pytorchSequence([painted, ...cut], p.activation);
    },
  },
});
