/**
 * On screens without room for a right panel, inspector and lab share a sheet at the bottom. These tabs choose which of
 * them it shows, or fold it away.
 */
import { ChevronDown, ChevronUp } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { IconButton } from './common/Button';
import { useEditor } from './stores';

type Sheet = 'inspector' | 'lab' | 'folded';

const sheetStore = createStore<{ sheet: Sheet }>(() => ({ sheet: 'inspector' }));

export function useSheet(): Sheet {
  return useStore(sheetStore, ({ sheet }) => sheet);
}

export function SheetTabs({ labOpen }: { labOpen: boolean }) {
  const sheet = useSheet();
  const show = (next: Sheet) => sheetStore.setState({ sheet: next });
  const selection = useEditor((editor) => editor.selection);
  useEffect(() => show(labOpen ? 'lab' : 'inspector'), [labOpen]);
  useEffect(() => {
    if (selection.nodes.length > 0) show('inspector');
  }, [selection]);
  const tab = (name: 'inspector' | 'lab', label: string) => (
    <button
      type="button"
      aria-pressed={sheet === name}
      className="h-11 rounded-lg px-4 text-sm text-mute aria-pressed:font-semibold aria-pressed:text-ink"
      onClick={() => show(name)}
    >
      {label}
    </button>
  );
  return (
    <nav
      aria-label="Panels"
      className="sheet-tabs flex items-center border-t border-line bg-card px-2 wide:hidden"
    >
      {tab('inspector', selection.nodes.length > 0 ? 'Layer' : 'Network')}
      {labOpen && tab('lab', 'Lab')}
      <span className="flex-1" />
      <IconButton
        label={sheet === 'folded' ? 'Open panel' : 'Fold panel'}
        onClick={() => show(sheet === 'folded' ? 'inspector' : 'folded')}
      >
        {sheet === 'folded' ? <ChevronUp size={18} aria-hidden /> : <ChevronDown size={18} aria-hidden />}
      </IconButton>
    </nav>
  );
}
