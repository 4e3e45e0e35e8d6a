/** Flatten, in the order height, width, channels. */
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
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
  tensorflow(tf, _, { name, inputs: [input] }) {
    const { layers } = tf.layers;
    // TensorFlow.js, unlike Keras, refuses to flatten what is flat already.
    const [, ...shape] = input!.shape;
    const layer =
      shape.length === 1 ? layers.reshape({ name, targetShape: shape }) : layers.flatten({ name });
    return layer.apply(input!) as SymbolicTensor;
  },
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
