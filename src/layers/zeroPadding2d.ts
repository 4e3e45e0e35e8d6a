/** Puts rows and columns of zeros around an image. */
import type { NeuralNetworkLayer } from '../coreml/messages';
import { defineLayer, type CoreMLRead } from './defineLayer';
import { requireImage } from './windows';

const parts = ['top', 'bottom', 'left', 'right'] as const;

function read({ padding: layer }: NeuralNetworkLayer): CoreMLRead | string | undefined {
  if (!layer) return undefined;
  if (layer.reflection)
    return 'It pads by reflection of the image at its edges; only zeros can be put there here.';
  if (layer.replication)
    return 'It pads by repeating the pixels at the edges; only zeros can be put there here.';
  const value = layer.constant?.value ?? 0;
  if (value !== 0) return `It pads with the value ${value}; only zeros can be put there here.`;
  const amounts = layer.paddingAmounts?.borderAmounts ?? [];
  if (amounts.length !== 2 && amounts.length !== 0)
    return `It pads so many axes of an array: ${amounts.length}. Here it pads two, the height and the width.`;
  const padding = amounts.flatMap(({ startEdgeSize, endEdgeSize }) => [startEdgeSize, endEdgeSize]);
  return { params: { padding: padding.length > 0 ? padding : [0, 0, 0, 0] }, weights: {} };
}

export const zeroPadding2d = defineLayer({
  kind: 'zeroPadding2d',
  label: 'ZeroPadding2D',
  autoName: 'zero_padding2d',
  aliases: ['ZeroPad2d'],
  group: 'shape',
  icon: 'frame',
  documentation: 'Puts rows and columns of zeros around an image, so that windows can reach past its edges.',
  params: {
    padding: {
      type: 'tuple',
      label: 'Padding',
      help: 'Rows of zeros above and below, and columns of zeros to the left and to the right.',
      parts,
      default: [1, 1, 1, 1],
      min: 0,
      max: 1024,
    },
  },
  inputs: { min: 1, max: 1 },
  summary: ({ padding }) =>
    padding.every((n) => n === padding[0])
      ? `${padding[0]} on every side`
      : padding.map((n, i) => `${parts[i]} ${n}`).join(', '),
  outputShape([image], { padding: [top, bottom, left, right] }) {
    const [height, width, channels] = image!;
    return (
      requireImage('ZeroPadding2D', image!) ?? [height! + top! + bottom!, width! + left! + right!, channels!]
    );
  },
  arithmetic: ([image], { padding: [top, bottom, left, right] }, output) => [
    `height ${top} + ${image![0]} + ${bottom} = ${output[0]}`,
    `width ${left} + ${image![1]} + ${right} = ${output[1]}`,
  ],
  tensorflow(tf, { padding: [top, bottom, left, right] }, { name, inputs }) {
    const padding: [[number, number], [number, number]] = [
      [top!, bottom!],
      [left!, right!],
    ];
    return tf.layers.layers.zeroPadding2d({ name, padding }).apply(inputs[0]!) as (typeof inputs)[0];
  },
  coreml: {
    write({ name, params: { padding }, inputs, output }) {
      const [top, bottom, left, right] = padding;
      const borderAmounts = [
        { startEdgeSize: top!, endEdgeSize: bottom! },
        { startEdgeSize: left!, endEdgeSize: right! },
      ];
      const zeros = { constant: { value: 0 }, paddingAmounts: { borderAmounts } };
      return [{ name, input: [...inputs], output: [output], padding: zeros }];
    },
    read,
  },
  snippets: {
    keras: ({ padding: [top, bottom, left, right] }) =>
      `layers.ZeroPadding2D(((${top}, ${bottom}), (${left}, ${right})))`,
    pytorch: ({ padding: [top, bottom, left, right] }) =>
      `nn.ZeroPad2d((${left}, ${right}, ${top}, ${bottom}))`,
  },
});
