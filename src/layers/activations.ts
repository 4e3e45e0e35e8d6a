/**
 * The element-wise (and softmax) functions that layers share, each with its TensorFlow.js name and its Core ML layer.
 * One table: conv2d, dense and the Activation layer all read it.
 */
import type { ParamValues } from '../core/params';
import type { NeuralNetworkLayer } from '../coreml/messages';

export const activations = [
  'linear',
  'relu',
  'sigmoid',
  'tanh',
  'softmax',
  'elu',
  'softplus',
  'softsign',
] as const;
export type ActivationName = (typeof activations)[number];

type CoreMLActivation = Omit<NeuralNetworkLayer, 'name' | 'input' | 'output'>;

const coremlActivations: Record<ActivationName, CoreMLActivation> = {
  linear: { activation: { linear: { alpha: 1, beta: 0 } } },
  relu: { activation: { ReLU: {} } },
  sigmoid: { activation: { sigmoid: {} } },
  tanh: { activation: { tanh: {} } },
  softmax: { softmax: {} },
  elu: { activation: { ELU: { alpha: 1 } } },
  softplus: { activation: { softplus: {} } },
  softsign: { activation: { softsign: {} } },
};

/** The Core ML layer for an activation; every name of the table has one. */
export function coremlActivation(activation: ActivationName): CoreMLActivation {
  return coremlActivations[activation];
}

/**
 * Writes a weighted layer followed by its activation. Linear writes no second layer: an identity layer would stop
 * the gradients on the device.
 */
export function withCoremlActivation(
  layer: Omit<NeuralNetworkLayer, 'output'>,
  activation: ActivationName,
  output: string,
): readonly NeuralNetworkLayer[] {
  if (activation === 'linear') return [{ ...layer, output: [output] }];
  const between = `${output}_before_${activation}`;
  return [
    { ...layer, output: [between] },
    {
      name: `${layer.name}_${activation}`,
      input: [between],
      output: [output],
      ...coremlActivation(activation),
    },
  ];
}

/** The parameters of a layer that ends in softmax, without its softmax. */
export function withoutSoftmax(params: ParamValues): ParamValues {
  // The Activation layer's linear is the identity with these numbers alone.
  return { ...params, ...('beta' in params && { alpha: 1, beta: 0 }), activation: 'linear' };
}

/** PyTorch's module for an activation, or an empty string for linear. */
export function pytorchActivation(activation: ActivationName): string {
  const modules: Record<ActivationName, string> = {
    linear: '',
    relu: 'nn.ReLU()',
    sigmoid: 'nn.Sigmoid()',
    tanh: 'nn.Tanh()',
    softmax: 'nn.Softmax(dim=1)',
    elu: 'nn.ELU()',
    softplus: 'nn.Softplus()',
    softsign: 'nn.Softsign()',
  };
  return modules[activation];
}

/** Modules one after the other, the activation's last where there is one. */
export function pytorchSequence(modules: readonly string[], activation: ActivationName): string {
  const all = [...modules, pytorchActivation(activation)].filter(Boolean);
  return all.length > 1 ? `nn.Sequential(${all.join(', ')})` : all.join('');
}
