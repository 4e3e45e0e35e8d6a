/**
 * Layers whose output values are input values in other places: what is walked in which order, and where zeros come in.
 * One operation does for all of them. What is in between, bilinear upsampling makes with an operation of its own.
 */
import { sizeOf, type Shape } from '../../core/shape';
import { samplingOf, type Grid } from '../../layers/interpolation';
import type { Order } from '../../layers/orders';
import { alias, type InputGradient, type LayerContext, type Lowered } from './builder';
import type { BackwardOperation, BufferId, ForwardOperation, InterpolationShape, WalkedAxis } from './plan';

type Axes = readonly WalkedAxis[];

const whole = (count: number, stride: number): WalkedAxis => ({ count, stride, before: 0, inside: count });

/** The axes of an image as it lies in memory: height, width, channels. */
function axesOf([height, width, channels]: Shape): readonly [WalkedAxis, WalkedAxis, WalkedAxis] {
  return [whole(height!, width! * channels!), whole(width!, channels!), whole(channels!, 1)];
}

/** One axis that does what two do, where they do not repeat values in between or have zeros. */
function joined(outer: WalkedAxis, inner: WalkedAxis): WalkedAxis | undefined {
  const full = outer.inside === outer.count && inner.inside === inner.count;
  if (!full || outer.stride !== inner.stride * inner.count) return undefined;
  return whole(outer.count * inner.count, inner.stride);
}

/** The same walk with as few axes as do. */
function plain(axes: Axes): Axes {
  const few: WalkedAxis[] = [];
  for (const axis of axes) {
    if (axis.count === 1 && axis.inside === 1) continue;
    const last = few.at(-1);
    const one = last && joined(last, axis);
    if (one) few[few.length - 1] = one;
    else few.push(axis);
  }
  return few.length > 0 ? few : [whole(1, 1)];
}

/** The operations of a walk from one buffer to another, there and back. */
function walk(axes: Axes, input: BufferId, output: BufferId) {
  const few = plain(axes);
  const forward: ForwardOperation = { type: 'rearrangement', axes: few, input, output };
  const backward = (outputGradient: BufferId, target: InputGradient): BackwardOperation => ({
    type: 'rearrangementGradient',
    axes: few,
    outputGradient,
    ...target,
  });
  return { forward, backward };
}

function rearranged(context: LayerContext, axes: Axes): Lowered {
  const output = context.output();
  const { forward, backward } = walk(axes, context.inputs[0]!, output);
  return { output, forward: [forward], backward: (gradient, target) => [backward(gradient, target)] };
}

/** An image channel by channel. */
function channelsFirst(image: Shape): Axes {
  const [height, width, channels] = axesOf(image);
  return [channels, height, width];
}

/** An image from its values channel by channel. */
function fromChannelsFirst([height, width, channels]: Shape): Axes {
  return [whole(height!, width!), whole(width!, 1), whole(channels!, height! * width!)];
}

export function lowerFlatten(context: LayerContext): Lowered {
  const { params, inputShapes } = context.group.layer;
  const [shape] = inputShapes;
  if ((params['order'] as Order) !== 'channelsFirst' || shape!.length === 1) return alias(context);
  return rearranged(context, channelsFirst(shape!));
}

export function lowerReshape(context: LayerContext): Lowered {
  const { params, inputShapes, outputShape } = context.group.layer;
  const [shape] = inputShapes;
  if ((params['order'] as Order) !== 'channelsFirst') return alias(context);
  if (shape!.length === 1) return rearranged(context, fromChannelsFirst(outputShape));
  // The sizes of both images need not divide each other, so no single walk leads from one to the other.
  const middle = context.buffer('channels first', sizeOf(outputShape));
  const output = context.output();
  const first = walk(channelsFirst(shape!), context.inputs[0]!, middle);
  const second = walk(fromChannelsFirst(outputShape), middle, output);
  return {
    output,
    forward: [first.forward, second.forward],
    backward(gradient, target) {
      const inputGradient = context.buffer('gradient of channels first', sizeOf(outputShape));
      return [
        second.backward(gradient, { inputGradient, accumulate: false }),
        first.backward(inputGradient, target),
      ];
    },
  };
}

export function lowerPermute(context: LayerContext): Lowered {
  const { params, inputShapes } = context.group.layer;
  const axes = axesOf(inputShapes[0]!);
  return rearranged(
    context,
    (params['dims'] as readonly number[]).map((dim) => axes[dim - 1]!),
  );
}

export function lowerZeroPadding(context: LayerContext): Lowered {
  const { params, inputShapes, outputShape } = context.group.layer;
  const [top, , left] = params['padding'] as readonly number[];
  const [height, width, channels] = axesOf(inputShapes[0]!);
  return rearranged(context, [
    { ...height, count: outputShape[0]!, before: top! },
    { ...width, count: outputShape[1]!, before: left! },
    channels,
  ]);
}

export function lowerUpSampling(context: LayerContext): Lowered {
  const { params, inputShapes, outputShape } = context.group.layer;
  const [image] = inputShapes;
  if (params['interpolation'] === 'nearest') {
    const [height, width, channels] = axesOf(image!);
    const [down, across] = params['size'] as readonly number[];
    return rearranged(context, [height, whole(down!, 0), width, whole(across!, 0), channels]);
  }
  const along = (side: 0 | 1) => samplingOf(params['grid'] as Grid, image![side]!, outputShape[side]!);
  const grid: InterpolationShape = { rows: along(0), columns: along(1), channels: image![2]! };
  const values = { input: context.inputs[0]!, output: context.output() };
  return {
    output: values.output,
    forward: [{ type: 'interpolation', grid, ...values }],
    backward: (outputGradient, target) => [
      { type: 'interpolationGradient', grid, outputGradient, ...target },
    ],
  };
}
