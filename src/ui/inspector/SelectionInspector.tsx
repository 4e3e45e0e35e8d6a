/** Several layers at once. */
import { Trash2 } from 'lucide-react';
import { Button } from '../common/Button';
import { useEditor } from '../stores';

export function SelectionInspector({ count }: { count: number }) {
  const removeSelection = useEditor((editor) => editor.removeSelection);
  return (
    <>
      <h2 className="text-lg font-semibold">{count} layers</h2>
      <p className="mt-1 mb-3 text-xs text-mute">Drag one of them to move them all.</p>
      <Button
        variant="danger"
        className="w-full"
        icon={<Trash2 size={16} aria-hidden />}
        onClick={removeSelection}
      >
        Delete {count} layers
      </Button>
    </>
  );
}
