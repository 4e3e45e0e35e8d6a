/** The part of a number field that is typed into. Enter leaves it, and leaving brings the last good value back. */
import type { ComponentProps } from 'react';
import type { Draft } from './useDraft';

interface NumberInputProps extends ComponentProps<'input'> {
  draft: Draft;
  /** Of the element that says why a value was refused. */
  errorId: string;
  /** Room for at least so many characters, and so many more than are typed. */
  room: { least: number; more: number };
}

export function NumberInput({ draft, errorId, room, onKeyDown, ...rest }: NumberInputProps) {
  return (
    <input
      className="h-full bg-transparent px-1 text-center font-semibold outline-none aria-invalid:text-bad"
      style={{ width: `${Math.max(room.least, draft.text.length + room.more)}ch` }}
      autoComplete="off"
      enterKeyHint="done"
      value={draft.text}
      aria-invalid={draft.error !== undefined}
      aria-describedby={draft.error ? errorId : undefined}
      onChange={(event) => draft.type(event.target.value)}
      onBlur={draft.leave}
      onFocus={(event) => event.target.select()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        onKeyDown?.(event);
      }}
      {...rest}
    />
  );
}
