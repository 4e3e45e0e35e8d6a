/** What the layers share that join inputs of one shape value by value: the shape rule, and how to mend it. Not a layer kind itself. */
import { problem, type Problem } from '../core/problem';
import { formatShape, sameShape, type Shape } from '../core/shape';
import { conv2d } from './conv2d';

/** A 1×1 convolution with same padding that gives one input the shape of the others. */
export interface ChannelMatch {
  /** Index of the input. */
  readonly input: number;
  readonly filters: number;
  readonly strides: readonly [number, number];
}

/**
 * The convolutions that give images of different shapes one shape: that of the first of the smallest.
 * @param inputs `[height, width, channels]` each.
 * @returns one for each input that differs, or undefined where 1×1 convolutions cannot do it.
 */
export function channelMatch(inputs: readonly Shape[]): readonly ChannelMatch[] | undefined {
  if (inputs.some((shape) => shape.length !== 3)) return undefined;
  const area = ([height, width]: Shape): number => height! * width!;
  const goal = inputs.reduce((best, shape) => (area(shape) < area(best) ? shape : best));
  const matches: ChannelMatch[] = [];
  for (const [input, shape] of inputs.entries()) {
    if (sameShape(shape, goal)) continue;
    const strides = [strideTo(shape[0]!, goal[0]!), strideTo(shape[1]!, goal[1]!)] as const;
    const [down, across] = strides;
    if (down === undefined || across === undefined || goal[2]! > conv2d.params.filters.max) return undefined;
    matches.push({ input, filters: goal[2]!, strides: [down, across] });
  }
  return matches;
}

/** The smallest stride that takes `size` to `goal` under same padding, where there is one. */
function strideTo(size: number, goal: number): number | undefined {
  const stride = Math.ceil(size / goal);
  return Math.ceil(size / stride) === goal && stride <= conv2d.params.strides.max ? stride : undefined;
}

/** The shape that all inputs have, or the Problem that they differ. */
export function oneShape(label: string, inputs: readonly Shape[]): Shape | Problem {
  const [first, ...rest] = inputs;
  if (rest.every((shape) => sameShape(shape, first!))) return first!;
  return problem(
    'shapesDiffer',
    `${label} needs inputs of one shape; it gets ${inputs.map(formatShape).join(' and ')}.`,
    channelMatch(inputs) && { type: 'matchChannels', label: 'Match channels' },
  );
}
