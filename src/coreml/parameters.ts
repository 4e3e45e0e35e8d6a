/**
 * The numbers of the training that a file lets the device change: a default, and a range or set that holds it.
 * Source: ParameterValidator.cpp of Apple's coremltools, validateInt64Parameter and validateDoubleParameter.
 */
import type { DoubleParameter, Int64Parameter } from './model';

/**
 * @param label the parameter in words, in sentence case: "Batch size".
 * @returns what is wrong with it in one sentence, or undefined.
 */
export function doubleRefusal(label: string, { defaultValue, range }: DoubleParameter): string | undefined {
  if (!Number.isFinite(defaultValue))
    return `${label} needs a number as its default; it has ${defaultValue}.`;
  if (!range) return undefined;
  if (range.minValue > range.maxValue)
    return `${label} has the range ${words(range.minValue)} to ${words(range.maxValue)}; the smaller number comes first.`;
  return defaultValue < range.minValue || defaultValue > range.maxValue
    ? `${label} is ${words(defaultValue)} by default, outside its range ${words(range.minValue)} to ${words(range.maxValue)}.`
    : undefined;
}

/**
 * @param positive whether 0 and what is below it are refused.
 * @returns what is wrong with it in one sentence, or undefined.
 */
export function wholeRefusal(
  label: string,
  parameter: Int64Parameter,
  positive: boolean,
): string | undefined {
  const { defaultValue, range, set } = parameter;
  const numbers = [defaultValue, ...(range ? [range.minValue, range.maxValue] : []), ...(set?.values ?? [])];
  const broken = numbers.find((number) => !Number.isSafeInteger(number));
  if (broken !== undefined) return `${label} takes whole numbers; ${words(broken)} is none.`;
  const tooSmall = positive ? numbers.find((number) => number < 1) : undefined;
  if (tooSmall !== undefined) return `${label} is 1 or more; it has ${words(tooSmall)}.`;
  if (!set) return doubleRefusal(label, parameter);
  if (set.values.length === 0)
    return `${label} has an empty set; it needs its default ${words(defaultValue)}.`;
  return set.values.includes(defaultValue)
    ? undefined
    : `${label} is ${words(defaultValue)} by default, which is not in its set ${set.values.map(words).join(', ')}.`;
}

function words(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential() : String(value);
}
