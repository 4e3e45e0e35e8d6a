/** Where examples enter the network: as images, or as flat vectors. */
import { defineLayer } from './defineLayer';

export const input = defineLayer({
  kind: 'input',
  label: 'Input',
  autoName: 'input',
  aliases: ['placeholder'],
  group: 'input',
  icon: 'image',
  documentation:
    'Where each example enters the network: an image of height × width × channels, or a vector of numbers.',
  params: {
    form: {
      type: 'choice',
      label: 'Form',
      help: 'Images can also enter as vectors, row by row with the channels side by side.',
      options: ['image', 'vector'],
      default: 'image',
    },
    shape: {
      type: 'tuple',
      label: 'Shape',
      parts: ['height', 'width', 'channels'],
      default: [28, 28, 1],
      min: 1,
      max: 1024,
      visible: ({ form }) => form === 'image',
    },
    size: {
      type: 'integer',
      label: 'Size',
      help: 'How many numbers an example has.',
      default: 784,
      min: 1,
      max: 1_048_576,
      visible: ({ form }) => form === 'vector',
    },
  },
  inputs: { min: 0, max: 0 },
  summary({ form, shape, size }) {
    if (form === 'vector') return size === 1 ? 'one number' : `${size.toLocaleString('en-US')} numbers`;
    return `${shape[0]} × ${shape[1]}, ${shape[2] === 1 ? 'one channel' : `${shape[2]} channels`}`;
  },
  outputShape: (_, { form, shape, size }) => (form === 'vector' ? [size] : shape),
  tensorflow: (tf, { form, shape, size }, { name }) =>
    tf.layers.input({ shape: form === 'vector' ? [size] : [...shape], name }),
  coreml: { write: () => [] },
  snippets: {
    keras: ({ form, shape, size }) =>
      `keras.Input(shape=(${form === 'vector' ? `${size},` : shape.join(', ')}))`,
    pytorch: ({ form, shape, size }) =>
      form === 'vector' ? `# input: (N, ${size})` : `# input: (N, ${shape[2]}, ${shape[0]}, ${shape[1]})`,
  },
});
