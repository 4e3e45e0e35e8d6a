/**
 * Activations in WGSL, and their derivatives by the outputs. Not softmax, which looks at whole rows (rows.ts). Written
 * with exp alone, and so that exp never overflows: graphics processors have coarse tanh, and infinity is not sure to stay.
 */
import type { Curve } from '../../plan/plan';
import { real } from './text';

type Pointwise = Exclude<Curve['name'], 'softmax'>;

interface Texts {
  /** By the value x. A NaN stays one, so that a run that diverges is seen. */
  readonly value: (alpha: string, beta: string) => string;
  /** By the output y. `side` tells the branches apart: y, or x where y does not. */
  readonly slope: (alpha: string, beta: string) => string;
}

const tanh = (x: string): string =>
  `sign(${x}) * (1.0 - exp(-2.0 * abs(${x}))) / (1.0 + exp(-2.0 * abs(${x})))`;

/** Below it, dividing by a number may overflow. */
const SMALLEST = 1e-30;

const texts = {
  linear: { value: () => 'x', slope: () => '1.0' },
  relu: { value: () => 'select(x, 0.0, x < 0.0)', slope: () => 'select(0.0, 1.0, y > 0.0)' },
  sigmoid: {
    value: () => 'select(1.0, exp(-abs(x)), x < 0.0) / (1.0 + exp(-abs(x)))',
    slope: () => 'y * (1.0 - y)',
  },
  tanh: { value: () => tanh('x'), slope: () => '1.0 - y * y' },
  elu: {
    value: (alpha) => `select(x, ${alpha} * (exp(min(x, 0.0)) - 1.0), x < 0.0)`,
    slope: (alpha) => `select(y + ${alpha}, 1.0, side > 0.0)`,
  },
  leakyRelu: {
    value: (alpha) => `select(x, ${alpha} * x, x < 0.0)`,
    slope: (alpha) => `select(${alpha}, 1.0, side > 0.0)`,
  },
  thresholdedRelu: {
    value: (alpha) => `select(x, 0.0, x < ${alpha})`,
    slope: (alpha) => `select(0.0, 1.0, side >= ${alpha})`,
  },
  // The slope is that of tanh, which is y / α; where α is as good as 0, so is the slope.
  scaledTanh: {
    value: (alpha, beta) => `${alpha} * ${tanh(`(${beta} * x)`)}`,
    slope: (alpha, beta) =>
      Math.abs(parseFloat(alpha)) > SMALLEST
        ? `${alpha} * ${beta} * (1.0 - (y / ${alpha}) * (y / ${alpha}))`
        : '0.0',
  },
  hardSigmoid: {
    value: (alpha, beta) => {
      const line = `(${alpha} * x + ${beta})`;
      return `select(select(${line}, 0.0, ${line} < 0.0), 1.0, ${line} > 1.0)`;
    },
    slope: (alpha) => `select(0.0, ${alpha}, y > 0.0 && y < 1.0)`,
  },
  affine: { value: (alpha, beta) => `${alpha} * x + ${beta}`, slope: (alpha) => alpha },
  softplus: { value: () => 'max(x, 0.0) + log(1.0 + exp(-abs(x)))', slope: () => '1.0 - exp(-y)' },
  softsign: { value: () => 'x / (1.0 + abs(x))', slope: () => '(1.0 - abs(y)) * (1.0 - abs(y))' },
} satisfies Record<Pointwise, Texts>;

const textsOf = ({ name }: Curve): Texts => texts[name === 'softmax' ? 'linear' : name];

/** `curve(x)`; the identity for softmax, which comes after. */
export const curveText = (curve: Curve): string =>
  `fn curve(x: f32) -> f32 { return ${textsOf(curve).value(real(curve.alpha), real(curve.beta))}; }`;

const slopeOf = (curve: Curve): string => textsOf(curve).slope(real(curve.alpha), real(curve.beta));

/** `slope(y)`, the derivative at the output y; 1 for softmax, which was undone before. */
export const slopeText = (curve: Curve): string =>
  `fn slope(y: f32) -> f32 { let side = y; return ${slopeOf(curve)}; }`;

/** `slope(y, side)`, the derivative at the output y and the input `side`, for any curve. */
export const slopeByInputText = (curve: Curve): string =>
  `fn slope(y: f32, side: f32) -> f32 { return ${slopeOf(curve)}; }`;

/** Whether the derivative looks at the output. */
export const hasSlope = ({ name }: Curve): boolean => name !== 'linear' && name !== 'softmax';
