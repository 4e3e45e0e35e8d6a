/** A text file to read in the app, with a button that copies it. */
import { Dialog } from '@base-ui/react/dialog';
import { Copy, X } from 'lucide-react';
import { Button } from '../common/Button';
import { notify } from '../common/notices';

export function TextDialog({ title, text, onClose }: { title: string; text: string; onClose: () => void }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      notify({ kind: 'info', text: 'The text is copied.' });
    } catch {
      notify({
        kind: 'problem',
        text: 'This browser does not let the app copy. Select the text and copy it.',
      });
    }
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Popup className="fixed top-1/2 left-1/2 z-50 flex h-[min(760px,calc(100dvh-24px))] w-[min(760px,calc(100vw-24px))] -translate-1/2 flex-col overflow-hidden rounded-3xl border border-line bg-card shadow-float outline-none">
          <header className="flex items-center gap-2 border-b border-line py-2 pr-2 pl-5">
            <Dialog.Title className="min-w-0 flex-1 text-lg leading-tight font-semibold">
              {title}
            </Dialog.Title>
            <Button icon={<Copy size={16} aria-hidden />} onClick={() => void copy()}>
              Copy
            </Button>
            <Dialog.Close
              aria-label="Close the text"
              className="grid size-11 shrink-0 place-items-center rounded-[10px] text-mute hover:bg-bg"
            >
              <X size={18} aria-hidden />
            </Dialog.Close>
          </header>
          <pre
            tabIndex={0}
            aria-label="Text of the file"
            className="min-h-0 flex-1 overflow-auto overscroll-contain px-5 py-4 font-mono text-xs leading-relaxed select-text"
          >
            {text}
          </pre>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
