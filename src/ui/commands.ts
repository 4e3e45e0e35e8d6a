/** The commands that work everywhere, one object each. The top bar and the keyboard both derive from this table. */
import type { Stores } from './stores';
import { arrange } from './canvas/arrange';
import { focusLayer } from './canvas/focusLayer';
import { fitNetwork } from './canvas/view';

export interface Command {
  readonly id: 'undo' | 'redo' | 'delete' | 'selectAll' | 'fit' | 'arrange';
  readonly label: string;
  /** Keys as `KeyboardEvent.key` in lower case; `mod` is ⌘ on Apple's devices and Ctrl elsewhere. */
  readonly keys: readonly { readonly key: string; readonly mod?: boolean; readonly shift?: boolean }[];
  run(stores: Stores): void;
}

export const commands: readonly Command[] = [
  {
    id: 'undo',
    label: 'Undo',
    keys: [{ key: 'z', mod: true }],
    run: ({ editor }) => editor.getState().undo(),
  },
  {
    id: 'redo',
    label: 'Redo',
    keys: [
      { key: 'z', mod: true, shift: true },
      { key: 'y', mod: true },
    ],
    run: ({ editor }) => editor.getState().redo(),
  },
  {
    id: 'delete',
    label: 'Delete',
    keys: [{ key: 'delete' }, { key: 'backspace' }],
    run: ({ editor }) => {
      const { project, selection, removeSelection, select } = editor.getState();
      // The keyboard goes on at the layer before the deleted ones, or behind them.
      const { edges } = project.network;
      const gone = (id: string) => selection.nodes.includes(id);
      const next =
        edges.find(({ source, target }) => gone(target) && !gone(source))?.source ??
        edges.find(({ source, target }) => gone(source) && !gone(target))?.target;
      removeSelection();
      if (next === undefined) return;
      select({ nodes: [next], edges: [] });
      setTimeout(() => focusLayer(next));
    },
  },
  {
    id: 'selectAll',
    label: 'Select all',
    keys: [{ key: 'a', mod: true }],
    run: ({ editor }) => {
      const { project, select } = editor.getState();
      select({ nodes: project.network.nodes.map((node) => node.id), edges: [] });
    },
  },
  {
    id: 'arrange',
    label: 'Arrange',
    keys: [{ key: 'l', mod: true, shift: true }],
    run: ({ editor }) => void arrange(editor),
  },
  { id: 'fit', label: 'Fit', keys: [{ key: '0', mod: true }], run: fitNetwork },
];

/** The command that a key press means, or undefined. What is typed into a field is no command. */
export function commandFor(event: KeyboardEvent): Command | undefined {
  const target = event.target as Element | null;
  if (
    target?.closest('input:not([type=radio], [type=checkbox]), textarea, select, [role=dialog], [role=menu]')
  )
    return undefined;
  const mod = event.metaKey || event.ctrlKey;
  return commands.find(({ keys }) =>
    keys.some(
      ({ key, ...need }) =>
        event.key.toLowerCase() === key &&
        mod === (need.mod ?? false) &&
        event.shiftKey === (need.shift ?? false),
    ),
  );
}
