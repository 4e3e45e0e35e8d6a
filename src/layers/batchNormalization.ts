/** Batch normalization over the last axis. */
import type { Shape } from '../core/shape';
import { sizeOf } from '../core/shape';
import { readFloats } from './coremlReading';
import type { WeightSpec } from './defineLayer';
import { defineLayer } from './defineLayer';

function weightsOf([shape]: readonly Shape[]): readonly WeightSpec[] {
  const channels = shape!.at(-1)!;
  const weight = (name: string, initializer: 'zeros' | 'ones', trainable: boolean): WeightSpec => ({
    name,
    shape: [channels],
    initializer,
    fans: { fanIn: channels, fanOut: channels },
    trainable,
  });
  return [
    weight('gamma', 'ones', true),
    weight('beta', 'zeros', true),
    weight('movingMean', 'zeros', false),
    weight('movingVariance', 'ones', false),
  ];
}

/** What Core ML takes where a file says 0. */
const CORE_ML_EPSILON = 1e-5;

/** The weights by their names in Core ML. */
const fields = { gamma: 'gamma', beta: 'beta', movingMean: 'mean', movingVariance: 'variance' } as const;

export const batchNormalization = defineLayer({
  kind: 'batchNormalization',
  label: 'BatchNormalization',
  autoName: 'batch_normalization',
  aliases: ['BatchNorm2d', 'batchnorm'],
  group: 'regularization',
  icon: 'waves',
  documentation: 'Keeps each channel near mean 0 and deviation 1, which lets deep networks learn faster.',
  params: {
    momentum: { type: 'real', label: 'Momentum', default: 0.99, min: 0, max: 0.9999, step: 0.01 },
    epsilon: { type: 'real', label: 'Epsilon', default: 0.001, min: 1e-7, max: 1, step: 'scale' },
  },
  inputs: { min: 1, max: 1 },
  summary: () => '',
  outputShape: ([shape]) => shape!,
  weights: weightsOf,
  multiplyAdds: ([shape]) => sizeOf(shape!),
  arithmetic: ([shape]) => [`parameters 4·${shape!.at(-1)} = ${4 * shape!.at(-1)!}, half of them statistics`],
  tensorflow: (tf, p, { name, inputs }) =>
    tf.layers.layers
      .batchNormalization({ name, axis: -1, momentum: p.momentum, epsilon: p.epsilon })
      .apply(inputs[0]!) as (typeof inputs)[0],
  coreml: {
    write: ({ name, params: p, inputs, output, outputShape, weights }) => [
      {
        name,
        input: [...inputs],
        output: [output],
        batchnorm: {
          channels: outputShape.at(-1)!,
          epsilon: p.epsilon,
          gamma: { floatValue: weights.gamma! },
          beta: { floatValue: weights.beta! },
          mean: { floatValue: weights.movingMean! },
          variance: { floatValue: weights.movingVariance! },
        },
      },
    ],
    read({ batchnorm }, { inputShapes }) {
      if (!batchnorm) return undefined;
      const { channels, computeMeanVar, instanceNormalization } = batchnorm;
      if (computeMeanVar || instanceNormalization)
        return 'It takes mean and variance from each image by itself; BatchNormalization keeps those of its training.';
      const got = inputShapes[0]?.at(-1);
      if (got !== channels) return `It takes ${channels} channels; it gets ${got ?? 'none'}.`;
      const weights: Record<string, Float32Array> = {};
      for (const [name, field] of Object.entries(fields)) {
        const values = readFloats(batchnorm[field], channels, field);
        if (typeof values === 'string') return values;
        weights[name] = values;
      }
      return { params: { epsilon: batchnorm.epsilon || CORE_ML_EPSILON }, weights };
    },
  },
  snippets: {
    keras: (p) => `layers.BatchNormalization(momentum=${p.momentum}, epsilon=${p.epsilon})`,
    pytorch: (p, [shape]) =>
      `nn.BatchNorm${shape!.length === 3 ? 2 : 1}d(${shape!.at(-1)}, eps=${p.epsilon}, ` +
      `momentum=${Number((1 - p.momentum).toPrecision(6))})`,
  },
});
