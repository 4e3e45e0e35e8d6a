/**
 * Activations in WGSL, and their derivatives by the outputs. Not softmax, which looks at whole rows (rows.ts). Written
 * with exp alone, and so that exp never overflows: graphics processors have coarse tanh, and infinity is not sure to stay.
 */
import type { Curve } from '../../plan/plan';
import { real } from './text';

type Pointwise = Exclude<Curve['name'], 'softmax'>;

interface Texts {
  /** By the value x. A NaN stays one, so that a run that diverges is seen. */
  readonly value: (alpha: string) => string;
  /** By the output y. */
  readonly slope: (alpha: string) => string;
}

const texts = {
  linear: { value: () => 'x', slope: () => '1.0' },
  relu: { value: () => 'select(x, 0.0, x < 0.0)', slope: () => 'select(0.0, 1.0, y > 0.0)' },
  sigmoid: {
    value: () => 'select(1.0, exp(-abs(x)), x < 0.0) / (1.0 + exp(-abs(x)))',
    slope: () => 'y * (1.0 - y)',
  },
  tanh: {
    value: () => 'sign(x) * (1.0 - exp(-2.0 * abs(x))) / (1.0 + exp(-2.0 * abs(x)))',
    slope: () => '1.0 - y * y',
  },
  elu: {
    value: (alpha) => `select(x, ${alpha} * (exp(min(x, 0.0)) - 1.0), x < 0.0)`,
    slope: (alpha) => `select(y + ${alpha}, 1.0, y > 0.0)`,
  },
  leakyRelu: {
    value: (alpha) => `select(x, ${alpha} * x, x < 0.0)`,
    slope: (alpha) => `select(${alpha}, 1.0, y > 0.0)`,
  },
  softplus: { value: () => 'max(x, 0.0) + log(1.0 + exp(-abs(x)))', slope: () => '1.0 - exp(-y)' },
  softsign: { value: () => 'x / (1.0 + abs(x))', slope: () => '(1.0 - abs(y)) * (1.0 - abs(y))' },
} satisfies Record<Pointwise, Texts>;

const textsOf = ({ name }: Curve): Texts => texts[name === 'softmax' ? 'linear' : name];

/** `curve(x)`; the identity for softmax, which comes after. */
export const curveText = (curve: Curve): string =>
  `fn curve(x: f32) -> f32 { return ${textsOf(curve).value(real(curve.alpha))}; }`;

/** `slope(y)`, the derivative at the output y; 1 for softmax, which was undone before. */
export const slopeText = (curve: Curve): string =>
  `fn slope(y: f32) -> f32 { return ${textsOf(curve).slope(real(curve.alpha))}; }`;

/** Whether the derivative looks at the output. */
export const hasSlope = ({ name }: Curve): boolean => name !== 'linear' && name !== 'softmax';
