/** The right panel: the selected layer, or the whole network with the settings of its training. */
import { useEditor } from '../stores';
import { LayerInspector } from './LayerInspector';
import { NetworkInspector } from './NetworkInspector';
import { SelectionInspector } from './SelectionInspector';

export function Inspector() {
  // What is typed into one field is one step of the history.
  const endGesture = useEditor((editor) => editor.endGesture);
  const nodes = useEditor((editor) => editor.selection.nodes);
  const single = useEditor(({ project, selection }) =>
    selection.nodes.length === 1
      ? project.network.nodes.find((node) => node.id === selection.nodes[0])
      : undefined,
  );
  return (
    <section
      onBlur={endGesture}
      aria-label="Inspector"
      className="@container min-h-0 overflow-y-auto overscroll-contain border-line bg-card px-4 py-3.5 max-wide:border-t wide:border-l"
    >
      {single ? (
        <LayerInspector key={single.id} node={single} />
      ) : nodes.length > 1 ? (
        <SelectionInspector count={nodes.length} />
      ) : (
        <NetworkInspector />
      )}
    </section>
  );
}
