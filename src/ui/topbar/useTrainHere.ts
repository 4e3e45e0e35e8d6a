/**
 * What "Train here" does: start, go on, or say what stands in the way and lead there. A checkpoint of this very
 * network is never thrown away without asking.
 */
import { useCallback } from 'react';
import { frozenLayers } from '../../network/compiled';
import { layersWithWeights } from '../../network/edits';
import { signatureOf } from '../../network/weights';
import { notify } from '../common/notices';
import { runnable } from '../lab/runnable';
import { requestStart } from '../lab/startRequest';
import { useStores, type Stores } from '../stores';

export function useTrainHere() {
  const stores = useStores();
  return useCallback(() => {
    const { compiled } = stores.editor.getState().analysis;
    const { status, checkpoint, resume } = stores.run.getState();
    if (status === 'paused' && compiled && checkpoint?.signature === signatureOf(compiled)) {
      if (String(checkpoint.frozen) === String(frozenLayers(compiled))) return resume();
      return notify({
        kind: 'info',
        text:
          'Other layers are frozen now than in the run that is paused. Resume it in the Lab to go on as it was, or ' +
          'stop it there and train again: its weights stay, and your choice counts.',
      });
    }
    const network = runnable(stores, 'train');
    if (network && !refuseFrozen(stores)) void requestStart(stores, network);
  }, [stores]);
}

/** Where everything is frozen there is nothing to train: says so, with the way out. */
function refuseFrozen({ editor }: Stores): boolean {
  const { analysis, project, setTrainable } = editor.getState();
  if (analysis.trainableParameters > 0 || analysis.parameters === 0) return false;
  notify({
    kind: 'problem',
    text:
      'Every layer with weights is frozen. Let one train: select it and switch Trainable on, or choose how many train ' +
      'in the network’s settings.',
    action: { label: 'Let all train', run: () => setTrainable(layersWithWeights(project.network), true) },
  });
  return true;
}
