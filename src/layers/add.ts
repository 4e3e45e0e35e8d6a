/** Adds layers of one shape, as residual networks do. */
import { problem } from '../core/problem';
import { formatShape, sameShape, sizeOf } from '../core/shape';
import { defineLayer } from './defineLayer';

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
      { type: 'matchChannels', label: 'Match channels' },
    );
  },
  multiplyAdds: (inputs) => sizeOf(inputs[0]!) * (inputs.length - 1),
  tensorflow: (tf, _, { name, inputs }) =>
    tf.layers.layers.add({ name }).apply([...inputs]) as (typeof inputs)[0],
  coreml: {
    write: ({ name, inputs, output }) => [{ name, input: [...inputs], output: [output], add: {} }],
  },
  snippets: {
    keras: () => 'layers.Add()',
    pytorch: (_, inputs) => `# forward: ${inputs.map((_shape, i) => `x${i}`).join(' + ')}`,
  },
});
