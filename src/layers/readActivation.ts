/** Reads what the Activation layer is in a Core ML file: activations without weights, softmax, and scalars added or multiplied. */
import type { ActivationParams, NeuralNetworkLayer } from '../coreml/messages';
import type { ParamValues } from '../core/params';
import type { CoreMLRead } from './defineLayer';

type Table = {
  readonly [K in keyof ActivationParams]-?: (
    part: NonNullable<ActivationParams[K]>,
  ) => ParamValues | undefined;
};

/** Files leave out numbers that are 0. */
const number = (value: number | undefined): number => value ?? 0;

/** Parameters by the set part; undefined for those that are layer kinds of their own. */
const table: Table = {
  linear: ({ alpha, beta }) => ({ activation: 'linear', alpha: number(alpha), beta: number(beta) }),
  ReLU: () => ({ activation: 'relu' }),
  leakyReLU: ({ alpha }) => ({ activation: 'leakyRelu', negativeSlope: number(alpha) }),
  thresholdedReLU: ({ alpha }) => ({ activation: 'thresholdedRelu', alpha: number(alpha) }),
  PReLU: () => undefined,
  tanh: () => ({ activation: 'tanh' }),
  scaledTanh: ({ alpha, beta }) => ({ activation: 'scaledTanh', alpha: number(alpha), beta: number(beta) }),
  sigmoid: () => ({ activation: 'sigmoid' }),
  sigmoidHard: ({ alpha, beta }) => ({ activation: 'hardSigmoid', alpha: number(alpha), beta: number(beta) }),
  ELU: ({ alpha }) => ({ activation: 'elu', alpha: number(alpha) }),
  softsign: () => ({ activation: 'softsign' }),
  softplus: () => ({ activation: 'softplus' }),
  parametricSoftplus: () => undefined,
};

function paramsOf({
  activation,
  softmax,
  add,
  multiply,
  input,
}: NeuralNetworkLayer): ParamValues | undefined {
  if (softmax) return { activation: 'softmax' };
  // Of one input, these add a number or multiply by it.
  if (add && input.length === 1) return { activation: 'linear', alpha: 1, beta: number(add.alpha) };
  if (multiply && input.length === 1) return { activation: 'linear', alpha: number(multiply.alpha), beta: 0 };
  if (!activation) return undefined;
  const set = (Object.keys(table) as (keyof ActivationParams)[]).find((name) => activation[name]);
  return set && (table[set] as (part: unknown) => ParamValues | undefined)(activation[set]);
}

/**
 * An activation layer of a file. A linear one of 1 and 0 is read too, and written again as no layer: it changes nothing.
 * @returns undefined where it is another kind of layer.
 */
export function readActivation(layer: NeuralNetworkLayer): CoreMLRead | undefined {
  const params = paramsOf(layer);
  return params && { params, weights: {} };
}
