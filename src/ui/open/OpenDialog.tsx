/** Shows what a file holds before it is opened: what comes in, what is lost, and what happens with unknown layers. */
import { Dialog } from '@base-ui/react/dialog';
import { FolderOpen, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../common/Button';
import { useEditor, useRun } from '../stores';
import { openDialog, type Look } from './openDialog';
import { UnknownLayers } from './UnknownLayers';
import { useTakeIn } from './useTakeIn';

const close = () => openDialog.setState({ look: undefined });

export function OpenDialog({ look }: { look: Look }) {
  const takeIn = useTakeIn();
  const running = useRun(({ active }) => active);
  const hasWork = useEditor(({ project }) => project.network.nodes.length > 0);
  const [joined, setJoined] = useState<ReadonlySet<number>>(new Set());
  const [shown, setShown] = useState(look.first);
  const [busy, setBusy] = useState(false);

  const join = (index: number, on: boolean) => {
    const next = new Set(joined);
    if (on) next.add(index);
    else next.delete(index);
    setJoined(next);
    setShown(look.opened.read(next));
  };
  const open = async () => {
    setBusy(true);
    await takeIn(shown);
    close();
  };

  return (
    <Dialog.Root open onOpenChange={(next) => !next && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/30" />
        <Dialog.Popup className="fixed top-1/2 left-1/2 z-50 flex max-h-[min(720px,calc(100dvh-24px))] w-[min(560px,calc(100vw-24px))] -translate-1/2 flex-col overflow-hidden rounded-3xl border border-line bg-card shadow-float outline-none">
          <header className="flex items-center justify-between border-b border-line py-2 pr-2 pl-5">
            <Dialog.Title className="truncate text-lg font-semibold">Open {look.fileName}</Dialog.Title>
            <Dialog.Close
              aria-label="Close"
              className="grid size-11 shrink-0 place-items-center rounded-[10px] text-mute hover:bg-bg"
            >
              <X size={18} aria-hidden />
            </Dialog.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 py-4 text-sm">
            <dl aria-label="What comes in" className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
              {shown.facts.map(({ label, value }) => (
                <div key={label} className="contents">
                  <dt className="text-mute">{label}</dt>
                  <dd className="min-w-0 break-words tabular-nums">{value}</dd>
                </div>
              ))}
            </dl>
            {shown.unknown.length > 0 && <UnknownLayers layers={shown.unknown} onJoin={join} />}
            {shown.notes.length > 0 && (
              <ul aria-label="Notes on the file" className="mt-4 flex flex-col gap-2">
                {shown.notes.map(({ severity, layer, message }) => (
                  <li
                    key={`${layer} ${message}`}
                    className={`rounded-xl px-4 py-2.5 break-words ${severity === 'lost' ? 'bg-warn-soft' : 'bg-bg'}`}
                  >
                    {layer !== undefined && <span className="font-semibold">{layer}: </span>}
                    {message}
                  </li>
                ))}
              </ul>
            )}
          </div>
          <footer className="flex items-center justify-end gap-2 border-t border-line px-5 py-3">
            <span className="min-w-0 flex-1 text-xs text-mute">
              {hasWork && 'Your present network stays under Templates.'}
              {running && ' Its run stops; what it has learned by then is kept.'}
            </span>
            <Button onClick={close}>Cancel</Button>
            <Button
              variant="primary"
              icon={<FolderOpen size={16} aria-hidden />}
              disabled={busy}
              onClick={() => void open()}
            >
              Open
            </Button>
          </footer>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
