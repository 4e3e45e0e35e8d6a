/** What Core ML will do with a layer, or with the whole network, as the editor's state is now. */
import type { LayerFate } from '../../formats/coreml/fates';
import { coremlFate } from '../../state/coremlFate';
import { useEditor } from '../stores';

export function useLayerFate(id: string): LayerFate | undefined {
  return useEditor((editor) => coremlFate(editor).layers.get(id));
}

export function useCoreMLSummary(): string {
  return useEditor((editor) => coremlFate(editor).summary);
}
