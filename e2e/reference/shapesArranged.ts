/**
 * The shapes of the layers that join or move numbers: add, multiply, concat, reshape, permute, padding.
 */
import { describeShape, sizeOf, type Shape } from './tensor';
import type { LayerBody, PaddingLayer } from './types';

/** The shape of a sum or product: the inputs agree, but one number or column may be repeated along height and width. */
export function joinedShape(inputs: readonly Shape[]): Shape | string {
  const [first] = inputs;
  if (!first) return 'no input';
  const largest = (axis: keyof Shape) => Math.max(...inputs.map((input) => input[axis]));
  const shape = { channels: largest('channels'), height: largest('height'), width: largest('width') };
  const other = inputs.find(
    ({ channels, height, width }) =>
      (channels !== shape.channels && channels !== 1) ||
      ((height !== shape.height || width !== shape.width) && (height !== 1 || width !== 1)),
  );
  return other ? `inputs of ${describeShape(other)} and ${describeShape(shape)} cannot be joined` : shape;
}

/** All axes but the channels agree. */
export function concatShape(
  body: Extract<LayerBody, { kind: 'concat' }>,
  inputs: readonly Shape[],
): Shape | string {
  if (body.sequenceConcat) return 'joining along the sequence is not computed by this reference';
  const [first] = inputs;
  if (!first) return 'no input';
  const other = inputs.find((shape) => shape.height !== first.height || shape.width !== first.width);
  if (other)
    return `inputs of ${describeShape(first)} and ${describeShape(other)} cannot be joined along the channels`;
  return { ...first, channels: inputs.reduce((sum, shape) => sum + shape.channels, 0) };
}

/** The target `[C, H, W]`, or `[1, C, H, W]` with the one sequence that there is. */
export function reshapedShape(
  { targetShape, mode }: Extract<LayerBody, { kind: 'reshape' }>,
  input: Shape,
): Shape | string {
  if (mode !== 0 && mode !== 1) return `mode ${mode} is not known; 0 and 1 are`;
  if (targetShape.length !== 3 && targetShape.length !== 4)
    return `the target shape should have 3 or 4 numbers, but has ${targetShape.length}`;
  if (targetShape.length === 4 && targetShape[0] !== 1)
    return `a target of ${targetShape[0]} sequences is not computed by this reference`;
  const [channels = 0, height = 0, width = 0] = targetShape.slice(-3);
  const shape = { channels, height, width };
  return [channels, height, width].every((size) => size >= 1) && sizeOf(shape) === sizeOf(input)
    ? shape
    : `${describeShape(input)} cannot be reshaped to ${describeShape(shape)}`;
}

/** Axes are sequence, channels, height, width; what becomes the sequence must be of size 1. */
export function permutedShape(axis: readonly number[], input: Shape): Shape | string {
  if ([...axis].sort().join() !== '0,1,2,3')
    return `the axes should be 0, 1, 2 and 3 in some order, but are ${axis.join(', ') || 'none'}`;
  const sizes = [1, input.channels, input.height, input.width];
  const [sequence, channels, height, width] = axis.map((from) => sizes[from]!);
  if (sequence !== 1) return `an output of ${sequence} sequences is not computed by this reference`;
  return { channels: channels!, height: height!, width: width! };
}

/** The input with rows and columns at its edges; a mirror image needs more rows than it adds at one edge. */
export function paddedShape({ padding, amounts }: PaddingLayer, input: Shape): Shape | string {
  if (!padding) return 'the padding is not set';
  if (amounts.length !== 0 && amounts.length !== 2)
    return `padding amounts should be none or two (height, width), but are ${amounts.length}`;
  const [rows = { start: 0, end: 0 }, columns = { start: 0, end: 0 }] = amounts;
  const [top, bottom, left, right] = [rows.start, rows.end, columns.start, columns.end];
  if (Math.min(top, bottom, left, right) < 0) return 'padding amounts should not be negative';
  if (
    padding.mode === 'reflection' &&
    (Math.max(top, bottom) >= input.height || Math.max(left, right) >= input.width)
  ) {
    return `a mirror image of ${describeShape(input)} does not reach that far`;
  }
  return {
    channels: input.channels,
    height: top + input.height + bottom,
    width: left + input.width + right,
  };
}
