/** Parametric softplus: α · log(1 + exp(β · x)), with both numbers learned for each channel. Core ML's, and once Keras's. */
import type { Shape } from '../core/shape';
import { sizeOf } from '../core/shape';
import { composedLayer } from './composedLayer';
import { defineLayer, type WeightSpec } from './defineLayer';
import { perChannel, readPerChannel } from './perChannel';

const weightsOf = (inputs: readonly Shape[]): readonly WeightSpec[] => [
  perChannel('alpha', inputs, 'ones'),
  perChannel('beta', inputs, 'ones'),
];

export const parametricSoftplus = defineLayer({
  kind: 'parametricSoftplus',
  label: 'ParametricSoftplus',
  autoName: 'parametric_softplus',
  group: 'activation',
  icon: 'spline',
  documentation:
    'A relu with a round corner, α · log(1 + exp(β · x)). It learns how steep and how round, for each channel.',
  params: {},
  inputs: { min: 1, max: 1 },
  summary: () => 'two numbers per channel',
  outputShape: ([shape]) => shape!,
  weights: weightsOf,
  multiplyAdds: ([shape]) => 2 * sizeOf(shape!),
  arithmetic: ([shape]) => [`parameters 2·${shape!.at(-1)} = ${2 * shape!.at(-1)!}`],
  tensorflow: (tf, _, context) =>
    composedLayer(tf, context, {
      outputShape: (shape) => shape,
      weights: (shape) => weightsOf([shape]),
      call: (x, [alpha, beta]) => tf.core.mul(tf.core.softplus(tf.core.mul(x, beta!)), alpha!),
    }),
  coreml: {
    write: ({ name, inputs, output, weights }) => [
      {
        name,
        input: [...inputs],
        output: [output],
        activation: {
          parametricSoftplus: {
            alpha: { floatValue: weights.alpha! },
            beta: { floatValue: weights.beta! },
          },
        },
      },
    ],
    read({ activation }, { inputShapes }) {
      const part = activation?.parametricSoftplus;
      if (!part) return undefined;
      const alpha = readPerChannel(part.alpha, inputShapes[0], 'alpha');
      const beta = readPerChannel(part.beta, inputShapes[0], 'beta');
      if (typeof alpha === 'string') return alpha;
      return typeof beta === 'string' ? beta : { params: {}, weights: { alpha, beta } };
    },
  },
  snippets: {
    keras: (_, [shape]) =>
      `# call: alpha * keras.ops.softplus(beta * x), with alpha, beta = self.add_weight((${shape!.at(-1)},), ` +
      `initializer="ones") each`,
    pytorch: (_, [shape]) =>
      `# forward: alpha * F.softplus(beta * x), with alpha, beta = nn.Parameter(torch.ones(` +
      `${shape!.at(-1)}${shape!.length === 3 ? ', 1, 1' : ''})) each`,
  },
});
