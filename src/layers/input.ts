/** Where examples enter the network. */
import { defineLayer } from './defineLayer';

export const input = defineLayer({
  kind: 'input',
  label: 'Input',
  autoName: 'input',
  group: 'input',
  icon: 'image',
  documentation: 'Where each example enters the network: an image of height × width × channels.',
  params: {
    shape: {
      type: 'tuple',
      label: 'Shape',
      parts: ['height', 'width', 'channels'],
      default: [28, 28, 1],
      min: 1,
      max: 1024,
    },
  },
  inputs: { min: 0, max: 0 },
  summary: ({ shape }) =>
    `${shape[0]} × ${shape[1]}, ${shape[2] === 1 ? 'one channel' : `${shape[2]} channels`}`,
  outputShape: (_, { shape }) => shape,
  tensorflow: (tf, { shape }, { name }) => tf.layers.input({ shape: [...shape], name }),
  coreml: { write: () => [] },
  snippets: {
    keras: ({ shape }) => `keras.Input(shape=(${shape.join(', ')}))`,
    pytorch: ({ shape }) => `# input: (N, ${shape[2]}, ${shape[0]}, ${shape[1]})`,
  },
});
