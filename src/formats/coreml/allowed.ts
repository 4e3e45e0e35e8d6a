/** What the device may set each number of the training to: the person's choice, or the export's own. */
import { optimizerOf, type TrainingSettings } from '../../training/settings';
import { adjustable, type Adjustable, type Allowed, type CoreMLSettings } from '../../project/coremlSettings';

const own: Readonly<Partial<Record<Adjustable, { readonly min: number; readonly max: number }>>> = {
  learningRate: { min: 0, max: 0.3 },
  batchSize: { min: 1, max: 512 },
  momentum: { min: 0, max: 1 },
  beta1: { min: 0, max: 1 },
  beta2: { min: 0, max: 1 },
  epsilon: { min: 0, max: 1 },
  epochs: { min: 1, max: 100 },
};

/**
 * The person's choice, or the export's own range, which is made wider where the run's own setting lies outside.
 * Undefined: the file states no limit.
 */
export function allowedOf(
  key: Adjustable,
  settings: TrainingSettings,
  { allowed }: CoreMLSettings,
): Allowed | undefined {
  const chosen = allowed[key];
  if (chosen) return chosen;
  const range = own[key];
  return range && { type: 'range', min: range.min, max: Math.max(range.max, settings[key]) };
}

/** The numbers that a file with these settings states, in the order of the form: those of its optimizer only. */
export function adjustableOf(settings: TrainingSettings): readonly Adjustable[] {
  const optimizer = optimizerOf(settings);
  const shared: readonly Adjustable[] = ['batchSize', 'epochs', 'seed'];
  return adjustable.filter((key) => key in optimizer || shared.includes(key));
}
