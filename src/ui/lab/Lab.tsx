/** The drawer that opens with a run: what runs where, how far it is, what it has learned, and its record. */
import { Charts } from './Charts';
import { EpochTable } from './EpochTable';
import { RunStatus } from './RunStatus';

export function Lab() {
  return (
    <section
      aria-label="Lab"
      className="flex min-h-0 min-w-0 flex-col overflow-y-auto overscroll-contain border-t border-line bg-card wide:h-[236px] wide:flex-row wide:overflow-hidden"
    >
      <RunStatus />
      <Charts />
      <EpochTable />
    </section>
  );
}
