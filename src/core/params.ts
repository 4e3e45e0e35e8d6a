/**
 * The schema of a layer's (or a dataset's, or a training run's) parameters. The inspector's form, the validation of
 * what is typed, and the check of stored projects all derive from it; nothing else describes a parameter.
 */
export type ParamValue = number | boolean | string | readonly number[];
export type ParamValues = Readonly<Record<string, ParamValue>>;

interface ParamBase {
  /** Shown in the form, in sentence case. */
  readonly label: string;
  /** One sentence for the person who meets the term for the first time. */
  readonly help?: string;
  /** The parameter matters, and is shown, only while this answers true. Missing: always. */
  readonly visible?: (params: ParamValues) => boolean;
}

/** A whole number in `min`..`max`, both allowed. */
export interface IntegerParam extends ParamBase {
  readonly type: 'integer';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** How far the stepper goes; `double` halves and doubles. Default 1. */
  readonly step?: number | 'double';
}

/** A real number in `min`..`max`, both allowed. */
export interface RealParam extends ParamBase {
  readonly type: 'real';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** How far the stepper goes; `scale` walks 1, 2, 5, 10. Default `scale`. */
  readonly step?: number | 'scale';
}

/** A list of whole numbers of fixed length with a name for each, such as kernel height and width. */
export interface TupleParam extends ParamBase {
  readonly type: 'tuple';
  readonly default: readonly number[];
  readonly parts: readonly string[];
  readonly min: number;
  readonly max: number;
}

export interface BooleanParam extends ParamBase {
  readonly type: 'boolean';
  readonly default: boolean;
}

export interface ChoiceParam<V extends string = string> extends ParamBase {
  readonly type: 'choice';
  readonly default: V;
  readonly options: readonly V[];
  /** By option: what other parameters become when it is chosen by hand, so that their last value suits it. */
  readonly brings?: Readonly<Partial<Record<V, ParamValues>>>;
}

export type ParamSpec = IntegerParam | RealParam | TupleParam | BooleanParam | ChoiceParam;
export type ParamSchema = Readonly<Record<string, ParamSpec>>;

/** The values that a schema admits: `{ filters: number, padding: 'valid' | 'same', … }`; any, of a schema not known. */
export type ParamsOf<S extends ParamSchema> = string extends keyof S
  ? ParamValues
  : {
      readonly [K in keyof S]: S[K] extends { type: 'boolean' }
        ? boolean
        : S[K] extends { type: 'choice'; options: readonly (infer V)[] }
          ? V
          : S[K] extends { type: 'tuple' }
            ? readonly number[]
            : number;
    };

export function defaultsOf<S extends ParamSchema>(schema: S): ParamsOf<S> {
  return Object.fromEntries(Object.entries(schema).map(([key, spec]) => [key, spec.default])) as ParamsOf<S>;
}

/**
 * Checks one value against its spec.
 * @returns undefined when it is fine, else one sentence that states the limit and what came.
 */
export function checkParam(spec: ParamSpec, value: unknown): string | undefined {
  switch (spec.type) {
    case 'integer':
      return checkNumber(spec.label, value, spec.min, spec.max, true);
    case 'real':
      return checkNumber(spec.label, value, spec.min, spec.max, false);
    case 'tuple': {
      if (!Array.isArray(value) || value.length !== spec.parts.length)
        return `${spec.label} takes ${spec.parts.length} whole numbers (${spec.parts.join(', ')}).`;
      for (const [i, part] of spec.parts.entries()) {
        const message = checkNumber(`${spec.label} ${part}`, value[i], spec.min, spec.max, true);
        if (message) return message;
      }
      return undefined;
    }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `${spec.label} is on or off; got ${String(value)}.`;
    case 'choice':
      return spec.options.includes(value as string)
        ? undefined
        : `${spec.label} is one of ${spec.options.join(', ')}; got ${String(value)}.`;
    default:
      return spec satisfies never;
  }
}

function checkNumber(
  label: string,
  value: unknown,
  min: number,
  max: number,
  whole: boolean,
): string | undefined {
  const isNumber = typeof value === 'number' && Number.isFinite(value);
  if (isNumber && (!whole || Number.isInteger(value)) && value >= min && value <= max) return undefined;
  const limits = `${label} takes ${whole ? 'a whole number' : 'a number'} from ${formatLimit(min)} to ${formatLimit(max)}`;
  return isNumber ? `${limits}; got ${value}.` : `${limits}.`;
}

function formatLimit(n: number): string {
  return Math.abs(n) >= 1e-4 || n === 0
    ? n.toLocaleString('en-US', { maximumFractionDigits: 6 })
    : n.toExponential();
}

/**
 * Checks every value of a stored or imported object.
 * @returns the values with missing ones filled in by their defaults, and one sentence per value that was refused.
 */
export function parseParams(schema: ParamSchema, stored: unknown): { values: ParamValues; errors: string[] } {
  const source = typeof stored === 'object' && stored !== null ? (stored as Record<string, unknown>) : {};
  const errors: string[] = [];
  const values: Record<string, ParamValue> = {};
  for (const [key, spec] of Object.entries(schema)) {
    const value = source[key] ?? spec.default;
    const message = checkParam(spec, value);
    if (message) errors.push(message);
    else values[key] = value as ParamValue;
  }
  return { values: { ...defaultsOf(schema), ...values }, errors };
}
