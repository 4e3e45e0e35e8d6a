/** What the format says of the network before anything is saved, the gravest first. */
import { CircleAlert, CircleCheck, CircleSlash, Info } from 'lucide-react';
import type { ExportNote } from '../../formats/defineFormat';
import type { WayOut } from '../../formats/coreml/wayOut';
import { WaysOut } from '../coreml/WaysOut';

const order = ['gap', 'frozen', 'note'] as const;

const looks = {
  gap: { Picture: CircleSlash, color: 'text-bad', word: 'Cannot be exported' },
  frozen: { Picture: CircleAlert, color: 'text-warn', word: 'Stays as it is on the device' },
  note: { Picture: Info, color: 'text-mute', word: 'Good to know' },
} as const;

export function ExportNotes({ notes }: { notes: readonly ExportNote[] }) {
  const trains = notes.every(({ severity }) => severity === 'note');
  const seen = new Set<string>();
  /** A way out of several notes is offered with the first. */
  const firstTime = (way: WayOut): boolean =>
    seen.size < seen.add(JSON.stringify({ ...way, label: '' })).size;
  const sorted = [...notes].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  return (
    <ul aria-label="Notes on the export" className="mb-3 flex flex-col gap-2 rounded-xl bg-bg px-4 py-3">
      {trains && (
        <li className="flex gap-2.5 text-xs">
          <CircleCheck size={15} aria-hidden className="mt-px shrink-0 text-good" />
          <span>Every layer with weights can be trained on the device.</span>
        </li>
      )}
      {sorted.map(({ severity, layer, message, waysOut = [] }) => {
        const { Picture, color, word } = looks[severity];
        return (
          <li key={`${severity}${layer}${message}`} className="flex gap-2.5 text-xs">
            <Picture size={15} aria-label={word} className={`mt-px shrink-0 ${color}`} />
            <span>
              {layer && <b className="font-semibold">{layer}: </b>}
              {message}
              <WaysOut ways={waysOut.filter(firstTime)} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}
