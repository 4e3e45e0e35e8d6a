/** The small tools in the corner of the canvas: zoom, fit, arrange. */
import { useReactFlow } from '@xyflow/react';
import { Maximize, Minus, Plus, Sparkles } from 'lucide-react';
import { IconButton } from '../common/Button';
import { HistoryButtons } from '../common/HistoryButtons';
import { useStores } from '../stores';
import { arrange } from './arrange';
import { fitNetwork } from './view';

export function CanvasTools() {
  const { zoomIn, zoomOut } = useReactFlow();
  const { editor } = useStores();
  return (
    <div
      role="toolbar"
      aria-label="Canvas tools"
      aria-orientation="vertical"
      className="absolute bottom-3 left-3 flex flex-col rounded-xl border border-line bg-card shadow-card"
    >
      <HistoryButtons className="medium:hidden" />
      <IconButton
        label="Zoom out"
        className="max-medium:hidden"
        onClick={() => void zoomOut({ duration: 150 })}
      >
        <Minus size={18} aria-hidden />
      </IconButton>
      <IconButton
        label="Zoom in"
        className="max-medium:hidden"
        onClick={() => void zoomIn({ duration: 150 })}
      >
        <Plus size={18} aria-hidden />
      </IconButton>
      <IconButton label="Fit" onClick={fitNetwork}>
        <Maximize size={18} aria-hidden />
      </IconButton>
      <IconButton label="Arrange" onClick={() => void arrange(editor)}>
        <Sparkles size={18} aria-hidden />
      </IconButton>
    </div>
  );
}
