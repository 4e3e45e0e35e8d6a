/** Opens a project file. A file that cannot be read says why, and the present work stays as it is. */
import { useCallback } from 'react';
import { parseProject } from '../../project/project';
import { fitNetwork } from '../canvas/view';
import { notify } from '../common/notices';
import { useStores } from '../stores';

/** A project is a few kilobytes; what is larger is another kind of file. */
const MAX_BYTES = 5_000_000;

export function useOpenProject() {
  const { editor } = useStores();
  return useCallback(
    async (file: File) => {
      const refuse = (reason: string) =>
        notify({
          kind: 'problem',
          text: `${file.name} was not opened: ${reason} Your network is unchanged.`,
        });
      if (file.size > MAX_BYTES)
        return refuse('a project file is smaller than 5 MB; choose one that Share has made.');
      let json: unknown;
      try {
        json = JSON.parse(await file.text());
      } catch {
        return refuse('it is not a JSON file; choose one that Share has made.');
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
    },
    [editor],
  );
}
