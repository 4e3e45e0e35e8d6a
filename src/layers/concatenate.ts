/** Joins layers along the last axis: channels of images, values of vectors. */
import { problem } from '../core/problem';
import { formatShape, sameShape } from '../core/shape';
import { plainRead } from './coremlReading';
import { defineLayer } from './defineLayer';

export const concatenate = defineLayer({
  kind: 'concatenate',
  label: 'Concatenate',
  autoName: 'concatenate',
  aliases: ['concat', 'cat', 'join'],
  group: 'merge',
  icon: 'combine',
  documentation:
    'Lays the outputs of several layers side by side: the channels of images, the values of vectors.',
  params: {},
  inputs: { min: 2, max: 8 },
  summary: () => 'along the channels',
  outputShape(inputs) {
    const [first, ...rest] = inputs;
    const other = rest.find((shape) => !sameShape(shape.slice(0, -1), first!.slice(0, -1)));
    if (!other) return [...first!.slice(0, -1), inputs.reduce((sum, shape) => sum + shape.at(-1)!, 0)];
    return problem(
      'shapesDiffer',
      `Concatenate needs inputs alike in all but the channels; it gets ${inputs.map(formatShape).join(' and ')}.`,
    );
  },
  arithmetic: (inputs, _, output) => [
    `channels ${inputs.map((shape) => shape.at(-1)).join(' + ')} = ${output.at(-1)}`,
  ],
  tensorflow: (tf, _, { name, inputs }) =>
    tf.layers.layers.concatenate({ name, axis: -1 }).apply([...inputs]) as (typeof inputs)[0],
  coreml: {
    write: ({ name, inputs, output }) => [
      { name, input: [...inputs], output: [output], concat: { sequenceConcat: false } },
    ],
    read({ concat, input }) {
      if (!concat) return undefined;
      if (concat.sequenceConcat) return 'It joins sequences along time; Concatenate joins channels.';
      return input.length > 1 ? plainRead : 'It has one input alone; Concatenate joins several.';
    },
  },
  snippets: {
    keras: () => 'layers.Concatenate()',
    pytorch: (_, inputs) => `# forward: torch.cat([${inputs.map((_shape, i) => `x${i}`).join(', ')}], dim=1)`,
  },
});
