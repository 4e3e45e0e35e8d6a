/** Adds layers of one shape, as residual networks do. */
import { sizeOf } from '../core/shape';
import { plainRead } from './coremlReading';
import { defineLayer } from './defineLayer';
import { oneShape } from './oneShape';

export const add = defineLayer({
  kind: 'add',
  label: 'Add',
  autoName: 'add',
  aliases: ['sum', 'residual', 'skip'],
  group: 'merge',
  icon: 'plus',
  documentation: 'Adds the outputs of several layers value by value. All must have the same shape.',
  params: {},
  inputs: { min: 2, max: 8 },
  summary: () => 'value by value',
  outputShape: (inputs) => oneShape('Add', inputs),
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
