/**
 * What is being typed, apart from the value that counts. A draft that is fine takes effect at once; one that is not
 * shows its reason, and leaving the field brings the last good value back.
 */
import { useState } from 'react';
import { formatNumber, readNumber } from './numbers';

export interface Draft {
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
      const typed = readNumber(text);
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
