/** Flatten, in the order height, width, channels, or channel by channel. */
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { formatShape, sizeOf } from '../core/shape';
import { defineLayer } from './defineLayer';
import { coremlOrder, orderOf, orderParam } from './orders';

export const flatten = defineLayer({
  kind: 'flatten',
  label: 'Flatten',
  autoName: 'flatten',
  aliases: ['flattenTo2D'],
  group: 'shape',
  icon: 'rows',
  documentation: 'Lays the image out as one long vector, as Dense layers want it. It has nothing to learn.',
  params: { order: orderParam },
  inputs: { min: 1, max: 1 },
  summary: ({ order }) => (order === 'channelsFirst' ? 'channel by channel' : 'to one dimension'),
  outputShape: ([image]) => [sizeOf(image!)],
  arithmetic: ([image], _, output) => [
    image!.length > 1 ? `${formatShape(image!)} = ${output[0]}` : `${output[0]}, flat already`,
  ],
  tensorflow(tf, { order }, { name, inputs: [input] }) {
    const { layers } = tf.layers;
    // TensorFlow.js, unlike Keras, refuses to flatten what is flat already.
    const [, ...shape] = input!.shape;
    if (shape.length === 1)
      return layers.reshape({ name, targetShape: shape }).apply(input!) as SymbolicTensor;
    const walked =
      order === 'channelsFirst'
        ? (layers.permute({ dims: [3, 1, 2] }).apply(input!) as SymbolicTensor)
        : input!;
    return layers.flatten({ name }).apply(walked) as SymbolicTensor;
  },
  coreml: {
    // Mode 1 walks height, width, channels, as TensorFlow.js does: the next dense kernel needs no reordering.
    write: ({ name, params: { order }, inputs, output }) => [
      { name, input: [...inputs], output: [output], flatten: { mode: coremlOrder[order] } },
    ],
    read({ flatten: layer }) {
      if (!layer) return undefined;
      const found = orderOf(layer.mode);
      return 'refusal' in found ? found.refusal : { params: { order: found.order }, weights: {} };
    },
  },
  snippets: {
    keras: ({ order }) =>
      order === 'channelsFirst'
        ? 'keras.Sequential([layers.Permute((3, 1, 2)), layers.Flatten()])'
        : 'layers.Flatten()',
    // PyTorch keeps channels first; with one channel, or one place, both orders are one.
    pytorch: ({ order }, [image]) =>
      order === 'channelsLast' && image!.length === 3 && image![2]! > 1 && image![0]! * image![1]! > 1
        ? '# forward: x.permute(0, 2, 3, 1).flatten(1)'
        : 'nn.Flatten()',
  },
});
