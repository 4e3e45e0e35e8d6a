/**
 * What "Train here" does: start, go on, or say what stands in the way and lead there. A checkpoint of this very
 * network is never thrown away without asking.
 */
import { useCallback } from 'react';
import { signatureOf } from '../../network/weights';
import { notify } from '../common/notices';
import { requestStart } from '../lab/startRequest';
import { useStores } from '../stores';

export function useTrainHere() {
  const stores = useStores();
  return useCallback(() => {
    const { editor, run } = stores;
    const { analysis, select } = editor.getState();
    const { active, status, checkpoint, resume } = run.getState();
    const same = analysis.compiled && checkpoint?.signature === signatureOf(analysis.compiled);
    if (status === 'paused' && same) return resume();
    if (active)
      return notify({
        kind: 'info',
        text:
          status === 'paused'
            ? 'The network as it was before your edits is paused in the Lab. Stop it there, then train this one.'
            : 'Training is running; the Lab shows it.',
      });
    if (!analysis.compiled) {
      const [first] = analysis.problems;
      if (first?.nodeId) select({ nodes: [first.nodeId], edges: [] });
      return notify({
        kind: 'problem',
        text: `This network cannot train yet. ${first?.problem.message ?? ''}`,
      });
    }
    void requestStart(stores, analysis.compiled);
  }, [stores]);
}
