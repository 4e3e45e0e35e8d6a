/** Undo and redo: in the top bar, and on phones among the tools of the canvas. */
import { Redo2, Undo2 } from 'lucide-react';
import { useEditor } from '../stores';
import { IconButton } from './Button';

export function HistoryButtons({ className }: { className: string }) {
  const canUndo = useEditor((editor) => editor.canUndo);
  const canRedo = useEditor((editor) => editor.canRedo);
  const undo = useEditor((editor) => editor.undo);
  const redo = useEditor((editor) => editor.redo);
  return (
    <>
      <IconButton label="Undo" className={className} disabled={!canUndo} onClick={undo}>
        <Undo2 size={18} aria-hidden />
      </IconButton>
      <IconButton label="Redo" className={className} disabled={!canRedo} onClick={redo}>
        <Redo2 size={18} aria-hidden />
      </IconButton>
    </>
  );
}
