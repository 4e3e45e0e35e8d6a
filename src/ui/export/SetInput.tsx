/** A list of whole numbers, typed with commas between them. What is refused says why, and the last good list stays. */
import { useId, useState } from 'react';

interface SetInputProps {
  label: string;
  values: readonly number[];
  className: string;
  /** What is wrong with a list in one sentence, or undefined. */
  check: (values: readonly number[]) => string | undefined;
  onChange: (values: readonly number[]) => void;
}

export function SetInput({ label, values, className, check, onChange }: SetInputProps) {
  const id = useId();
  const [draft, setDraft] = useState<string>();
  const typed = draft === undefined ? values : numbersOf(draft);
  const error = draft === undefined ? undefined : check(typed);
  return (
    <>
      <span className={className}>
        <input
          aria-label={label}
          aria-invalid={error !== undefined}
          aria-describedby={error ? id : undefined}
          className="h-full bg-transparent px-2 text-center font-semibold outline-none aria-invalid:text-bad"
          inputMode="text"
          autoComplete="off"
          enterKeyHint="done"
          value={draft ?? values.join(', ')}
          onChange={(event) => {
            setDraft(event.target.value);
            const next = numbersOf(event.target.value);
            if (!check(next)) onChange(next);
          }}
          onBlur={() => setDraft(undefined)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
          }}
        />
      </span>
      {error && (
        <p id={id} role="alert" className="col-span-4 -mt-1 pb-1 text-xs text-bad">
          {error}
        </p>
      )}
    </>
  );
}

/** The numbers of a list, each once, in order; NaN for what is none. */
function numbersOf(text: string): readonly number[] {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  return [...new Set(parts.map(Number))].sort((a, b) => a - b);
}
