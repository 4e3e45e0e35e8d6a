/** A layer on the canvas: what it is, the line that matters, its output, its parameters, and a problem where it starts. */
import { Handle, Position, useConnection, useStore, type NodeProps } from '@xyflow/react';
import { Lock } from 'lucide-react';
import { memo } from 'react';
import { formatShape } from '../../core/shape';
import { layerOf } from '../../layers';
import { canConnect, isFrozenNode } from '../../network/edits';
import { numberWords } from '../common/format';
import { CoreMLMark } from '../coreml/CoreMLMark';
import { LayerTile } from '../icons';
import { useEditor } from '../stores';
import { ProblemNote } from '../common/ProblemNote';
import { describeLayer, type LayerNode } from './projection';
import { TensorGlyph } from './TensorGlyph';

export const LayerCard = memo(function LayerCard({ data, selected }: NodeProps<LayerNode>) {
  const { node, analysis, coreml, largest } = data;
  const definition = layerOf(node.kind);
  const target = useTargetState(node.id);
  const waiting = analysis.status === 'waiting';
  // Beside the card; inside it where the words of a problem stand there.
  const shape = analysis.outputShape && (
    <div className="whitespace-nowrap text-mute" data-testid="output-shape">
      {formatShape(analysis.outputShape)}
    </div>
  );
  return (
    <div
      className={`layer-card relative flex h-full w-full items-center gap-2.5 rounded-card border bg-card pr-3 pl-2 shadow-card transition-opacity duration-150 ${
        analysis.problem ? 'border-bad' : 'border-line'
      } ${selected ? 'outline-2 outline-offset-2 outline-accent' : ''} ${
        target === 'refused' ? 'opacity-40' : ''
      }`}
    >
      {definition.inputs.max > 0 && (
        <Handle
          type="target"
          role="button"
          position={Position.Top}
          aria-label={`Input of ${node.name}`}
          className={target === 'accepted' ? 'accepts' : ''}
        />
      )}
      <LayerTile kind={node.kind} size={38} />
      <div className="min-w-0 flex-1">
        <div className="truncate text-sm font-semibold">{node.name}</div>
        <div className="truncate text-xs text-mute">
          {waiting ? 'waiting for the layer above' : definition.summary(node.params) || definition.label}
        </div>
      </div>
      <div className="text-right text-2xs text-faint">
        {analysis.parameters > 0 && (
          <div
            className="flex items-center justify-end gap-1"
            title={`${numberWords(analysis.parameters)} parameters${isFrozenNode(node) ? ', frozen' : ''}`}
          >
            {isFrozenNode(node) && <Lock size={11} strokeWidth={2.4} aria-hidden className="text-mute" />}
            {numberWords(analysis.parameters)}
          </div>
        )}
        {analysis.problem && shape}
        <CoreMLMark fate={coreml} />
      </div>
      <Handle type="source" role="button" position={Position.Bottom} aria-label={`Output of ${node.name}`} />
      <span id={`about-${node.id}`} className="sr-only">
        {describeLayer(node, analysis, coreml)}
      </span>
      <div className="pointer-events-none absolute left-full flex h-full items-center gap-3 pl-4">
        {analysis.problem ? (
          <div className="nodrag nopan pointer-events-auto w-60">
            <ProblemNote nodeId={node.id} problem={analysis.problem} />
          </div>
        ) : (
          analysis.outputShape && (
            <>
              <TensorGlyph shape={analysis.outputShape} largest={largest} />
              <div className="text-2xs">{shape}</div>
            </>
          )
        )}
      </div>
    </div>
  );
});

/** While a connection is drawn or tapped: whether it may end here. */
function useTargetState(id: string): 'accepted' | 'refused' | undefined {
  const drawn = useConnection((connection) =>
    connection.inProgress && connection.fromHandle.type === 'source' ? connection.fromNode.id : undefined,
  );
  const tapped = useStore(({ connectionClickStartHandle: start }) =>
    start?.type === 'source' ? start.nodeId : undefined,
  );
  const source = drawn ?? tapped;
  return useEditor(({ project }) => {
    if (source === undefined || source === id) return undefined;
    return canConnect(project.network, source, id) ? 'refused' : 'accepted';
  });
}
