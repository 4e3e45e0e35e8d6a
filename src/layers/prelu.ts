/** PReLU: a leaky relu that learns the slope of each channel (He, Zhang, Ren and Sun, 2015). */
import type { Shape } from '../core/shape';
import { sizeOf } from '../core/shape';
import { composedLayer } from './composedLayer';
import { defineLayer, type WeightSpec } from './defineLayer';
import { perChannel, readPerChannel } from './perChannel';

const weightsOf = (inputs: readonly Shape[]): readonly WeightSpec[] => [perChannel('alpha', inputs, 'zeros')];

export const prelu = defineLayer({
  kind: 'prelu',
  label: 'PReLU',
  autoName: 'p_re_lu',
  aliases: ['learned leaky relu'],
  group: 'activation',
  icon: 'trending-up',
  documentation:
    'Keeps positive values and multiplies negative ones by a slope that it learns, one for each channel.',
  params: {},
  inputs: { min: 1, max: 1 },
  summary: () => 'one slope per channel',
  outputShape: ([shape]) => shape!,
  weights: weightsOf,
  multiplyAdds: ([shape]) => sizeOf(shape!),
  arithmetic: ([shape]) => [`parameters ${shape!.at(-1)}, one slope for each channel`],
  tensorflow: (tf, _, context) =>
    composedLayer(tf, context, {
      outputShape: (shape) => shape,
      weights: (shape) => weightsOf([shape]),
      call: (x, [alpha]) => tf.core.prelu(x, alpha!),
    }),
  coreml: {
    write: ({ name, inputs, output, weights }) => [
      {
        name,
        input: [...inputs],
        output: [output],
        activation: { PReLU: { alpha: { floatValue: weights.alpha! } } },
      },
    ],
    read({ activation }, { inputShapes }) {
      if (!activation?.PReLU) return undefined;
      const alpha = readPerChannel(activation.PReLU.alpha, inputShapes[0], 'slope');
      return typeof alpha === 'string' ? alpha : { params: {}, weights: { alpha } };
    },
  },
  snippets: {
    keras: (_, [shape]) => (shape!.length === 3 ? 'layers.PReLU(shared_axes=[1, 2])' : 'layers.PReLU()'),
    pytorch: (_, [shape]) => `nn.PReLU(${shape!.at(-1)}, init=0.0)`,
  },
});
