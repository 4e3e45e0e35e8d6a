/** One-tap ways out, a button each. */
import { Wrench } from 'lucide-react';
import type { WayOut } from '../../formats/coreml/wayOut';
import { takeWayOut } from '../../state/takeWayOut';
import { useStores } from '../stores';

export function WaysOut({ ways }: { ways: readonly WayOut[] }) {
  const { editor } = useStores();
  if (ways.length === 0) return null;
  return (
    <span className="-mb-2 flex flex-wrap gap-x-4">
      {ways.map((way) => (
        <button
          key={way.label}
          type="button"
          className="flex min-h-11 items-center gap-1.5 text-left font-semibold text-accent"
          onClick={() => takeWayOut(editor.getState(), way)}
        >
          <Wrench size={14} aria-hidden className="shrink-0" />
          {way.label}
        </button>
      ))}
    </span>
  );
}
