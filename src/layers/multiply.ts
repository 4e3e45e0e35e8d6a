/** Multiplies layers of one shape value by value, as gates and attention do. */
import { sizeOf } from '../core/shape';
import { plainRead } from './coremlReading';
import { defineLayer } from './defineLayer';
import { oneShape } from './oneShape';

export const multiply = defineLayer({
  kind: 'multiply',
  label: 'Multiply',
  autoName: 'multiply',
  aliases: ['product', 'gate'],
  group: 'merge',
  icon: 'x',
  documentation:
    'Multiplies the outputs of several layers value by value, so that one can open and close another. All must have the ' +
    'same shape.',
  params: {},
  inputs: { min: 2, max: 8 },
  summary: () => 'value by value',
  outputShape: (inputs) => oneShape('Multiply', inputs),
  multiplyAdds: (inputs) => sizeOf(inputs[0]!) * (inputs.length - 1),
  tensorflow: (tf, _, { name, inputs }) =>
    tf.layers.layers.multiply({ name }).apply([...inputs]) as (typeof inputs)[0],
  coreml: {
    write: ({ name, inputs, output }) => [{ name, input: [...inputs], output: [output], multiply: {} }],
    // Of one input it multiplies by a number, which is an activation.
    read: ({ multiply, input }) => (multiply && input.length > 1 ? plainRead : undefined),
  },
  snippets: {
    keras: () => 'layers.Multiply()',
    pytorch: (_, inputs) => `# forward: ${inputs.map((_shape, i) => `x${i}`).join(' * ')}`,
  },
});
