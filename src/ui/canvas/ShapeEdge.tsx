/** A connection with the shape that flows through it. Tapping the shape selects it; then it can be cut or split. */
import { BaseEdge, EdgeLabelRenderer, getSmoothStepPath, type EdgeProps } from '@xyflow/react';
import { X } from 'lucide-react';
import { memo } from 'react';
import { useStore } from 'zustand';
import { formatShape } from '../../core/shape';
import { useEditor } from '../stores';
import type { ShapeEdge as ShapeEdgeType } from './projection';
import { view } from './view';

export const ShapeEdge = memo(function ShapeEdge(props: EdgeProps<ShapeEdgeType>) {
  const { id, data, selected } = props;
  const [path, labelX, labelY] = getSmoothStepPath({ ...props, borderRadius: 14 });
  const landing = useStore(view, ({ dropEdge }) => dropEdge === id);
  const select = useEditor((editor) => editor.select);
  const disconnect = useEditor((editor) => editor.disconnect);
  const lit = (selected ?? false) || landing;
  const shape = data?.shape ? formatShape(data.shape) : '—';
  return (
    <>
      <BaseEdge
        path={path}
        interactionWidth={32}
        style={{ stroke: lit ? 'var(--accent)' : 'var(--edge)', strokeWidth: landing ? 3 : 1.75 }}
      />
      <EdgeLabelRenderer>
        <div
          className="nodrag nopan pointer-events-auto absolute flex items-center"
          style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
        >
          <button
            type="button"
            data-edge={id}
            aria-label={`Connection ${data?.label}, ${shape}`}
            aria-pressed={selected ?? false}
            className={`relative rounded-full px-2 py-0.5 text-2xs whitespace-nowrap transition-colors duration-150 before:absolute before:-inset-x-3 before:-inset-y-3 before:content-[''] ${
              lit ? 'bg-accent text-accent-ink' : 'bg-bg text-mute hover:text-ink'
            }`}
            onClick={(event) => {
              event.stopPropagation();
              select({ nodes: [], edges: [id] });
            }}
          >
            {landing ? 'insert here' : shape}
          </button>
          {selected && (
            <button
              type="button"
              aria-label={`Cut connection ${data?.label}`}
              className="absolute left-full ml-1 grid size-11 place-items-center"
              onClick={(event) => {
                event.stopPropagation();
                disconnect([id]);
              }}
            >
              <span className="grid size-6 place-items-center rounded-full bg-bad text-card">
                <X size={14} aria-hidden />
              </span>
            </button>
          )}
        </div>
      </EdgeLabelRenderer>
    </>
  );
});
