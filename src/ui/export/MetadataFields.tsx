/** The texts that a file carries: description, author, licence, and the like. */
import { useId, type Dispatch, type SetStateAction } from 'react';

interface MetadataFieldsProps {
  fields: readonly { readonly key: string; readonly label: string }[];
  values: Readonly<Record<string, string>>;
  onChange: Dispatch<SetStateAction<Readonly<Record<string, string>>>>;
}

export function MetadataFields({ fields, values, onChange }: MetadataFieldsProps) {
  const id = useId();
  return (
    <details>
      <summary className="flex h-11 cursor-pointer items-center text-sm font-medium text-accent">
        Description and author
      </summary>
      {fields.map(({ key, label }) => (
        <div key={key} className="mb-2">
          <label htmlFor={`${id}${key}`} className="mb-1 block text-xs text-mute">
            {label}
          </label>
          <input
            id={`${id}${key}`}
            className="h-11 w-full rounded-[10px] border border-line bg-card px-3 text-sm focus:border-accent"
            value={values[key] ?? ''}
            maxLength={1000}
            onChange={(event) => onChange((before) => ({ ...before, [key]: event.target.value }))}
          />
        </div>
      ))}
    </details>
  );
}
