/** Reading of stored values, piece by piece. Inside `src/project` only: `parseProject` turns refusals into sentences. */
import { checkParam, defaultsOf, type ParamSchema, type ParamsOf } from '../core/params';

/** A stored value cannot be what it should; the message is a sentence for the person. */
export class Refused extends Error {
  override name = 'Refused';
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws Refused unless it is a text of 1 to `max` characters that are not all spaces. */
export function readText(value: unknown, what: string, max: number): string {
  if (typeof value !== 'string' || value.trim() === '') throw new Refused(`${what} is not a text.`);
  if (value.length > max) throw new Refused(`${what} is longer than ${max} characters.`);
  return value;
}

/** @throws Refused unless it is a list. */
export function readList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Refused(`${what} are not a list.`);
  return value;
}

/**
 * Reads parameters by their schema; those that are missing have their defaults.
 * @throws Refused where one is out of its limits or unknown.
 */
export function readParams<S extends ParamSchema>(schema: S, value: unknown, what: string): ParamsOf<S> {
  if (!isRecord(value)) throw new Refused(`The settings of ${what} are missing.`);
  for (const [key, stored] of Object.entries(value)) {
    const spec = Object.hasOwn(schema, key) ? schema[key] : undefined;
    if (!spec) throw new Refused(`${what} has an unknown setting "${key}".`);
    const message = checkParam(spec, stored);
    if (message) throw new Refused(`${what}: ${message}`);
  }
  return { ...defaultsOf(schema), ...value };
}
