/** How the layers become operations that pool by themselves, without a convolution before them. */
import { sizeOf } from '../../core/shape';
import type { LayerContext, Lowered } from './builder';
import type { WindowShape } from './plan';

/** A window that is the whole image. */
export function imageWindow({ group }: LayerContext): WindowShape {
  const image = group.layer.inputShapes[0] as readonly [number, number, number];
  const one = [1, 1] as const;
  return { image, size: [image[0], image[1]], strides: one, dilation: one, border: [0, 0], output: one };
}

export function lowerMaxPooling(context: LayerContext, window: WindowShape): Lowered {
  const values = { input: context.inputs[0]!, output: context.output() };
  const positions = context.buffer('positions', sizeOf(context.group.layer.outputShape));
  return {
    output: values.output,
    forward: [{ type: 'maxPooling', window, positions, ...values }],
    backward: (outputGradient, target) => [
      { type: 'maxPoolingGradient', window, positions, outputGradient, ...target },
    ],
  };
}

export function lowerAverage(context: LayerContext, window: WindowShape, countPadding: boolean): Lowered {
  const values = { input: context.inputs[0]!, output: context.output() };
  return {
    output: values.output,
    forward: [{ type: 'averagePooling', window, countPadding, ...values }],
    backward: (outputGradient, target) => [
      { type: 'averagePoolingGradient', window, countPadding, outputGradient, ...target },
    ],
  };
}

export function lowerL2(context: LayerContext, window: WindowShape): Lowered {
  const values = { input: context.inputs[0]!, output: context.output() };
  return {
    output: values.output,
    forward: [{ type: 'l2Pooling', window, ...values }],
    backward: (outputGradient, target) => [
      { type: 'l2PoolingGradient', window, ...values, outputGradient, ...target },
    ],
  };
}
