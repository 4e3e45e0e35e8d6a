/** An activation as a layer of its own. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { coremlActivation, activations, pytorchActivation } from './activations';
import { defineLayer, type TensorFlow } from './defineLayer';

const names = [...activations, 'leakyRelu'] as const;

export const activation = defineLayer({
  kind: 'activation',
  label: 'Activation',
  autoName: 'activation',
  group: 'activation',
  icon: 'activity',
  documentation:
    'Bends each value by a fixed curve. Without it, stacked layers could only draw straight lines.',
  params: {
    activation: { type: 'choice', label: 'Activation', options: names, default: 'relu' },
    negativeSlope: {
      type: 'real',
      label: 'Negative slope',
      help: 'What leaky relu multiplies negative values by.',
      default: 0.3,
      min: 0,
      max: 1,
      step: 0.05,
      visible: (p) => p.activation === 'leakyRelu',
    },
    alpha: {
      type: 'real',
      label: 'Alpha',
      help: 'elu falls towards −alpha for negative values.',
      default: 1,
      min: 0,
      max: 10,
      step: 0.1,
      visible: (p) => p.activation === 'elu',
    },
  },
  inputs: { min: 1, max: 1 },
  summary: (p) => (p.activation === 'leakyRelu' ? `leaky relu · ${p.negativeSlope}` : p.activation),
  outputShape: ([shape]) => shape!,
  tensorflow(tf, p, { name, inputs }) {
    const { layers } = tf.layers;
    const layer =
      p.activation === 'leakyRelu'
        ? layers.leakyReLU({ name, alpha: p.negativeSlope })
        : p.activation === 'elu'
          ? scaledElu(tf, name, p.alpha)
          : layers.activation({ name, activation: p.activation });
    return layer.apply(inputs[0]!) as (typeof inputs)[0];
  },
  coreml: {
    write({ name, params: p, inputs, output }) {
      // Core ML's own linear layer would stop the gradients of what comes before it.
      if (p.activation === 'linear') return [];
      const curve =
        p.activation === 'leakyRelu'
          ? { activation: { leakyReLU: { alpha: p.negativeSlope } } }
          : p.activation === 'elu'
            ? { activation: { ELU: { alpha: p.alpha } } }
            : coremlActivation(p.activation);
      return [{ name, input: [...inputs], output: [output], ...curve }];
    },
  },
  snippets: {
    keras: (p) =>
      p.activation === 'leakyRelu'
        ? `layers.LeakyReLU(negative_slope=${p.negativeSlope})`
        : p.activation === 'elu'
          ? `layers.ELU(alpha=${p.alpha})`
          : `layers.Activation("${p.activation}")`,
    pytorch: (p) =>
      p.activation === 'leakyRelu'
        ? `nn.LeakyReLU(${p.negativeSlope})`
        : p.activation === 'elu'
          ? `nn.ELU(alpha=${p.alpha})`
          : pytorchActivation(p.activation) || 'nn.Identity()',
  },
});

/** TensorFlow.js's own ELU layer refuses every alpha but 1. For x above 0 the two terms add up to x. */
function scaledElu({ core, layers }: TensorFlow, name: string, alpha: number) {
  class ScaledELU extends layers.layers.Layer {
    static className = 'ScaledELU';

    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }

    override call(values: Tensor | Tensor[]): Tensor {
      const x = Array.isArray(values) ? values[0]! : values;
      return core.tidy(() => core.add(core.mul(core.relu(x), 1 - alpha), core.mul(core.elu(x), alpha)));
    }

    override getClassName(): string {
      return ScaledELU.className;
    }
  }
  return new ScaledELU({ name });
}
