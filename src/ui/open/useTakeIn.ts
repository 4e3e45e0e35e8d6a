/** Puts what a file holds in the place of the present project, which stays among the recent ones. */
import { useCallback } from 'react';
import type { Imported } from '../../formats/defineImport';
import { layoutNetwork } from '../../network/layout';
import { fitNetwork } from '../canvas/view';
import { notify } from '../common/notices';
import { useStores } from '../stores';

export function useTakeIn() {
  const { editor, run } = useStores();
  return useCallback(
    async ({ project, compiled, weights }: Imported) => {
      let lost = '';
      if (compiled) {
        const { id: projectId, datasetId, settings } = project;
        try {
          await run.getState().adoptWeights({ projectId, datasetId, network: compiled, settings }, weights);
        } catch (error) {
          lost = ` Its weights could not be kept: ${error instanceof Error ? error.message : String(error)}`;
        }
      }
      editor.getState().replaceProject({ ...project, network: layoutNetwork(project.network) });
      fitNetwork();
      notify({
        kind: lost ? 'problem' : 'info',
        text: `${project.name} is open.${lost}`,
        action: { label: 'Undo', run: () => editor.getState().undo() },
      });
    },
    [editor, run],
  );
}
