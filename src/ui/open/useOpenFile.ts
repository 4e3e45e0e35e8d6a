/**
 * Opens a file that the person chose, dropped or pasted: a project at once, a model of another format after a look at
 * what comes in. A file that cannot be read says why, and the present work stays as it is.
 */
import { useCallback } from 'react';
import { parseProject } from '../../project/project';
import { fitNetwork } from '../canvas/view';
import { dismissNotice, notify } from '../common/notices';
import { useStores } from '../stores';
import { openDialog } from './openDialog';

/** A project is a few kilobytes. */
const MOST_PROJECT = 5_000_000;

/** What a device can hold beside the network that is made of it. */
const MOST_BYTES = 500_000_000;

/** From here on, reading takes long enough to be told. */
const LARGE = 8_000_000;

/** Once what was shown last is on the screen: reading keeps the page busy. */
const painted = () => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

export function useOpenFile() {
  const { editor } = useStores();
  return useCallback(
    async (file: File) => {
      const refuse = (reason: string) =>
        notify({
          kind: 'problem',
          text: `${file.name} was not opened: ${reason} Your network is unchanged.`,
        });
      if (file.size > MOST_BYTES) return refuse('it is larger than 500 MB.');
      if (file.size > LARGE) {
        notify({ kind: 'info', text: `Reading ${file.name}…` });
        await painted();
      }
      try {
        const bytes = new Uint8Array(await file.arrayBuffer());
        const json = projectIn(bytes);
        if (json === undefined) {
          openDialog.setState({ look: await lookInto(file.name, bytes) });
          if (file.size > LARGE) dismissNotice();
          return;
        }
        const parsed = parseProject(json);
        if ('error' in parsed) return refuse(parsed.error);
        editor.getState().replaceProject(parsed.project);
        fitNetwork();
        notify({
          kind: 'info',
          text: `${parsed.project.name} is open.`,
          action: { label: 'Undo', run: () => editor.getState().undo() },
        });
      } catch (error) {
        refuse(error instanceof Error ? error.message : String(error));
      }
    },
    [editor],
  );
}

/** What a project file holds, or undefined where these bytes are something else. */
function projectIn(bytes: Uint8Array): unknown {
  if (bytes.length > MOST_PROJECT) return undefined;
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof json === 'object' && json !== null && 'format' in json ? json : undefined;
  } catch {
    return undefined;
  }
}

let looks = 0;

/** @throws Error with a sentence where no format takes the file. */
async function lookInto(fileName: string, bytes: Uint8Array) {
  const { imports } = await import('../../formats');
  const format =
    imports.find((one) => one.matches(bytes)) ??
    imports.find(({ extension }) => fileName.toLowerCase().endsWith(extension));
  if (!format)
    throw new Error(
      `it is neither a project that Share has made, nor a ${imports.map(({ label, extension }) => `${label} (${extension})`).join(', nor a ')}.`,
    );
  const opened = await format.open(bytes, fileName.replace(/(\.layerpad)?\.\w+$/, ''));
  // What cannot be opened at all is said now, not in the dialog.
  return { id: ++looks, fileName, opened, first: opened.read(new Set()) };
}
