/** A problem in words with its one-tap repair. */
import { Wrench } from 'lucide-react';
import type { Problem } from '../../core/problem';
import { useEditor } from '../stores';

export function ProblemNote({ nodeId, problem }: { nodeId: string; problem: Problem }) {
  const applyRepair = useEditor((editor) => editor.applyRepair);
  const { repair } = problem;
  return (
    <div className="rounded-xl border border-bad/30 bg-bad-soft px-3 py-2 text-xs text-ink shadow-card">
      <p>{problem.message}</p>
      {repair && (
        <button
          type="button"
          className="mt-1 -mb-1 flex h-11 items-center gap-1.5 font-semibold text-accent"
          onClick={(event) => {
            event.stopPropagation();
            applyRepair(nodeId, repair);
          }}
        >
          <Wrench size={14} aria-hidden />
          {repair.label}
        </button>
      )}
    </div>
  );
}
