/**
 * How a file's optimizer moves weights. Core ML names its optimizers and their parameters only. Adam is that of the paper
 * (Kingma and Ba, 2015, algorithm 1), with its correction for moments that begin at zero; SGD with momentum is Keras's:
 * velocity = momentum * velocity - rate * gradient, and the weights move by the velocity.
 * Moments are doubles; the weights stay the float32 numbers of the file and are rounded at every step.
 */
import type { Model, Optimizer } from '../types';
import { weightsOfUpdatable, zerosFor, type Parts } from './gradients';

/** Moves all weights of the updatable layers of a model by one step; `step` counts from 1. */
export type Mover = (gradients: ReadonlyMap<string, Parts>, step: number) => void;

/** Moves one list of weights, whose memory is `first` and `second`. */
type Rule = (
  weights: Float32Array,
  gradient: Float64Array,
  first: Float64Array,
  second: Float64Array,
  step: number,
) => void;

/**
 * The optimizer of a file on its model, whose weights it will change in place.
 * @throws Error when the file states none
 */
export function moverOf(model: Model): Mover {
  const optimizer = model.network.update?.optimizer;
  if (!optimizer) throw new Error('The file states no optimizer.');
  const rule = optimizer.kind === 'adam' ? adam(optimizer) : sgd(optimizer);
  const layers = model.network.layers
    .filter(({ isUpdatable }) => isUpdatable)
    .map((layer) => ({
      name: layer.name,
      ...weightsOfUpdatable(layer),
      first: zerosFor(layer),
      second: zerosFor(layer),
    }));
  return (gradients, step) => {
    for (const { name, weights, bias, first, second } of layers) {
      const gradient = gradients.get(name)!;
      rule(weights.floats, gradient.weights, first.weights, second.weights, step);
      if (bias) rule(bias.floats, gradient.bias, first.bias, second.bias, step);
    }
  };
}

function adam(optimizer: Extract<Optimizer, { kind: 'adam' }>): Rule {
  const rate = optimizer.learningRate!.value;
  const [beta1, beta2, eps] = [optimizer.beta1!.value, optimizer.beta2!.value, optimizer.eps!.value];
  return (weights, gradient, first, second, step) => {
    const correction1 = 1 - beta1 ** step;
    const correction2 = 1 - beta2 ** step;
    for (let at = 0; at < weights.length; at++) {
      const slope = gradient[at]!;
      const m = (first[at] = beta1 * first[at]! + (1 - beta1) * slope);
      const v = (second[at] = beta2 * second[at]! + (1 - beta2) * slope * slope);
      weights[at]! -= (rate * (m / correction1)) / (Math.sqrt(v / correction2) + eps);
    }
  };
}

function sgd(optimizer: Extract<Optimizer, { kind: 'sgd' }>): Rule {
  const rate = optimizer.learningRate!.value;
  const momentum = optimizer.momentum?.value ?? 0;
  return (weights, gradient, velocity) => {
    for (let at = 0; at < weights.length; at++) {
      velocity[at] = momentum * velocity[at]! - rate * gradient[at]!;
      weights[at]! += velocity[at]!;
    }
  };
}
