/** How a file trains: optimizer, loss, epochs, and what the device may set them to. */
import { checkParam } from '../../../core/params';
import type { DoubleParameter, Int64Parameter, NetworkUpdateParameters } from '../../../coreml/model';
import {
  omissible,
  type Adjustable,
  type Allowed,
  type CoreMLSettings,
} from '../../../project/coremlSettings';
import { defaultTrainingSettings, trainingSchema, type TrainingSettings } from '../../../training/settings';
import type { Notes } from './notes';
import { FileRefused, shortened } from './refused';

export interface FileTraining {
  readonly settings: TrainingSettings;
  readonly allowed: Readonly<Partial<Record<Adjustable, Allowed>>>;
  /** What the file leaves unsaid. */
  readonly omitted: NonNullable<CoreMLSettings['omitted']>;
  /** The loss as the file has it; undefined where it has none. */
  readonly loss: { readonly name: string; readonly input: string; readonly target: string } | undefined;
}

type Parameter = Int64Parameter | DoubleParameter;

/** @throws FileRefused where the file has several losses. */
export function trainingOf(update: NetworkUpdateParameters | undefined, notes: Notes): FileTraining {
  if (!update) return { settings: defaultTrainingSettings, allowed: {}, omitted: [], loss: undefined };
  const { adamOptimizer: adam, sgdOptimizer: sgd } = update.optimizer ?? {};
  const { lossLayers, epochs, seed, shuffle } = update;
  if (lossLayers.length > 1)
    throw new FileRefused(
      `The model trains by ${lossLayers.length} losses at once ` +
        `(${lossLayers
          .slice(0, 5)
          .map(({ name }) => `"${shortened(name)}"`)
          .join(', ')}). A network here has one.`,
    );
  if (!adam && !sgd) notes.lost('The file states no optimizer that Layerpad knows; it gets Adam.');
  const parameters: Partial<Record<Adjustable, Parameter | undefined>> = {
    epochs,
    ...(seed ? { seed } : undefined),
    ...(adam && {
      learningRate: adam.learningRate,
      batchSize: adam.miniBatchSize,
      beta1: adam.beta1,
      beta2: adam.beta2,
      epsilon: adam.eps,
    }),
    ...(sgd && { learningRate: sgd.learningRate, batchSize: sgd.miniBatchSize, momentum: sgd.momentum }),
  };
  const settings: Partial<Record<Adjustable, number>> = {};
  const allowed: Partial<Record<Adjustable, Allowed>> = {};
  for (const [key, parameter] of Object.entries(parameters) as [Adjustable, Parameter | undefined][]) {
    const { label } = trainingSchema[key];
    // Without its message momentum is none; the others are demanded by Core ML.
    const value = parameter?.defaultValue ?? (key === 'momentum' ? 0 : undefined);
    const wrong = value === undefined ? `${label} is not stated.` : checkParam(trainingSchema[key], value);
    if (wrong) notes.lost(`${wrong} It becomes ${defaultTrainingSettings[key]}.`);
    else settings[key] = value!;
    const limits = parameter && limitsOf(parameter);
    if (limits) allowed[key] = limits;
    else if (key !== 'seed' && parameter)
      notes.note(`${label} has no limits in the file. Written again it has those of a new export.`);
  }
  const [loss] = lossLayers;
  const squared = loss?.meanSquaredErrorLossLayer;
  const inputs = squared ?? loss?.categoricalCrossEntropyLossLayer;
  return {
    settings: {
      ...defaultTrainingSettings,
      ...settings,
      ...(sgd && { optimizer: 'sgd' as const }),
      ...(shuffle && { shuffle: shuffle.defaultValue }),
      loss: squared ? 'meanSquaredError' : 'categoricalCrossentropy',
    },
    allowed,
    omitted: omissible.filter((key) => !(key === 'momentum' ? !sgd || sgd.momentum : update[key])),
    loss: inputs && { name: loss!.name, ...inputs },
  };
}

function limitsOf({ range, ...parameter }: Parameter): Allowed | undefined {
  const values = 'set' in parameter ? parameter.set?.values : undefined;
  if (values) return { type: 'set', values: values.slice(0, 1000) };
  if (!range || !Number.isFinite(range.minValue) || !Number.isFinite(range.maxValue)) return undefined;
  return { type: 'range', min: range.minValue, max: range.maxValue };
}
