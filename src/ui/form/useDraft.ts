/**
 * What is being typed, apart from the value that counts. A draft that is fine takes effect at once; one that is not
 * shows its reason, and leaving the field brings the last good value back.
 */
import { useState } from 'react';

interface Draft {
  text: string;
  error: string | undefined;
  type: (text: string) => void;
  leave: () => void;
  /** Applies a value that did not come from typing, such as a stepper's. */
  set: (value: number) => void;
}

export function useDraft(
  value: number,
  check: (value: number) => string | undefined,
  apply: (value: number) => void,
): Draft {
  const [draft, setDraft] = useState<string>();
  const [error, setError] = useState<string>();
  return {
    text: draft ?? formatNumber(value),
    error,
    type(text) {
      setDraft(text);
      const typed = text.trim() === '' ? Number.NaN : Number(text.replace(',', '.'));
      const message = check(typed);
      setError(message);
      if (!message && typed !== value) apply(typed);
    },
    leave() {
      setDraft(undefined);
      setError(undefined);
    },
    set(next) {
      setDraft(undefined);
      setError(undefined);
      if (!check(next) && next !== value) apply(next);
    },
  };
}

/** Plain digits where they are short, 1e-7 where they are not. */
export function formatNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential().replace('e+', 'e') : String(value);
}
