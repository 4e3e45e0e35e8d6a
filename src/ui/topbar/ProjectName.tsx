/** The project's name, edited in place, with the parameter count and whether the work is saved. */
import { useState } from 'react';
import { numberWords } from '../common/format';
import { useEditor } from '../stores';
import { useSaveState } from '../saving';

const saveWords = { saved: 'saved', saving: 'saving…', failed: 'not saved' } as const;

export function ProjectName() {
  const name = useEditor((editor) => editor.project.name);
  const parameters = useEditor((editor) => editor.analysis.parameters);
  const rename = useEditor((editor) => editor.renameProject);
  const saving = useSaveState();
  const [draft, setDraft] = useState<string>();
  return (
    <div className="min-w-0 shrink max-medium:flex-1 medium:w-[184px] medium:shrink-0">
      <input
        aria-label="Project name"
        className="-ml-1 block h-6 w-full rounded bg-transparent px-1 text-base font-semibold text-ellipsis hover:bg-bg focus:bg-bg"
        value={draft ?? name}
        maxLength={80}
        autoComplete="off"
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => {
          if (draft?.trim()) rename(draft.trim());
          setDraft(undefined);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') setDraft(undefined);
        }}
      />
      <p
        className={`truncate text-2xs ${saving === 'failed' ? 'text-bad' : 'text-faint'}`}
        data-testid="project-facts"
      >
        <span className="max-medium:hidden">{numberWords(parameters)} parameters · </span>
        <span className="medium:hidden">{numberWords(parameters)} · </span>
        {saveWords[saving]}
      </p>
    </div>
  );
}
