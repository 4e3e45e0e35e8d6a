/** An activation as a layer of its own. */
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { ParamsOf, ParamValues } from '../core/params';
import { activations, coremlActivation, pytorchActivation } from './activations';
import { composedLayer } from './composedLayer';
import { isIdentity, numberedCurve, numbersToStartWith, type CurveNumbers } from './curves';
import { defineLayer } from './defineLayer';
import { readActivation } from './readActivation';

const names = [...activations, 'leakyRelu', 'thresholdedRelu', 'scaledTanh', 'hardSigmoid'] as const;

const takes = (number: keyof CurveNumbers) => (p: ParamValues) =>
  numberedCurve(p.activation)?.takes.includes(number) ?? false;

const params = {
  activation: {
    type: 'choice',
    label: 'Activation',
    options: names,
    default: 'relu',
    brings: numbersToStartWith,
  },
  negativeSlope: {
    type: 'real',
    label: 'Negative slope',
    help: 'What leaky relu multiplies negative values by.',
    default: 0.3,
    min: -10,
    max: 10,
    step: 0.05,
    visible: takes('negativeSlope'),
  },
  alpha: {
    type: 'real',
    label: 'Alpha',
    help: 'elu falls towards −alpha; thresholded relu drops what is less; the others multiply by it.',
    default: 1,
    min: -1000,
    max: 1000,
    step: 0.1,
    visible: takes('alpha'),
  },
  beta: {
    type: 'real',
    label: 'Beta',
    help: 'Scaled tanh multiplies values by it first; linear and hard sigmoid add it.',
    default: 0,
    min: -1000,
    max: 1000,
    step: 0.1,
    visible: takes('beta'),
  },
} as const;

function summary(p: ParamsOf<typeof params>): string {
  const numbers = isIdentity(p) || p.activation === 'elu' ? [] : (numberedCurve(p.activation)?.takes ?? []);
  const name = p.activation.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`);
  return [name, ...numbers.map((number) => Number(p[number].toPrecision(4)))].join(' · ');
}

export const activation = defineLayer({
  kind: 'activation',
  label: 'Activation',
  autoName: 'activation',
  aliases: ['ReLU', 'LeakyReLU', 'sigmoid', 'tanh', 'softmax', 'ELU', 'softplus', 'softsign'],
  group: 'activation',
  icon: 'activity',
  documentation:
    'Bends each value by a fixed curve. Without it, stacked layers could only draw straight lines.',
  params,
  inputs: { min: 1, max: 1 },
  summary,
  outputShape: ([shape]) => shape!,
  tensorflow(tf, p, context) {
    const curve = numberedCurve(p.activation);
    if (curve && !isIdentity(p))
      return composedLayer(tf, context, {
        outputShape: (shape) => shape,
        call: (x) => curve.value(tf.core, x, p),
      });
    return tf.layers.layers
      .activation({ name: context.name, activation: p.activation as 'relu' })
      .apply(context.inputs[0]!) as SymbolicTensor;
  },
  coreml: {
    write({ name, params: p, inputs, output }) {
      // Core ML's own linear layer would stop the gradients of what comes before it.
      if (isIdentity(p)) return [];
      const curve = numberedCurve(p.activation);
      const part = curve
        ? { activation: curve.coreml(p) }
        : coremlActivation(p.activation as (typeof activations)[number]);
      return [{ name, input: [...inputs], output: [output], ...part }];
    },
    read: readActivation,
  },
  snippets: {
    keras: (p) =>
      isIdentity(p)
        ? 'layers.Activation("linear")'
        : (numberedCurve(p.activation)?.keras(p) ?? `layers.Activation("${p.activation}")`),
    pytorch: (p) =>
      isIdentity(p)
        ? 'nn.Identity()'
        : (numberedCurve(p.activation)?.pytorch(p) ??
          pytorchActivation(p.activation as (typeof activations)[number])),
  },
});
