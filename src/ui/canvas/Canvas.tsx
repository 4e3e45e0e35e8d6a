/** The canvas: the network from top to bottom. It draws the projection of the project and sends edits back. */
import { Background, BackgroundVariant, ReactFlow, ReactFlowProvider, type NodeChange } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import './canvas.css';
import { useMemo, useState, type FocusEvent } from 'react';
import { canConnect } from '../../network/edits';
import { coremlFate } from '../../state/coremlFate';
import { useEditor, useStores } from '../stores';
import { CanvasTools } from './CanvasTools';
import { EmptyCanvas } from './EmptyCanvas';
import { LayerCard } from './LayerCard';
import { projectEdges, projectNodes, type LayerNode } from './projection';
import { ShapeEdge } from './ShapeEdge';
import { useCanvasKeys } from './useCanvasKeys';
import { useFit } from './useFit';
import { useRefusals } from './useRefusals';

const nodeTypes = { layer: LayerCard };
const edgeTypes = { shape: ShapeEdge };

export function Canvas() {
  return (
    <main className="contents">
      <section aria-label="Canvas" className="relative min-h-0 min-w-0">
        <ReactFlowProvider>
          <Flow />
        </ReactFlowProvider>
      </section>
    </main>
  );
}

function Flow() {
  const { editor } = useStores();
  const network = useEditor(({ project }) => project.network);
  const analysis = useEditor((state) => state.analysis);
  const coreml = useEditor(coremlFate);
  const selection = useEditor((state) => state.selection);
  const [dragged, setDragged] = useState<Record<string, { x: number; y: number }>>({});
  const nodes = useMemo(
    () => projectNodes(network, analysis, coreml, selection.nodes, dragged),
    [network, analysis, coreml, selection.nodes, dragged],
  );
  const edges = useMemo(
    () => projectEdges(network, analysis, selection.edges),
    [network, analysis, selection.edges],
  );
  const keys = useCanvasKeys();
  const refusals = useRefusals();
  const { container, keepView } = useFit(
    network,
    analysis.problems.some(({ nodeId }) => nodeId !== undefined),
  );

  const onNodesChange = (changes: NodeChange<LayerNode>[]) => {
    const moved = changes.flatMap((change) =>
      change.type === 'position' && change.position ? [[change.id, change.position] as const] : [],
    );
    if (moved.length > 0) setDragged((before) => ({ ...before, ...Object.fromEntries(moved) }));
    const selected = new Set(editor.getState().selection.nodes);
    const before = selected.size;
    let touched = false;
    for (const change of changes) {
      if (change.type !== 'select') continue;
      touched = true;
      if (change.selected) selected.add(change.id);
      else selected.delete(change.id);
    }
    if (touched && (selected.size !== before || changes.length > 1 || selected.size === 1))
      editor.getState().select({ nodes: [...selected], edges: [] });
  };

  /** Walking with the Tab key selects too, so that Delete and the inspector mean the layer in focus. */
  const selectFocused = ({ target }: FocusEvent) => {
    const id = target.matches('.react-flow__node:focus-visible') && (target as HTMLElement).dataset.id;
    if (id && !selection.nodes.includes(id)) editor.getState().select({ nodes: [id], edges: [] });
  };

  return (
    <div ref={container} className="absolute inset-0" onKeyDown={keys} onFocus={selectFocused}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onNodeDragStop={(_, __, moved) => {
          editor.getState().moveLayers(Object.fromEntries(moved.map(({ id, position }) => [id, position])));
          setDragged({});
        }}
        onConnect={({ source, target }) => editor.getState().connect(source, target)}
        isValidConnection={({ source, target }) =>
          canConnect(editor.getState().project.network, source, target) === undefined
        }
        {...refusals}
        onEdgeClick={(_, { id }) => editor.getState().select({ nodes: [], edges: [id] })}
        onPaneClick={() => editor.getState().select({ nodes: [], edges: [] })}
        onMove={(event) => {
          // Our own moves come without an event.
          if (event) keepView();
        }}
        onNodeDragStart={keepView}
        connectionRadius={36}
        connectOnClick
        deleteKeyCode={null}
        disableKeyboardA11y
        elevateEdgesOnSelect={false}
        minZoom={0.15}
        maxZoom={2}
        nodeDragThreshold={6}
        paneClickDistance={8}
        nodeClickDistance={8}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={['Meta', 'Control', 'Shift']}
        zoomOnDoubleClick={false}
        panOnScroll
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1.6} color="var(--dot)" />
      </ReactFlow>
      {network.nodes.length === 0 && <EmptyCanvas />}
      <CanvasTools />
    </div>
  );
}
