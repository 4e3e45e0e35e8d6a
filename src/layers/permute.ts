/** Reorders the dimensions of an image: height and width change places, or channels become rows. */
import { problem } from '../core/problem';
import type { NeuralNetworkLayer } from '../coreml/messages';
import { readNumbers } from './coremlReading';
import type { CoreMLRead, CoreMLReadContext } from './defineLayer';
import { defineLayer } from './defineLayer';
import { requireImage } from './windows';

const names = ['height', 'width', 'channels'] as const;
const transposed = [2, 1, 3];

/** Core ML's number of the axes height, width and channels; 0 is the sequence. */
const coremlAxes = [2, 3, 1] as const;

/** The order of Core ML's axes sequence, channels, height and width for Keras's order of height, width and channels. */
function coremlAxis([height, width, channels]: readonly number[]): number[] {
  return [0, ...[channels!, height!, width!].map((dim) => coremlAxes[dim - 1]!)];
}

function read(
  { permute }: NeuralNetworkLayer,
  { inputShapes }: CoreMLReadContext,
): CoreMLRead | string | undefined {
  if (!permute) return undefined;
  const axis = readNumbers(permute.axis);
  const complete = [0, 1, 2, 3].every((n) => axis.includes(n)) && axis.length === 4;
  if (!complete || axis[0] !== 0)
    return (
      `It puts the axes sequence, channels, height and width in the order ${axis.join(', ')}; here the sequence ` +
      'stays first and each of the others comes once.'
    );
  if (inputShapes[0]?.length === 1)
    return 'It reorders the axes of a flat vector, which has only one here. Leave it out, or use Reshape.';
  const dims = [axis[2]!, axis[3]!, axis[1]!].map((n) => coremlAxes.indexOf(n as 1 | 2 | 3) + 1);
  return { params: { dims }, weights: {} };
}

export const permute = defineLayer({
  kind: 'permute',
  label: 'Permute',
  autoName: 'permute',
  aliases: ['transpose'],
  group: 'shape',
  icon: 'swap',
  documentation: 'Reorders the dimensions of an image, such as height and width. Every value stays as it is.',
  params: {
    dims: {
      type: 'tuple',
      label: 'Dimensions',
      help: 'Which dimension of the input becomes the height, the width and the channels: 1 is its height, 2 its width, 3 its channels.',
      parts: names,
      default: transposed,
      min: 1,
      max: 3,
    },
  },
  inputs: { min: 1, max: 1 },
  summary: ({ dims }) => dims.map((dim) => names[dim - 1]).join(' × '),
  outputShape([image], { dims }) {
    const wrong = requireImage('Permute', image!);
    if (wrong) return wrong;
    if (new Set(dims).size === 3) return dims.map((dim) => image![dim - 1]!);
    return problem(
      'dims',
      `Permute takes each of the dimensions 1, 2 and 3 once; it has ${dims.join(', ')}.`,
      {
        type: 'setParams',
        params: { dims: transposed },
        label: `Use ${transposed.join(', ')}`,
      },
    );
  },
  arithmetic: (_, { dims }, output) =>
    names.map((name, i) => `${name} is the ${names[dims[i]! - 1]} before = ${output[i]}`),
  tensorflow: (tf, { dims }, { name, inputs }) =>
    tf.layers.layers.permute({ name, dims: [...dims] }).apply(inputs[0]!) as (typeof inputs)[0],
  coreml: {
    write: ({ name, params: { dims }, inputs, output }) => [
      { name, input: [...inputs], output: [output], permute: { axis: coremlAxis(dims) } },
    ],
    read,
  },
  snippets: {
    keras: ({ dims }) => `layers.Permute((${dims.join(', ')}))`,
    // PyTorch's axes: 0 the batch, 1 channels, 2 height, 3 width.
    pytorch: ({ dims }) => {
      const axes = [2, 3, 1];
      const order = [dims[2]!, dims[0]!, dims[1]!].map((dim) => axes[dim - 1]);
      return `# forward: x.permute(0, ${order.join(', ')})`;
    },
  },
});
