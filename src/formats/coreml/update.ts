/** How the device trains: loss, optimizer, epochs, each with its default and what is allowed. */
import type { DoubleParameter, Int64Parameter, NetworkUpdateParameters, Optimizer } from '../../coreml/model';
import { optimizerOf, type TrainingSettings } from '../../training/settings';
import type { CoreMLOptions } from './options';
import type { Plan } from './plan';

/** The limits that the file states: those of the options, made wider where a default of the run lies outside. */
export function limitsOf(settings: TrainingSettings, options: CoreMLOptions) {
  return {
    learningRate: Math.max(options.maxLearningRate, settings.learningRate),
    epochs: Math.max(options.maxEpochs, settings.epochs),
    batchSize: Math.max(options.maxBatchSize, settings.batchSize),
  };
}

export function updateParameters(
  settings: TrainingSettings,
  options: CoreMLOptions,
  { names, loss }: Plan,
): NetworkUpdateParameters {
  const inputs = { input: names.output, target: names.target };
  const limits = limitsOf(settings, options);
  return {
    lossLayers: [
      loss.type === 'categoricalCrossEntropy'
        ? { name: names.loss, categoricalCrossEntropyLossLayer: inputs }
        : { name: names.loss, meanSquaredErrorLossLayer: inputs },
    ],
    optimizer: optimizer(settings, limits),
    epochs: whole(settings.epochs, limits.epochs),
    shuffle: { defaultValue: settings.shuffle },
    seed: { defaultValue: settings.seed },
  };
}

function optimizer(settings: TrainingSettings, limits: ReturnType<typeof limitsOf>): Optimizer {
  const chosen = optimizerOf(settings);
  const shared = {
    learningRate: real(chosen.learningRate, limits.learningRate),
    miniBatchSize: whole(settings.batchSize, limits.batchSize),
  };
  switch (chosen.type) {
    case 'adam':
      return {
        adamOptimizer: {
          ...shared,
          beta1: real(chosen.beta1, 1),
          beta2: real(chosen.beta2, 1),
          eps: real(chosen.epsilon, 1),
        },
      };
    case 'sgd':
      return { sgdOptimizer: { ...shared, momentum: real(chosen.momentum, 1) } };
    default:
      return chosen satisfies never;
  }
}

/** A number from 0 to `max`. */
function real(defaultValue: number, max: number): DoubleParameter {
  return { defaultValue, range: { minValue: 0, maxValue: max } };
}

/** A count from 1 to `max`. */
function whole(defaultValue: number, max: number): Int64Parameter {
  return { defaultValue, range: { minValue: 1, maxValue: max } };
}
