/** Batch normalization over the last axis, with the statistics that TensorFlow.js takes: biased variance, all positions. */
import type { BackwardOperation, ForwardOperation, NormalizationShape } from '../../plan/plan';
import { gradientValues, valuesOf, weightValues, type Machine, type Pass } from './machine';

type Normalization = Extract<ForwardOperation, { type: 'normalization' }>;
type NormalizationGradient = Extract<BackwardOperation, { type: 'normalizationGradient' }>;

/**
 * output = γ · (input − mean) / √(variance + ε) + β. In training the mean and the variance are the batch's, and the moving
 * ones go towards them; the mean and 1/√(variance + ε) are kept for the way back.
 */
export function normalization({ shape, statistics, input, output }: Normalization, pass: Pass): void {
  const { machine, training } = pass;
  const { channels, epsilon } = shape;
  const from = valuesOf(pass, input);
  const to = valuesOf(pass, output);
  const gamma = weightValues(machine, shape.gamma, channels);
  const beta = weightValues(machine, shape.beta, channels);
  const [means, variances] = training ? moments(from, channels) : moving(machine, shape);
  const scales = Float64Array.from(variances, (variance) => 1 / Math.sqrt(variance + epsilon));
  if (training) {
    const kept = valuesOf(pass, statistics);
    kept.set(means, 0);
    kept.set(scales, channels);
    const [movingMean, movingVariance] = moving(machine, shape);
    approach(movingMean, means, shape.momentum);
    approach(movingVariance, variances, shape.momentum);
  }
  for (let row = 0; row < from.length; row += channels)
    for (let c = 0; c < channels; c++)
      to[row + c] = (from[row + c]! - means[c]!) * scales[c]! * gamma[c]! + beta[c]!;
}

const moving = (machine: Machine, { movingMean, movingVariance, channels }: NormalizationShape) =>
  [weightValues(machine, movingMean, channels), weightValues(machine, movingVariance, channels)] as const;

/** Mean and biased variance of each column. */
function moments(values: Float32Array, columns: number): readonly [Float64Array, Float64Array] {
  const rows = values.length / columns;
  const means = new Float64Array(columns);
  const variances = new Float64Array(columns);
  for (let row = 0; row < values.length; row += columns)
    for (let c = 0; c < columns; c++) means[c]! += values[row + c]!;
  for (let c = 0; c < columns; c++) means[c]! /= rows;
  for (let row = 0; row < values.length; row += columns)
    for (let c = 0; c < columns; c++) variances[c]! += (values[row + c]! - means[c]!) ** 2;
  for (let c = 0; c < columns; c++) variances[c]! /= rows;
  return [means, variances];
}

function approach(average: Float32Array, values: ArrayLike<number>, momentum: number): void {
  for (let c = 0; c < average.length; c++) average[c]! -= (average[c]! - values[c]!) * (1 - momentum);
}

/**
 * With x̂ the normalized input and g the gradient of the output: γ gets Σ g·x̂, β gets Σ g, and the input gets
 * γ/√(variance + ε) · (g − mean(g) − x̂ · mean(g·x̂)) (Ioffe and Szegedy, 2015).
 */
export function normalizationGradient(operation: NormalizationGradient, pass: Pass): void {
  const { machine } = pass;
  const { shape, statistics, input, outputGradient, inputGradient, accumulate } = operation;
  const { channels } = shape;
  const values = valuesOf(pass, input);
  const gradients = valuesOf(pass, outputGradient);
  const kept = valuesOf(pass, statistics);
  const means = kept.subarray(0, channels);
  const scales = kept.subarray(channels);
  const sums = new Float64Array(channels);
  const products = new Float64Array(channels);
  for (let row = 0; row < values.length; row += channels)
    for (let c = 0; c < channels; c++) {
      const g = gradients[row + c]!;
      sums[c]! += g;
      products[c]! += g * (values[row + c]! - means[c]!) * scales[c]!;
    }
  gradientValues(machine, shape.gamma, channels).set(products);
  gradientValues(machine, shape.beta, channels).set(sums);
  if (inputGradient === undefined) return;
  const to = valuesOf(pass, inputGradient);
  const gamma = weightValues(machine, shape.gamma, channels);
  const rows = values.length / channels;
  for (let row = 0; row < values.length; row += channels)
    for (let c = 0; c < channels; c++) {
      const normalized = (values[row + c]! - means[c]!) * scales[c]!;
      const centred = gradients[row + c]! - (sums[c]! + normalized * products[c]!) / rows;
      const gradient = gamma[c]! * scales[c]! * centred;
      to[row + c] = accumulate ? to[row + c]! + gradient : gradient;
    }
}
