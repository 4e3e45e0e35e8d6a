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
    const { status } = run.getState();
    if (status === 'paused') return run.getState().resume();
    if (run.getState().active)
      return notify({ kind: 'info', text: 'Training is running; the Lab shows it.' });
    if (!analysis.compiled) {
      const [first] = analysis.problems;
      if (first?.nodeId) select({ nodes: [first.nodeId], edges: [] });
      return notify({
        kind: 'problem',
        text: `This network cannot train yet. ${first?.problem.message ?? ''}`,
      });
    }
    requestStart(stores, analysis.compiled);
  }, [stores]);
}
