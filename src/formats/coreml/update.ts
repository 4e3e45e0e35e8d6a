/** How the device trains: loss, optimizer, epochs, each with its default and what is allowed. */
import type { DoubleParameter, Int64Parameter, NetworkUpdateParameters, Optimizer } from '../../coreml/model';
import type { Adjustable, omissible } from '../../project/coremlSettings';
import { optimizerOf } from '../../training/settings';
import type { ExportSource } from '../defineFormat';
import { allowedOf } from './allowed';
import type { Plan } from './plan';

/** What training is by where the file does not say. */
export const unsaidValues = { momentum: 0, shuffle: true } as const;

type Source = Pick<ExportSource, 'settings' | 'coreml'>;

export function updateParameters(source: Source, { names, blob, loss }: Plan): NetworkUpdateParameters {
  const inputs = { input: blob, target: names.target };
  return {
    lossLayers: [
      loss.type === 'categoricalCrossEntropy'
        ? { name: names.loss, categoricalCrossEntropyLossLayer: inputs }
        : { name: names.loss, meanSquaredErrorLossLayer: inputs },
    ],
    optimizer: optimizer(source),
    epochs: whole(source, 'epochs'),
    ...(unsaid(source, 'shuffle') ? undefined : { shuffle: { defaultValue: source.settings.shuffle } }),
    ...(unsaid(source, 'seed') ? undefined : { seed: whole(source, 'seed') }),
  };
}

function optimizer(source: Source): Optimizer {
  const chosen = optimizerOf(source.settings);
  const shared = {
    learningRate: real(source, 'learningRate'),
    miniBatchSize: whole(source, 'batchSize'),
  };
  switch (chosen.type) {
    case 'adam':
      return {
        adamOptimizer: {
          ...shared,
          beta1: real(source, 'beta1'),
          beta2: real(source, 'beta2'),
          eps: real(source, 'epsilon'),
        },
      };
    case 'sgd':
      return {
        sgdOptimizer: {
          ...shared,
          ...(unsaid(source, 'momentum') ? undefined : { momentum: real(source, 'momentum') }),
        },
      };
    default:
      return chosen satisfies never;
  }
}

/** Whether the file left this out, and it still is as Core ML then has it: no momentum, no order of its own. */
function unsaid({ settings, coreml }: Source, key: (typeof omissible)[number]): boolean {
  if (!coreml.omitted?.includes(key)) return false;
  return key === 'seed' ? coreml.allowed.seed === undefined : settings[key] === unsaidValues[key];
}

/** A number with its range. Core ML knows no sets of real numbers. */
function real({ settings, coreml }: Source, key: Adjustable): DoubleParameter {
  const allowed = allowedOf(key, settings, coreml);
  return {
    defaultValue: settings[key],
    ...(allowed?.type === 'range' ? { range: { minValue: allowed.min, maxValue: allowed.max } } : undefined),
  };
}

/** A whole number with its range or set. */
function whole(source: Source, key: Adjustable): Int64Parameter {
  const allowed = allowedOf(key, source.settings, source.coreml);
  return allowed?.type === 'set'
    ? { defaultValue: source.settings[key], set: { values: [...allowed.values] } }
    : real(source, key);
}
