/** What "Evaluate" does: tests the present weights on the data set's test images, or says what stands in the way. */
import { useCallback } from 'react';
import { useStores } from '../stores';
import { runnable } from './runnable';

export function useEvaluate() {
  const stores = useStores();
  return useCallback(() => {
    const network = runnable(stores, 'be tested');
    if (!network) return;
    const { id: projectId, datasetId, settings } = stores.editor.getState().project;
    stores.run.getState().evaluate({ projectId, datasetId, network, settings });
  }, [stores]);
}
