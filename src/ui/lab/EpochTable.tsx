/** The record: one row per epoch. */
import { accuracyWords, clock } from '../common/format';
import { useRun } from '../stores';

export function EpochTable() {
  const epochs = useRun((run) => run.epochs);
  return (
    <div className="min-h-0 shrink-0 overflow-y-auto overscroll-contain px-4 py-3 max-medium:border-t max-medium:border-line wide:w-[300px]">
      <table className="w-full border-collapse text-xs">
        <caption className="sr-only">Results by epoch</caption>
        <thead>
          <tr className="text-right text-2xs text-faint">
            <th className="pb-1 text-left font-medium">Epoch</th>
            <th className="pb-1 font-medium">Loss</th>
            <th className="pb-1 font-medium">Training</th>
            <th className="pb-1 font-medium">Test</th>
            <th className="pb-1 font-medium">Time</th>
          </tr>
        </thead>
        <tbody>
          {epochs.toReversed().map((epoch) => (
            <tr key={epoch.epoch} className="border-t border-line text-right">
              <td className="py-1.5 text-left">{epoch.epoch}</td>
              <td className="text-mute">{epoch.loss.toFixed(4)}</td>
              <td className="text-mute">{accuracyWords(epoch.accuracy)}</td>
              <td className="font-semibold">{accuracyWords(epoch.testAccuracy)}</td>
              <td className="text-mute">{clock(epoch.seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {epochs.length === 0 && (
        <p className="pt-2 text-xs text-faint">
          After each epoch the 10,000 test images, which training never sees, are classified; the result goes
          here.
        </p>
      )}
    </div>
  );
}
