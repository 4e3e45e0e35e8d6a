/**
 * A Problem is the normal answer of an unfinished network: data, never thrown. Exceptions are for bugs.
 */
import type { ParamValues } from './params';

/** A one-tap way out of a problem. Plain data; `network/repairs.ts` turns it into an edit. */
export type Repair =
  | {
      readonly type: 'insertBefore';
      readonly kind: string;
      readonly params?: ParamValues;
      readonly label: string;
    }
  | {
      readonly type: 'appendAfter';
      readonly kind: string;
      readonly params?: ParamValues;
      readonly label: string;
    }
  | { readonly type: 'setParams'; readonly params: ParamValues; readonly label: string }
  /** Another kind in its place; it takes the new kind's automatic name. */
  | {
      readonly type: 'replace';
      readonly kind: string;
      readonly params?: ParamValues;
      readonly label: string;
    }
  | { readonly type: 'remove'; readonly label: string }
  | { readonly type: 'matchChannels'; readonly label: string };

export interface Problem {
  /** Stable name for tests and for the interface, e.g. "rank", "kernelTooLarge". */
  readonly code: string;
  /** A whole sentence: what was expected, what came. */
  readonly message: string;
  readonly repair?: Repair;
}

export function problem(code: string, message: string, repair?: Repair): Problem {
  return repair ? { code, message, repair } : { code, message };
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value;
}
