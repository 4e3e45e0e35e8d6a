/** Arranges the cards and shows all of them. The layout is loaded the first time that it is asked for. */
import type { EditorStore } from '../../state/editor';
import { notify } from '../common/notices';
import { fitNetwork } from './view';

export async function arrange(editor: EditorStore): Promise<void> {
  try {
    const { layoutNetwork } = await import('../../network/layout');
    editor.getState().arrange(layoutNetwork);
    fitNetwork();
  } catch {
    notify({
      kind: 'problem',
      text: 'The network was not arranged: a part of Layerpad could not be loaded. Check the connection and try again.',
    });
  }
}
