/** The losses as Keras defines them, their gradients, and what is right; the formulas stand in `tfjs/losses.ts`. */
import type { LossOperation, Plan } from '../../plan/plan';
import { batchBinding, perExample, reads, writes, type Kernel } from './kernel';
import { rowKernel } from './rows';
import { softmaxSums } from './softmax';
import { real } from './text';

/** Keras's `backend.epsilon()`, by which it keeps probabilities away from 0 and 1. */
const EPSILON = 1e-7;

/** Sets `loss`, and says what the gradient at column c is, `share` (one over the batch's size) left out. */
interface Texts {
  readonly loss: string;
  readonly gradient: string;
}

/** log Σ exp(z − max) − (z − max) of the class; its gradient is p − target. */
const crossEntropyOfLogits: Texts = {
  loss: '  let loss = log(total) - (outputs[start + label] - largest);',
  gradient: 'exp(outputs[start + c] - largest) / total - select(0.0, 1.0, c == label)',
};

/** −log of the class's share of the sum, clipped; where it was clipped there is no gradient. */
const crossEntropy = (classes: number): Texts => ({
  loss: `  var total = 0.0;
  for (var c = lane; c < ${classes}u; c += LANES) { total += outputs[start + c]; }
  total = row_sum(total, thread);
  let portion = outputs[start + label] / total;
  let loss = -log(clamp(portion, ${real(EPSILON)}, ${real(1 - EPSILON)}));
  let clipped = portion < ${real(EPSILON)} || portion > ${real(1 - EPSILON)};`,
  gradient: 'select((1.0 - select(0.0, 1.0 / portion, c == label)) / total, 0.0, clipped)',
});

/** The mean over the classes of (p − target)²; where p is softmax, its gradient is y·(g − Σ g·y) besides. */
const meanSquaredError = (classes: number, fromLogits: boolean): Texts => {
  const p = fromLogits ? '(exp(outputs[start + c] - largest) / total)' : 'outputs[start + c]';
  const loop = `for (var c = lane; c < ${classes}u; c += LANES)`;
  return {
    loss: `  var squares = 0.0;
  var products = 0.0;
  ${loop} {
    let p = ${p};
    let distance = p - select(0.0, 1.0, c == label);
    squares += distance * distance;
    products += distance * p;
  }
  let loss = row_sum(squares, thread) / ${real(classes)};
  let product = row_sum(products, thread);`,
    gradient: fromLogits
      ? `${p} * (${p} - select(0.0, 1.0, c == label) - product) * ${real(2 / classes)}`
      : `(${p} - select(0.0, 1.0, c == label)) * ${real(2 / classes)}`,
  };
};

/**
 * The loss of each example of the batch and whether its largest output is at its class, to the step's slot among the
 * results; and the gradient of the mean loss.
 */
export function lossKernel(
  { classes, fromLogits, loss, outputs, gradient }: LossOperation,
  plan: Plan,
): Kernel {
  const texts =
    loss === 'meanSquaredError'
      ? meanSquaredError(classes, fromLogits)
      : fromLogits
        ? crossEntropyOfLogits
        : crossEntropy(classes);
  const maximum = `  let start = row * ${classes}u;
  var largest = -3.4e38;
  for (var c = lane; c < ${classes}u; c += LANES) { largest = max(largest, outputs[start + c]); }
  largest = row_max(largest, thread);`;
  const body = `${fromLogits ? softmaxSums('outputs', classes) : maximum}
  let label = labels[row];
  var behind = -3.4e38;
  for (var c = lane; c < ${classes}u; c += LANES) {
    if (outputs[start + c] == largest) { behind = max(behind, -f32(c)); }
  }
  let right = select(0.0, 1.0, row_max(behind, thread) == -f32(label));
${texts.loss}
  if (lane == 0u) { results[step.slot * ${plan.batch}u + row] = vec2f(loss, right); }
${
  gradient === undefined
    ? ''
    : `  for (var c = lane; c < ${classes}u; c += LANES) { gradient[start + c] = (${texts.gradient}) * step.share; }`
}`;
  const bindings = {
    outputs: reads(outputs),
    labels: batchBinding('labels', 'u32'),
    results: batchBinding('results', 'vec2f', true),
    ...(gradient !== undefined && { gradient: writes(gradient) }),
  };
  return rowKernel('loss', perExample(1), classes, bindings, body);
}
