/** What max and average pooling share: parameters, shape rule, Core ML layer. Not a layer kind itself. */
import type { NeuralNetworkLayer } from '../coreml/messages';
import { PoolingType } from '../coreml/messages';
import type { ParamsOf } from '../core/params';
import type { Problem } from '../core/problem';
import { isProblem } from '../core/problem';
import { formatShape, sameShape, sizeOf, type Shape } from '../core/shape';
import type { CoreMLContext } from './defineLayer';
import { coremlPadding, paddings, requireImage, slide, slideArithmetic, type Window } from './windows';

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

/** PyTorch pads poolings by amounts at both ends only, so "same" comes with a pad of its own before it. */
export function pytorchPooling(className: string, p: Params, image: Shape): string {
  const pool = `nn.${className}((${p.poolSize.join(', ')}), stride=(${p.strides.join(', ')}))`;
  if (p.padding === 'valid') return pool;
  const total = [0, 1].map((side) => {
    const out = Math.ceil(image[side]! / p.strides[side]!);
    return Math.max((out - 1) * p.strides[side]! + p.poolSize[side]! - image[side]!, 0);
  });
  const [height, width] = total.map((n) => [Math.floor(n / 2), Math.ceil(n / 2)]);
  const fill = className === 'MaxPool2d' ? 'float("-inf")' : '0.0';
  return `nn.Sequential(nn.ConstantPad2d((${[...width!, ...height!].join(', ')}), ${fill}), ${pool})`;
}
