/** Dropout. It draws a new mask at every step from the run's seed and does nothing outside training. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { defineLayer } from './defineLayer';

export const dropout = defineLayer({
  kind: 'dropout',
  label: 'Dropout',
  autoName: 'dropout',
  group: 'regularization',
  icon: 'circle-dashed',
  documentation:
    'While training, silences a random share of the values so that no unit relies on another. It does nothing when predicting.',
  params: {
    rate: {
      type: 'real',
      label: 'Rate',
      help: 'The share of values that are set to zero while training.',
      default: 0.5,
      min: 0,
      max: 0.95,
      step: 0.05,
    },
  },
  inputs: { min: 1, max: 1 },
  summary: (p) => `${Math.round(p.rate * 1000) / 10} %`,
  outputShape: ([shape]) => shape!,
  tensorflow(tf, p, { name, inputs, stepSeed }) {
    // TensorFlow.js's own layer repeats one mask for ever when it is given a seed.
    class SeededDropout extends tf.layers.layers.Layer {
      static className = 'SeededDropout';

      override computeOutputShape(shape: number[]): number[] {
        return shape;
      }

      override call(values: Tensor | Tensor[], options: { training?: boolean }): Tensor {
        const x = Array.isArray(values) ? values[0]! : values;
        return options.training && p.rate > 0
          ? tf.core.dropout(x, p.rate, undefined, stepSeed())
          : tf.core.clone(x);
      }

      override getClassName(): string {
        return SeededDropout.className;
      }
    }
    return new SeededDropout({ name }).apply(inputs[0]!) as (typeof inputs)[0];
  },
  coreml: {
    // Core ML has no dropout; an identity layer in its place would stop the gradients.
    write: () => [],
  },
  snippets: {
    keras: (p) => `layers.Dropout(${p.rate})`,
    pytorch: (p) => `nn.Dropout(${p.rate})`,
  },
});
