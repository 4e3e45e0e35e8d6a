/** Asks before kept weights would be thrown away. */
import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Button } from '../common/Button';
import { accuracyWords, numberWords } from '../common/format';
import { useStores } from '../stores';
import { endStartRequest, startRun, type StartRequest } from './startRequest';

export function StartDialog({ request: { network, kept, fits } }: { request: StartRequest }) {
  const stores = useStores();
  const start = (fromCheckpoint: boolean) => {
    endStartRequest();
    startRun(stores, network, fromCheckpoint);
  };
  const reached =
    kept.testAccuracy === undefined ? '' : ` and reached test accuracy ${accuracyWords(kept.testAccuracy)}`;
  const opened = kept.outcome === 'adopted';
  const origin = opened
    ? 'Its weights come from a file'
    : `It took ${numberWords(kept.step)} steps on this device`;
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && endStartRequest()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-black/30" />
        <AlertDialog.Popup className="fixed top-1/2 left-1/2 z-50 w-[min(420px,calc(100vw-32px))] -translate-1/2 rounded-3xl border border-line bg-card p-5 shadow-float outline-none">
          <AlertDialog.Title className="text-lg font-semibold">
            {fits
              ? `This network has ${opened ? 'weights from a file' : 'learned already'}`
              : `An earlier network has ${opened ? 'weights from a file here' : 'learned here'}`}
          </AlertDialog.Title>
          <AlertDialog.Description className="mt-1.5 mb-5 text-sm text-mute">
            {origin}
            {reached}.{' '}
            {fits
              ? 'Starting over draws new weights and forgets these.'
              : 'Its weights do not fit this network, and training this one forgets them. To keep them, undo your edits and export that network first.'}
          </AlertDialog.Description>
          <div className="flex flex-col gap-2">
            {fits && (
              <Button variant="primary" onClick={() => start(true)}>
                Go on from these weights
              </Button>
            )}
            <Button variant="danger" onClick={() => start(false)}>
              {fits ? 'Start over' : 'Train this network'}
            </Button>
            <AlertDialog.Close className="h-11 rounded-[10px] font-medium text-mute hover:bg-bg">
              Cancel
            </AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
