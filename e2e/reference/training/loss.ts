/**
 * The two losses of Core ML for one example, and their gradients. In doubles.
 * Cross-entropy is of the probabilities that a softmax gives and the index of the right class: -log p. Mean squared error
 * is the mean over all numbers of an output, as Keras defines it; Apple's description names the losses only.
 */
import { zeros, type Tensor } from '../tensor';

/** What an example should give: the index of its class, or the numbers of the output. */
export type Target = number | ArrayLike<number>;

function describeTarget(target: Target): string {
  return typeof target === 'number' ? String(target) : `${target.length} numbers`;
}

export interface LossOfExample {
  loss: number;
  /** By the input of the softmax for cross-entropy, by the input of the loss for mean squared error. */
  gradient: Tensor;
}

/**
 * Loss by softmax and cross-entropy together, whose gradient by the scores is the probabilities less 1 for the right class.
 * @throws Error for a target that is no index of a class
 */
export function crossEntropy(probabilities: Tensor, target: Target): LossOfExample {
  if (typeof target !== 'number' || !(target in probabilities.data)) {
    throw new Error(
      `The target should be a class from 0 to ${probabilities.data.length - 1}, but is ${describeTarget(target)}.`,
    );
  }
  const gradient = zeros(probabilities);
  gradient.data.set(probabilities.data);
  gradient.data[target]! -= 1;
  return { loss: -Math.log(probabilities.data[target]!), gradient };
}

/** @throws Error for a target of another length than the output */
export function meanSquaredError(output: Tensor, target: Target): LossOfExample {
  const count = output.data.length;
  if (typeof target === 'number' || target.length !== count) {
    throw new Error(`The target should be ${count} numbers, but is ${describeTarget(target)}.`);
  }
  const gradient = zeros(output);
  let sum = 0;
  for (let at = 0; at < count; at++) {
    const difference = output.data[at]! - target[at]!;
    sum += difference * difference;
    gradient.data[at] = (2 * difference) / count;
  }
  return { loss: sum / count, gradient };
}
