/** Flatten, in the order height, width, channels. */
import { formatShape, sizeOf } from '../core/shape';
import { defineLayer } from './defineLayer';

export const flatten = defineLayer({
  kind: 'flatten',
  label: 'Flatten',
  autoName: 'flatten',
  group: 'shape',
  icon: 'rows',
  documentation: 'Lays the image out as one long vector, as Dense layers want it. It has nothing to learn.',
  params: {},
  inputs: { min: 1, max: 1 },
  summary: () => 'to one dimension',
  outputShape: ([image]) => [sizeOf(image!)],
  arithmetic: ([image], _, output) => [
    image!.length > 1 ? `${formatShape(image!)} = ${output[0]}` : `${output[0]}, flat already`,
  ],
  tensorflow: (tf, _, { name, inputs }) =>
    tf.layers.layers.flatten({ name }).apply(inputs[0]!) as (typeof inputs)[0],
  coreml: {
    // Mode 1 walks height, width, channels, as TensorFlow.js does: the next dense kernel needs no reordering.
    write: ({ name, inputs, output }) => [
      { name, input: [...inputs], output: [output], flatten: { mode: 1 } },
    ],
  },
  snippets: {
    keras: () => 'layers.Flatten()',
    pytorch: () => 'nn.Flatten()',
  },
});
