/** What the plan has to know of an activation: which curve it is, and where its slope can be found. */
import type { CompiledLayer } from '../../network/compiled';
import type { Curve } from './plan';

/** The curve of a layer without one. */
export const identity: Curve = { name: 'linear', alpha: 1, beta: 0 };

/** The curve that a layer's parameters name; the identity where they name none. */
export function curveOf({ params }: CompiledLayer): Curve {
  const name = params['activation'] as Curve['name'] | undefined;
  if (name === undefined) return identity;
  const number = (key: string, other: number): number => (params[key] as number | undefined) ?? other;
  const alpha = number(name === 'leakyRelu' ? 'negativeSlope' : 'alpha', 1);
  const beta = number('beta', 0);
  if (name !== 'linear') return { name, alpha, beta };
  return alpha === 1 && beta === 0 ? identity : { name: 'affine', alpha, beta };
}

/**
 * Whether the slope is to be taken from the input: outputs do not tell it where a curve comes back to values that it has
 * had, or gives 0 both for 0 and for what it drops.
 */
export function slopeNeedsInput({ name, alpha }: Curve): boolean {
  if (name === 'elu' || name === 'leakyRelu') return alpha < 0;
  return name === 'thresholdedRelu' && alpha <= 0;
}

/** Whether a larger value never has a smaller output, so that the largest may be chosen before the curve. */
export function neverFalls({ name, alpha, beta }: Curve): boolean {
  switch (name) {
    case 'softmax':
      return false;
    case 'scaledTanh':
      return alpha * beta >= 0;
    case 'elu':
    case 'leakyRelu':
    case 'thresholdedRelu':
    case 'hardSigmoid':
    case 'affine':
      return alpha >= 0;
    case 'linear':
    case 'relu':
    case 'sigmoid':
    case 'tanh':
    case 'softplus':
    case 'softsign':
      return true;
    default:
      return name satisfies never;
  }
}
