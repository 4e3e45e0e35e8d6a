/** How the activations with weights become operations. */
import { sizeOf } from '../../core/shape';
import type { LayerContext, Lowered } from './builder';
import type { ChannelCurveShape } from './plan';

/** @param name the curve, which is the layer's kind. */
export function lowerChannelCurve(context: LayerContext, name: ChannelCurveShape['name']): Lowered {
  const { outputShape } = context.group.layer;
  const channels = outputShape.at(-1)!;
  const shape: ChannelCurveShape = {
    name,
    channels,
    rows: sizeOf(outputShape) / channels,
    alpha: context.weight('alpha')!,
    beta: context.weight('beta'),
  };
  const values = { input: context.inputs[0]!, output: context.output() };
  return {
    output: values.output,
    forward: [{ type: 'channelCurve', shape, ...values }],
    backward: (outputGradient, target) => [
      { type: 'channelCurveGradient', shape, input: values.input, outputGradient, ...target },
    ],
  };
}
