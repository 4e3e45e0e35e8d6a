/**
 * Dragging a layer out of the palette with pointer events, since HTML5 drag and drop does not exist on touch.
 * A short tap is no drag: the button's click adds the layer after the selected one.
 */
import { useCallback, useRef, useState, type PointerEvent } from 'react';
import type { LayerKind } from '../../layers';
import { NODE_HEIGHT, NODE_WIDTH } from '../../network/cards';
import { view } from '../canvas/view';
import { useStores } from '../stores';

const THRESHOLD = 8;
/** The ghost keeps this far above a finger, so that the place where the layer lands can be seen. */
const FINGER = 54;

export interface Ghost {
  readonly kind: LayerKind;
  readonly x: number;
  readonly y: number;
}

/** The edge under a point of the screen, by its label or by its line. */
function edgeAt(x: number, y: number): string | undefined {
  for (const element of document.elementsFromPoint(x, y)) {
    const edge =
      element.closest<HTMLElement>('[data-edge]')?.dataset.edge ??
      element.closest<SVGElement>('.react-flow__edge')?.dataset.id;
    if (edge) return edge;
  }
  return undefined;
}

function isOverCanvas(x: number, y: number): boolean {
  return document.elementFromPoint(x, y)?.closest('[aria-label="Canvas"]') !== null;
}

export function usePaletteDrag() {
  const { editor } = useStores();
  const [ghost, setGhost] = useState<Ghost>();
  const start = useRef<{ x: number; y: number; kind: LayerKind }>(undefined);
  const dragged = useRef(false);

  const end = useCallback(() => {
    start.current = undefined;
    setGhost(undefined);
    view.setState({ dropEdge: undefined });
  }, []);

  const handlers = (kind: LayerKind) => ({
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return;
      dragged.current = false;
      start.current = { x: event.clientX, y: event.clientY, kind };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent) {
      if (!start.current) return;
      const { clientX: x, clientY: y } = event;
      if (!dragged.current && Math.hypot(x - start.current.x, y - start.current.y) < THRESHOLD) return;
      dragged.current = true;
      setGhost({ kind, x, y: event.pointerType === 'touch' ? y - FINGER : y });
      view.setState({ dropEdge: edgeAt(x, y) });
    },
    onPointerUp(event: PointerEvent) {
      const { clientX: x, clientY: y } = event;
      if (dragged.current && start.current && isOverCanvas(x, y)) {
        const edge = edgeAt(x, y);
        const place = view.getState().toCanvas?.({ x, y });
        if (edge) editor.getState().addLayer(kind, { edge });
        else if (place)
          editor.getState().addLayer(kind, {
            position: { x: Math.round(place.x - NODE_WIDTH / 2), y: Math.round(place.y - NODE_HEIGHT / 2) },
          });
      }
      end();
    },
    onPointerCancel: end,
    onClick() {
      if (dragged.current) return;
      const { selection } = editor.getState();
      const [edge] = selection.edges;
      const after = selection.nodes.at(-1);
      editor.getState().addLayer(kind, edge ? { edge } : after ? { after } : {});
    },
  });

  return { ghost, handlers };
}
