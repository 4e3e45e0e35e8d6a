/** Adds layers of one shape, as residual networks do. */
import { problem } from '../core/problem';
import { formatShape, sameShape, sizeOf, type Shape } from '../core/shape';
import { conv2d } from './conv2d';
import { plainRead } from './coremlReading';
import { defineLayer } from './defineLayer';

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

export const add = defineLayer({
  kind: 'add',
  label: 'Add',
  autoName: 'add',
  group: 'merge',
  icon: 'plus',
  documentation: 'Adds the outputs of several layers value by value. All must have the same shape.',
  params: {},
  inputs: { min: 2, max: 8 },
  summary: () => 'value by value',
  outputShape(inputs) {
    const [first, ...rest] = inputs;
    const other = rest.find((shape) => !sameShape(shape, first!));
    if (!other) return first!;
    return problem(
      'shapesDiffer',
      `Add needs inputs of one shape; it gets ${inputs.map(formatShape).join(' and ')}.`,
      channelMatch(inputs) && { type: 'matchChannels', label: 'Match channels' },
    );
  },
  multiplyAdds: (inputs) => sizeOf(inputs[0]!) * (inputs.length - 1),
  tensorflow: (tf, _, { name, inputs }) =>
    tf.layers.layers.add({ name }).apply([...inputs]) as (typeof inputs)[0],
  coreml: {
    write: ({ name, inputs, output }) => [{ name, input: [...inputs], output: [output], add: {} }],
    read({ add: sum, input }) {
      if (!sum) return undefined;
      return input.length > 1 ? plainRead : 'It adds a constant to one input; Add joins several.';
    },
  },
  snippets: {
    keras: () => 'layers.Add()',
    pytorch: (_, inputs) => `# forward: ${inputs.map((_shape, i) => `x${i}`).join(' + ')}`,
  },
});
