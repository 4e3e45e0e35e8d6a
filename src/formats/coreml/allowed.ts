/** What the device may set each number of the training to: the person's choice, or the export's own; and its check. */
import { doubleRefusal, wholeRefusal } from '../../coreml/parameters';
import {
  adjustable,
  countable,
  type Adjustable,
  type Allowed,
  type CoreMLSettings,
} from '../../project/coremlSettings';
import { optimizerOf, trainingSchema, type TrainingSettings } from '../../training/settings';
import type { ExportNote } from '../defineFormat';
import type { WayOut } from './wayOut';

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

/**
 * Whether a number of the training may have this default and these values.
 * @returns what is wrong in one sentence, or undefined.
 */
export function allowedRefusal(
  key: Adjustable,
  value: number,
  allowed: Allowed | undefined,
): string | undefined {
  const { label } = trainingSchema[key];
  const range =
    allowed?.type === 'range' ? { range: { minValue: allowed.min, maxValue: allowed.max } } : undefined;
  if (!countable.includes(key)) return doubleRefusal(label, { defaultValue: value, ...range });
  const set = allowed?.type === 'set' ? { set: { values: [...allowed.values] } } : undefined;
  return wholeRefusal(label, { defaultValue: value, ...range, ...set }, key !== 'seed');
}

/** One note for each number whose default is not allowed, with the ways out. */
export function allowedNotes({
  settings,
  coreml,
}: {
  readonly settings: TrainingSettings;
  readonly coreml: CoreMLSettings;
}): readonly ExportNote[] {
  return adjustableOf(settings).flatMap((key) => {
    const allowed = allowedOf(key, settings, coreml);
    const message = allowedRefusal(key, settings[key], allowed);
    if (!message) return [];
    const why = key === 'epochs' ? ' Devices have crashed on such a file (coremltools issue 604).' : '';
    return [
      { severity: 'gap', message: message + why, waysOut: waysOut(key, settings[key], allowed, coreml) },
    ];
  });
}

function waysOut(
  key: Adjustable,
  value: number,
  allowed: Allowed | undefined,
  coreml: CoreMLSettings,
): readonly WayOut[] {
  const allow = (next: Allowed, label: string): WayOut => ({
    type: 'choices',
    choices: { allowed: { ...coreml.allowed, [key]: next } },
    label,
  });
  if (allowed?.type === 'set') {
    const values = [...allowed.values, value].sort((a, b) => a - b);
    return [allow({ type: 'set', values }, `Add ${value} to the set`)];
  }
  if (!allowed) return [];
  const min = Math.min(allowed.min, value);
  const max = Math.max(allowed.max, value);
  return [allow({ type: 'range', min, max }, `Allow ${min} to ${max}`)];
}
