/** Asks what the file should hold, says what will become of each layer, and gives the file to the person. */
import { Dialog } from '@base-ui/react/dialog';
import { Download, Eye, Share, X } from 'lucide-react';
import { useState } from 'react';
import { defaultsOf, type ParamValues } from '../../core/params';
import { formats } from '../../formats';
import { defaultCoreMLSettings } from '../../project/coremlSettings';
import { Button } from '../common/Button';
import { byteWords } from '../common/format';
import { notify } from '../common/notices';
import { downloadFile, isHomeScreenApp, shareFile } from '../common/saveFile';
import { ParamForm } from '../form/ParamForm';
import { useEditor } from '../stores';
import { CoreMLChoices } from './CoreMLChoices';
import { ExportNotes } from './ExportNotes';
import { exportDialog } from './openExport';
import { TextDialog } from './TextDialog';
import { useExportSource } from './useExportSource';
import { usePreparedFile } from './usePreparedFile';

const close = () => exportDialog.setState({ open: false });

export function ExportDialog() {
  const [format, setFormat] = useState(formats[0]!);
  const [options, setOptions] = useState<ParamValues>(() => defaultsOf(format.options));
  const problems = useEditor((editor) => editor.analysis.problems);
  const name = useEditor((editor) => editor.project.name);
  const choices = useEditor((editor) => editor.project.coreml ?? defaultCoreMLSettings);
  const { source, origin } = useExportSource();
  const { notes, blocked, file, shared, error } = usePreparedFile(format, source, options);

  const [text, setText] = useState<string>();
  const sharesOnly = shared !== undefined && isHomeScreenApp();

  const share = async (offered: File) => {
    try {
      if (await shareFile(offered)) close();
    } catch {
      downloadFile(offered);
      notify({ kind: 'info', text: `The share sheet refused ${offered.name}; it was downloaded instead.` });
    }
  };

  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/30" />
        <Dialog.Popup className="fixed top-1/2 left-1/2 z-50 flex max-h-[min(720px,calc(100dvh-24px))] w-[min(520px,calc(100vw-24px))] -translate-1/2 flex-col overflow-hidden rounded-3xl border border-line bg-card shadow-float outline-none">
          <header className="flex items-center justify-between border-b border-line py-2 pr-2 pl-5">
            <Dialog.Title className="text-lg font-semibold">Export {name}</Dialog.Title>
            <Dialog.Close
              aria-label="Close"
              className="grid size-11 place-items-center rounded-[10px] text-mute hover:bg-bg"
            >
              <X size={18} aria-hidden />
            </Dialog.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 py-4">
            <div role="radiogroup" aria-label="Format" className="mb-3 flex flex-col gap-2">
              {formats.map((one) => (
                <label
                  key={one.id}
                  className="group relative block cursor-pointer rounded-xl border border-line px-4 py-3 has-checked:border-accent has-checked:bg-soft"
                >
                  <input
                    type="radio"
                    name="format"
                    aria-label={one.label}
                    className="absolute inset-0 cursor-pointer opacity-0"
                    checked={one === format}
                    onChange={() => {
                      setFormat(one);
                      setOptions(defaultsOf(one.options));
                    }}
                  />
                  <span className="block font-semibold">{one.label}</span>
                  <span className="hidden text-xs text-mute group-has-checked:block">
                    {one.documentation}
                  </span>
                </label>
              ))}
            </div>
            {problems.length > 0 ? (
              <div role="alert" className="rounded-xl bg-bad-soft px-4 py-3 text-sm">
                <p className="mb-1 font-semibold">The network is not complete yet.</p>
                {problems.map(({ nodeId, problem }) => (
                  <p key={`${nodeId}${problem.code}`}>{problem.message}</p>
                ))}
              </div>
            ) : (
              <>
                <p className="mb-2 text-sm text-mute" data-testid="weights-origin">
                  {origin}
                </p>
                <ExportNotes notes={notes} />
                <ParamForm
                  schema={format.options}
                  values={options}
                  onChange={(key, value) => setOptions((before) => ({ ...before, [key]: value }))}
                />
                <CoreMLChoices choices={choices} />
                {error && (
                  <p role="alert" className="mt-3 rounded-xl bg-bad-soft px-4 py-3 text-sm">
                    {error}
                  </p>
                )}
              </>
            )}
          </div>
          <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">
            <span className="min-w-36 flex-1 truncate text-xs text-mute">
              {file
                ? `${file.name} · ${byteWords(file.size)}`
                : blocked
                  ? 'Nothing is saved yet.'
                  : source && !error
                    ? 'Preparing the file…'
                    : ''}
            </span>
            {source && file && format.view && (
              <Button
                icon={<Eye size={16} aria-hidden />}
                onClick={() => void format.view?.(source).then(setText)}
              >
                View
              </Button>
            )}
            {shared && (
              <Button
                variant={sharesOnly ? 'primary' : 'plain'}
                icon={<Share size={16} aria-hidden />}
                onClick={() => void share(shared)}
              >
                Share file
              </Button>
            )}
            {!sharesOnly && (
              <Button
                variant="primary"
                icon={<Download size={16} aria-hidden />}
                disabled={!file}
                onClick={() => {
                  if (!file) return;
                  downloadFile(file);
                  close();
                  notify({ kind: 'info', text: `${file.name} is saved.` });
                }}
              >
                Save
              </Button>
            )}
          </footer>
          {text !== undefined && (
            <TextDialog
              title="Model as JSON, without weights"
              text={text}
              onClose={() => setText(undefined)}
            />
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
