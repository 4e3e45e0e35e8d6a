/** One row of a form: label, control, and below them a note or the sentence that says why a value was refused. */
import type { ReactNode } from 'react';

interface FieldProps {
  id: string;
  label: string;
  help?: string | undefined;
  error?: string | undefined;
  /** What everybody should read who sees the control. */
  note?: string | undefined;
  children: ReactNode;
  /** For controls of several parts: the label names a group instead of one input. */
  group?: boolean;
}

export function Field({ id, label, help, error, note, children, group }: FieldProps) {
  const Label = group ? 'span' : 'label';
  return (
    <div
      className="border-b border-line py-1"
      {...(group ? { role: 'group', 'aria-labelledby': `${id}-label` } : {})}
    >
      <div className="flex min-h-11 items-center justify-between gap-3">
        <Label id={`${id}-label`} {...(group ? {} : { htmlFor: id })} className="text-sm" title={help}>
          {label}
        </Label>
        {children}
      </div>
      {note && (
        <p id={`${id}-note`} className="pt-0.5 pb-1.5 text-xs text-mute">
          {note}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="pb-1.5 text-xs text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
