/** Losses with their gradients, as Keras defines them; the formulas stand in `tfjs/losses.ts`. */
import type { LossOperation } from '../../plan/plan';
import { valuesOf } from './machine';
import { examples, type ExamplesPart } from './part';
import { softmaxGradient, softmaxRows } from './softmax';

/** Keras's `backend.epsilon()`, by which it keeps probabilities away from 0 and 1. */
const EPSILON = 1e-7;

/** Writes each example's loss and whether it was right; in training, the gradient of the mean loss as well. */
export function lossPart(operation: LossOperation): ExamplesPart {
  const { classes, fromLogits } = operation;
  return examples((machine, pass, from, to) => {
    const outputs = valuesOf(machine, operation.outputs, from, to);
    const probabilities = fromLogits ? new Float32Array(outputs.length) : outputs;
    if (fromLogits) softmaxRows(outputs, probabilities, classes);
    const gradients =
      pass.training && operation.gradient !== undefined
        ? valuesOf(machine, operation.gradient, from, to)
        : new Float32Array(outputs.length);
    const labels = machine.integers.subarray(machine.labels / 4);
    const results = machine.floats.subarray(machine.results / 4);
    for (let i = from; i < to; i++) {
      const start = (i - from) * classes;
      const row = outputs.subarray(start, start + classes);
      const example: Example = {
        outputs: row,
        probabilities: probabilities.subarray(start, start + classes),
        gradients: gradients.subarray(start, start + classes),
        label: labels[i]!,
        share: 1 / pass.count,
      };
      const lossOf =
        operation.loss === 'meanSquaredError'
          ? meanSquaredError
          : fromLogits
            ? crossEntropyOfLogits
            : crossEntropy;
      results[2 * i] = lossOf(example);
      results[2 * i + 1] = largest(row) === example.label ? 1 : 0;
    }
    if (fromLogits && operation.loss === 'meanSquaredError')
      softmaxGradient(probabilities, gradients, classes);
  });
}

interface Example {
  readonly outputs: Float32Array;
  readonly probabilities: Float32Array;
  readonly gradients: Float32Array;
  readonly label: number;
  /** One over the batch's size. */
  readonly share: number;
}

/** log Σ exp(z − max) − (z − max) of the class; its gradient is p − target. */
function crossEntropyOfLogits({ outputs, probabilities, gradients, label, share }: Example): number {
  const max = outputs[largest(outputs)]!;
  let sum = 0;
  for (const z of outputs) sum += Math.exp(z - max);
  probabilities.forEach((p, j) => (gradients[j] = (j === label ? p - 1 : p) * share));
  return Math.log(sum) - (outputs[label]! - max);
}

/** −log of the class's share of the sum, clipped; where it was clipped there is no gradient. */
function crossEntropy({ outputs, gradients, label, share }: Example): number {
  const sum = outputs.reduce((total, y) => total + y, 0);
  const part = outputs[label]! / sum;
  const clipped = part < EPSILON || part > 1 - EPSILON;
  for (let j = 0; j < outputs.length; j++)
    gradients[j] = clipped ? 0 : ((1 - (j === label ? 1 / part : 0)) / sum) * share;
  return -Math.log(Math.min(Math.max(part, EPSILON), 1 - EPSILON));
}

/** The mean over the classes of (p − target)²; the gradient is of p. */
function meanSquaredError({ probabilities, gradients, label, share }: Example): number {
  let sum = 0;
  probabilities.forEach((p, j) => {
    const distance = p - (j === label ? 1 : 0);
    sum += distance * distance;
    gradients[j] = (2 * distance * share) / probabilities.length;
  });
  return sum / probabilities.length;
}

/** Index of the first of the largest values. */
function largest(row: Float32Array): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i]! > row[best]!) best = i;
  return best;
}
