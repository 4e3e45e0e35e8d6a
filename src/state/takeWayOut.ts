/** Turns a way out of what Core ML cannot do into the editor's edit. */
import type { WayOut } from '../formats/coreml/wayOut';
import type { EditorState } from './editor';

/** One step of the history, but for choices of the export, which make none. */
export function takeWayOut(editor: EditorState, way: WayOut): void {
  editor.endGesture();
  switch (way.type) {
    case 'repair':
      return editor.applyRepair(way.nodeId, way.repair);
    case 'trainable':
      return editor.setTrainable(way.ids, way.trainable);
    case 'settings':
      return editor.setSettings(way.settings);
    case 'choices':
      return editor.setCoreML(way.choices);
    default:
      return way satisfies never;
  }
}
