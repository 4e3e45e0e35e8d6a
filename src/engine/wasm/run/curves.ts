/**
 * Activations and their derivatives, which are taken from the outputs. relu runs in WebAssembly; the others are not where
 * the time goes.
 */
import type { Curve } from '../../plan/plan';

type Name = Curve['name'];
/** Each value by itself; softmax and relu stand apart. */
type Pointwise = Exclude<Name, 'softmax' | 'linear' | 'relu'>;

interface Function1 {
  readonly value: (x: number, alpha: number) => number;
  /** By the output y. */
  readonly derivative: (y: number, alpha: number) => number;
}

const pointwise: Record<Pointwise, Function1> = {
  sigmoid: { value: (x) => 1 / (1 + Math.exp(-x)), derivative: (y) => y * (1 - y) },
  tanh: { value: Math.tanh, derivative: (y) => 1 - y * y },
  elu: {
    value: (x, alpha) => (x >= 0 ? x : alpha * Math.expm1(x)),
    derivative: (y, alpha) => (y >= 0 ? 1 : y + alpha),
  },
  leakyRelu: {
    value: (x, alpha) => (x >= 0 ? x : alpha * x),
    derivative: (y, alpha) => (y > 0 ? 1 : alpha),
  },
  // log(1 + eˣ), which is x where eˣ would overflow.
  softplus: {
    value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    derivative: (y) => -Math.expm1(-y),
  },
  softsign: { value: (x) => x / (1 + Math.abs(x)), derivative: (y) => (1 - Math.abs(y)) ** 2 },
};

/** Softmax of each row of `columns`, shifted by its largest value. `to` may be `from`. */
export function softmaxRows(from: Float32Array, to: Float32Array, columns: number): void {
  for (let row = 0; row < from.length; row += columns) {
    let max = from[row]!;
    for (let i = 1; i < columns; i++) max = Math.max(max, from[row + i]!);
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += Math.exp(from[row + i]! - max);
    for (let i = 0; i < columns; i++) to[row + i] = Math.exp(from[row + i]! - max) / sum;
  }
}

/** Gradients before softmax from those after it, in place: y·(g − Σ g·y) of each row. */
export function softmaxGradient(outputs: Float32Array, gradients: Float32Array, columns: number): void {
  for (let row = 0; row < outputs.length; row += columns) {
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += gradients[row + i]! * outputs[row + i]!;
    for (let i = 0; i < columns; i++) gradients[row + i] = outputs[row + i]! * (gradients[row + i]! - sum);
  }
}

/** The activation of `from` to `to`, which may be the same. Not relu and linear, which have kernels or are nothing. */
export function applyCurve(curve: Curve, from: Float32Array, to: Float32Array, columns: number): void {
  if (curve.name === 'softmax') return softmaxRows(from, to, columns);
  if (curve.name === 'linear' || curve.name === 'relu') throw new Error(`${curve.name} has no curve here.`);
  const { value } = pointwise[curve.name];
  for (let i = 0; i < from.length; i++) to[i] = value(from[i]!, curve.alpha);
}

/** Multiplies gradients by the derivative at the outputs, in place. Not relu and linear. */
export function applyDerivative(
  curve: Curve,
  outputs: Float32Array,
  gradients: Float32Array,
  columns: number,
): void {
  if (curve.name === 'softmax') return softmaxGradient(outputs, gradients, columns);
  if (curve.name === 'linear' || curve.name === 'relu') throw new Error(`${curve.name} has no curve here.`);
  const { derivative } = pointwise[curve.name];
  for (let i = 0; i < outputs.length; i++) gradients[i]! *= derivative(outputs[i]!, curve.alpha);
}
