/** How a transposed convolution becomes operations: by the convolution that it goes back through. */
import { borders, type Padding } from '../../layers/windows';
import { groupCurve, type LayerContext, type Lowered } from './builder';
import { identity } from './curve';
import { groupsOf } from './groups';
import type { TransposedShape } from './plan';

const pair = (value: unknown): readonly [number, number] => value as [number, number];

/** Its own outputs are that convolution's image, and its padding is that one's. */
export function lowerTransposedConvolution(context: LayerContext): Lowered {
  const { layer } = context.group;
  const { params } = layer;
  const [height, width, channels] = layer.inputShapes[0] as readonly [number, number, number];
  const image = layer.outputShape as readonly [number, number, number];
  const window = {
    size: pair(params['kernelSize']),
    strides: pair(params['strides']),
    dilation: pair([1, 1]),
  };
  const padding = { padding: params['padding'] as Padding, pads: [] };
  const [rows, columns] = borders({ ...window, ...padding }, image.slice(0, 2));
  const border = [rows!.padding[0], columns!.padding[0]] as const;
  const kernel = context.weight('kernel')!;
  const shape: TransposedShape = {
    kernel,
    bias: context.weight('bias'),
    curve: groupCurve(context),
    through: {
      kernel,
      curve: identity,
      window: { ...window, image, border, output: [height, width] },
      filters: channels,
      groups: groupsOf(layer),
    },
  };
  const values = { input: context.inputs[0]!, output: context.output() };
  return {
    output: values.output,
    forward: [{ type: 'transposedConvolution', shape, ...values }],
    backward: (outputGradient, target) => [
      { type: 'transposedConvolutionGradient', shape, ...values, outputGradient, ...target },
    ],
  };
}
