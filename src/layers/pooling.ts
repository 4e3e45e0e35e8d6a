/** What the poolings share: parameters, shape rule, Core ML layer. Not a layer kind itself. */
import type { NeuralNetworkLayer, PoolingType } from '../coreml/messages';
import type { ParamsOf } from '../core/params';
import type { Problem } from '../core/problem';
import { isProblem } from '../core/problem';
import { formatShape, sameShape, sizeOf, type Shape } from '../core/shape';
import { coremlPadding, readPoolingPadding } from './coremlPadding';
import { readPair } from './coremlReading';
import type { CoreMLContext, CoreMLRead, CoreMLReadContext } from './defineLayer';
import { paddingParams, requireImage, requireInside, slide, slideArithmetic, type Window } from './windows';

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
  ...paddingParams,
} as const;

type Params = ParamsOf<typeof poolingParams>;

/** The window of a pooling. */
export const poolingWindow = (p: Params): Window => ({
  size: p.poolSize,
  strides: p.strides,
  padding: p.padding,
  pads: p.pads,
  param: 'poolSize',
  noun: 'pool',
});

export function poolingSummary(p: Params): string {
  const size = formatShape(p.poolSize);
  return sameShape(p.poolSize, p.strides) ? size : `${size} · stride ${formatShape(p.strides)}`;
}

export function poolingShape(label: string, image: Shape, p: Params): Shape | Problem {
  const wrong = requireImage(label, image) ?? requireInside(label, poolingWindow(p));
  if (wrong) return wrong;
  const out = slide(label, image, poolingWindow(p));
  return isProblem(out) ? out : [...out, image[2]!];
}

export function poolingArithmetic(image: Shape, p: Params, output: Shape): readonly string[] {
  return [
    ...slideArithmetic(image, poolingWindow(p), output),
    `output ${output[0]} × ${output[1]} × ${output[2]} channels`,
  ];
}

export function poolingAdds(p: Params, output: Shape): number {
  return sizeOf(output) * sizeOf(p.poolSize);
}

/** @param countPadding whether the border counts in an average. */
export function writePooling(
  type: PoolingType,
  c: CoreMLContext<Params>,
  countPadding = false,
): readonly NeuralNetworkLayer[] {
  return [
    {
      name: c.name,
      input: [...c.inputs],
      output: [c.output],
      pooling: {
        type,
        kernelSize: [...c.params.poolSize],
        stride: [...c.params.strides],
        ...coremlPadding(c.params),
        avgPoolExcludePadding: !countPadding,
      },
    },
  ];
}

/** Reads a pooling of this type that slides its window, so that its parameters say the same. */
export function readPooling(
  type: PoolingType,
  { pooling }: NeuralNetworkLayer,
  { inputShapes }: CoreMLReadContext,
): CoreMLRead | string | undefined {
  if (pooling?.type !== type || pooling.globalPooling) return undefined;
  const size = readPair(pooling.kernelSize, 'kernel size', [3, 3]);
  const strides = readPair(pooling.stride, 'stride', [1, 1]);
  if (typeof size === 'string') return size;
  if (typeof strides === 'string') return strides;
  const padding = readPoolingPadding(pooling, { size, strides }, inputShapes[0] ?? []);
  if (typeof padding === 'string') return padding;
  return { params: { poolSize: size, strides, ...padding }, weights: {} };
}
