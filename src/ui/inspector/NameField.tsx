/** The layer's name, edited in place. A name that cannot be is refused and the last good one stays. */
import { useState } from 'react';
import { isProblem } from '../../core/problem';
import type { NetworkNode } from '../../network/network';
import { useEditor } from '../stores';

export function NameField({ node }: { node: NetworkNode }) {
  const [draft, setDraft] = useState<string>();
  const [error, setError] = useState<string>();
  const rename = useEditor((editor) => editor.renameLayer);
  return (
    <span className="min-w-0 flex-1">
      <input
        aria-label="Layer name"
        className="-ml-1.5 h-9 w-full rounded-md bg-transparent px-1.5 text-lg font-semibold hover:bg-bg focus:bg-bg aria-invalid:text-bad"
        value={draft ?? node.name}
        aria-invalid={error !== undefined}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        onChange={(event) => {
          setDraft(event.target.value);
          const refusal = rename(node.id, event.target.value);
          setError(isProblem(refusal) ? refusal.message : undefined);
        }}
        onBlur={() => {
          setDraft(undefined);
          setError(undefined);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
      {error && (
        <p role="alert" className="text-xs text-bad">
          {error}
        </p>
      )}
    </span>
  );
}
