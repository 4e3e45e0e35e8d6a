/** The drawer that opens with a run: what runs where, how far it is, what it has learned, and its record. */
import { Charts } from './Charts';
import { EpochTable } from './EpochTable';
import { RunStatus } from './RunStatus';

export function Lab() {
  return (
    <section
      aria-label="Lab"
      className="flex min-h-0 min-w-0 flex-col overflow-y-auto medium:max-wide:grid medium:max-wide:grid-cols-2 medium:max-wide:grid-rows-[minmax(0,auto)_minmax(180px,1fr)] overscroll-contain border-t border-line bg-card wide:h-[236px] wide:flex-row wide:overflow-hidden"
    >
      <RunStatus />
      <Charts />
      <EpochTable />
    </section>
  );
}
