/** On or off. */
import { useId } from 'react';
import type { BooleanParam } from '../../core/params';
import { Field } from './Field';

interface BooleanFieldProps {
  spec: BooleanParam;
  value: boolean;
  onChange: (value: boolean) => void;
  note?: string;
}

export function BooleanField({ spec, value, onChange, note }: BooleanFieldProps) {
  const id = useId();
  return (
    <Field id={id} label={spec.label} help={spec.help} note={note}>
      <span className="relative grid h-11 w-14 place-items-center">
        <input
          id={id}
          type="checkbox"
          role="switch"
          className="peer absolute inset-0 cursor-pointer opacity-0"
          checked={value}
          aria-describedby={note === undefined ? undefined : `${id}-note`}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span
          aria-hidden
          className="pointer-events-none h-7 w-12 rounded-full bg-edge p-0.5 transition-colors duration-150 peer-checked:bg-accent peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent *:transition-transform *:duration-150 peer-checked:*:translate-x-5"
        >
          <span className="block size-6 rounded-full bg-white shadow-card" />
        </span>
      </span>
    </Field>
  );
}
