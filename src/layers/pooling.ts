/** What max and average pooling share: parameters, shape rule, Core ML layer. Not a layer kind itself. */
import type { NeuralNetworkLayer, PoolingType } from '../coreml/messages';
import type { ParamsOf } from '../core/params';
import type { Problem } from '../core/problem';
import { isProblem } from '../core/problem';
import { formatShape, sameShape, sizeOf, type Shape } from '../core/shape';
import type { CoreMLContext } from './defineLayer';
import {
  borders,
  coremlPadding,
  paddings,
  requireImage,
  slide,
  slideArithmetic,
  type Border,
  type Window,
} from './windows';

export const poolingParams = {
  poolSize: {
    type: 'tuple',
    label: 'Pool size',
    parts: ['height', 'width'],
    default: [2, 2],
    min: 1,
    max: 64,
  },
  strides: { type: 'tuple', label: 'Strides', parts: ['height', 'width'], default: [2, 2], min: 1, max: 64 },
  padding: { type: 'choice', label: 'Padding', options: paddings, default: 'valid' },
} as const;

type Params = ParamsOf<typeof poolingParams>;

const windowOf = (p: Params): Window => ({
  size: p.poolSize,
  strides: p.strides,
  padding: p.padding,
  param: 'poolSize',
  noun: 'pool',
});

export function poolingSummary(p: Params): string {
  const size = formatShape(p.poolSize);
  return sameShape(p.poolSize, p.strides) ? size : `${size} · stride ${formatShape(p.strides)}`;
}

export function poolingShape(label: string, image: Shape, p: Params): Shape | Problem {
  const wrongRank = requireImage(label, image);
  if (wrongRank) return wrongRank;
  const out = slide(label, image, windowOf(p));
  return isProblem(out) ? out : [...out, image[2]!];
}

export function poolingArithmetic(image: Shape, p: Params, output: Shape): readonly string[] {
  return [
    ...slideArithmetic(image, windowOf(p), output),
    `output ${output[0]} × ${output[1]} × ${output[2]} channels`,
  ];
}

export function poolingAdds(p: Params, output: Shape): number {
  return sizeOf(output) * sizeOf(p.poolSize);
}

export function writePooling(type: PoolingType, c: CoreMLContext<Params>): readonly NeuralNetworkLayer[] {
  return [
    {
      name: c.name,
      input: [...c.inputs],
      output: [c.output],
      pooling: {
        type,
        kernelSize: [...c.params.poolSize],
        stride: [...c.params.strides],
        ...coremlPadding(c.params.padding),
        avgPoolExcludePadding: true,
      },
    },
  ];
}

export function kerasPooling(className: string, p: Params): string {
  return (
    `layers.${className}(pool_size=(${p.poolSize.join(', ')}), strides=(${p.strides.join(', ')}), ` +
    `padding="${p.padding}")`
  );
}

/** PyTorch's way to pad height and width each by its own amounts before and after. */
export function pytorchPad([height, width]: readonly Border[], fill: string): string {
  return `nn.ConstantPad2d((${[...width!.padding, ...height!.padding].join(', ')}), ${fill})`;
}

/** PyTorch's poolings pad alike before and after, or not at all: where TensorFlow does not, the padding stands apart. */
export function pytorchPooling(className: 'MaxPool2d' | 'AvgPool2d', p: Params, image: Shape): string {
  const window = `(${p.poolSize.join(', ')}), stride=(${p.strides.join(', ')})`;
  const sides = borders({ size: p.poolSize, strides: p.strides }, image.slice(0, 2));
  if (p.padding === 'valid' || sides.every(({ padding: [a, b] }) => a + b === 0))
    return `nn.${className}(${window})`;
  if (sides.every(({ padding: [before, after] }) => before === after)) {
    const inside = className === 'AvgPool2d' ? ', count_include_pad=False' : '';
    return `nn.${className}(${window}, padding=(${sides.map(({ padding }) => padding[0]).join(', ')})${inside})`;
  }
  if (className === 'MaxPool2d')
    return `nn.Sequential(${pytorchPad(sides, 'float("-inf")')}, nn.MaxPool2d(${window}))`;
  const pool = `nn.Sequential(${pytorchPad(sides, '0.0')}, nn.AvgPool2d(${window}))`;
  return `# forward: pool(x) / pool(torch.ones_like(x)), with pool = ${pool}`;
}
