/** Gives the same values another shape: an image of another size, or an image made of a vector. */
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { problem, type Problem } from '../core/problem';
import { formatShape, sizeOf, type Shape } from '../core/shape';
import type { NeuralNetworkLayer } from '../coreml/messages';
import { readNumbers } from './coremlReading';
import { defineLayer, type CoreMLRead } from './defineLayer';
import { coremlOrder, orderOf, orderParam } from './orders';

const LARGEST = 1_048_576;

/** An image of `size` values: square with the channels that were asked for, grey or coloured; else a single place. */
function fitting(size: number, target: Shape): Shape {
  for (const channels of [target[2]!, 1, 3]) {
    const side = Math.sqrt(size / channels);
    if (Number.isInteger(side)) return [side, side, channels];
  }
  return [1, 1, size];
}

function sizeProblem(input: Shape, target: Shape): Problem {
  const size = sizeOf(input);
  const other = fitting(size, target);
  return problem(
    'size',
    `Reshape keeps every value: its input ${formatShape(input)} has ${size}, but ${formatShape(target)} takes ` +
      `${sizeOf(target)}.`,
    size > LARGEST
      ? undefined
      : { type: 'setParams', params: { targetShape: other }, label: `Use ${formatShape(other)}` },
  );
}

function read({ reshape: layer }: NeuralNetworkLayer): CoreMLRead | string | undefined {
  if (!layer) return undefined;
  const found = orderOf(layer.mode);
  if ('refusal' in found) return found.refusal;
  const targetShape = readNumbers(layer.targetShape);
  const [channels, height, width] = targetShape.slice(-3);
  const known = targetShape.length === 3 || (targetShape.length === 4 && targetShape[0] === 1);
  if (!known)
    return (
      `It makes an array of ${targetShape.join(' × ') || 'no shape'}; here it makes channels × height × width, and no ` +
      'sequence longer than one.'
    );
  return { params: { targetShape: [height!, width!, channels!], order: found.order }, weights: {} };
}

export const reshape = defineLayer({
  kind: 'reshape',
  label: 'Reshape',
  autoName: 'reshape',
  aliases: ['view', 'unflatten'],
  group: 'shape',
  icon: 'shapes',
  documentation:
    'Gives the same values another shape, such as an image made of a vector. It has nothing to learn.',
  params: {
    targetShape: {
      type: 'tuple',
      label: 'Target shape',
      parts: ['height', 'width', 'channels'],
      default: [28, 28, 1],
      min: 1,
      max: LARGEST,
    },
    order: orderParam,
  },
  inputs: { min: 1, max: 1 },
  summary: ({ targetShape, order }) =>
    `to ${formatShape(targetShape)}${order === 'channelsFirst' ? ' · channel by channel' : ''}`,
  outputShape: ([input], { targetShape }) =>
    sizeOf(input!) === sizeOf(targetShape) ? targetShape : sizeProblem(input!, targetShape),
  arithmetic: ([input], _, output) => [`${formatShape(input!)} = ${formatShape(output)} = ${sizeOf(output)}`],
  tensorflow(tf, { targetShape, order }, { name, inputs: [input] }) {
    const { layers } = tf.layers;
    const [height, width, channels] = targetShape;
    if (order === 'channelsLast')
      return layers.reshape({ name, targetShape: [...targetShape] }).apply(input!) as SymbolicTensor;
    const walked =
      input!.shape.length === 4
        ? (layers.permute({ dims: [3, 1, 2] }).apply(input!) as SymbolicTensor)
        : input!;
    const shaped = layers
      .reshape({ targetShape: [channels!, height!, width!] })
      .apply(walked) as SymbolicTensor;
    return layers.permute({ name, dims: [2, 3, 1] }).apply(shaped) as SymbolicTensor;
  },
  coreml: {
    write({ name, params: { targetShape, order }, inputs, output }) {
      const [height, width, channels] = targetShape;
      const reshaped = { targetShape: [channels!, height!, width!], mode: coremlOrder[order] };
      return [{ name, input: [...inputs], output: [output], reshape: reshaped }];
    },
    read,
  },
  snippets: {
    keras({ targetShape: [height, width, channels], order }) {
      const last = `layers.Reshape((${height}, ${width}, ${channels}))`;
      const first = `layers.Reshape((${channels}, ${height}, ${width})), layers.Permute((2, 3, 1))`;
      return order === 'channelsLast'
        ? last
        : `keras.Sequential([${first}]) # of an image: layers.Permute((3, 1, 2)) before it`;
    },
    pytorch({ targetShape: [height, width, channels], order }, [input]) {
      if (order === 'channelsFirst') return `nn.Unflatten(1, (${channels}, ${height}, ${width}))`;
      const walked = input!.length === 3 ? 'x.permute(0, 2, 3, 1)' : 'x';
      return `# forward: ${walked}.reshape(-1, ${height}, ${width}, ${channels}).permute(0, 3, 1, 2)`;
    },
  },
});
