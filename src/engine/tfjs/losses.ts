/** Losses, per example, as Keras defines them; and how many examples are right. */
import * as core from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { Loss } from '../engine';

/** Keras's `backend.epsilon()`, by which it keeps probabilities away from 0 and 1. */
const EPSILON = 1e-7;

/**
 * The loss of each example, `[batch]`.
 *
 * - Categorical cross-entropy from logits: log Σ exp(z) − z of the class, shifted by the largest z, with nothing clipped.
 *   Keras does the same for a network that ends in softmax. From other outputs: Keras's normalization to a sum of 1 and
 *   clipping to 1e-7 … 1 − 1e-7.
 * - Mean squared error: the mean over the classes of the squared distance to the one-hot target.
 * @param outputs `[batch, classes]`; logits where `fromLogits`.
 * @param labels `[batch]` class indices, int32.
 */
export function lossPerExample(loss: Loss, outputs: Tensor, labels: Tensor1D, fromLogits: boolean): Tensor {
  const targets = core.oneHot(labels, outputs.shape.at(-1)!);
  switch (loss) {
    case 'categoricalCrossentropy': {
      const logProbabilities = fromLogits ? core.logSoftmax(outputs) : core.log(normalized(outputs));
      return core.neg(core.sum(core.mul(targets, logProbabilities), -1));
    }
    case 'meanSquaredError': {
      const probabilities = fromLogits ? core.softmax(outputs) : outputs;
      return core.mean(core.squaredDifference(probabilities, targets), -1);
    }
    default:
      return loss satisfies never;
  }
}

function normalized(outputs: Tensor): Tensor {
  const sums = core.sum(outputs, -1, true);
  return core.clipByValue(core.div(outputs, sums), EPSILON, 1 - EPSILON);
}

/** How many examples have their largest output at their class; a scalar. */
export function countCorrect(outputs: Tensor, labels: Tensor1D): Tensor {
  return core.sum(core.cast(core.equal(core.argMax(outputs, -1), labels), 'float32'));
}
