/** One layer: its name, its form, its shapes with the arithmetic written out, and what can be done with it. */
import { Trash2 } from 'lucide-react';
import { formatShape } from '../../core/shape';
import { layerOf } from '../../layers';
import type { NetworkNode } from '../../network/network';
import { Button } from '../common/Button';
import { byteWords, shortNumber } from '../common/format';
import { CoreMLSection } from '../coreml/CoreMLSection';
import { ParamForm } from '../form/ParamForm';
import { LayerTile } from '../icons';
import { useEditor } from '../stores';
import { NameField } from './NameField';
import { TrainableField } from './TrainableField';

export function LayerInspector({ node }: { node: NetworkNode }) {
  const definition = layerOf(node.kind);
  const analysis = useEditor((editor) => editor.analysis.nodes.get(node.id));
  const setParams = useEditor((editor) => editor.setParams);
  const removeSelection = useEditor((editor) => editor.removeSelection);
  const { inputShapes = [], outputShape } = analysis ?? {};
  const lines =
    outputShape && !analysis?.problem
      ? (definition.arithmetic?.(inputShapes, node.params, outputShape) ?? [])
      : [];
  return (
    <>
      <header className="flex items-center gap-2.5">
        <LayerTile kind={node.kind} size={32} />
        <NameField node={node} />
      </header>
      <p className="mt-1.5 mb-2.5 text-xs text-mute">
        <b className="font-semibold text-ink">{definition.label}.</b> {definition.documentation}
      </p>
      <ParamForm
        schema={definition.params}
        values={node.params}
        onChange={(key, value) => setParams(node.id, { [key]: value })}
      />
      {definition.weights && <TrainableField node={node} />}
      <div className="mt-3 rounded-[10px] bg-bg px-3 py-2.5 text-xs leading-[1.65] text-mute">
        {inputShapes.length > 0 && (
          <Line label="in" value={inputShapes.map((shape) => formatShape(shape)).join('  +  ')} />
        )}
        {lines.map((line) => (
          <Arithmetic key={line} line={line} />
        ))}
        {outputShape && <Line label="out" value={formatShape(outputShape)} />}
        {analysis && analysis.parameters > 0 && (
          <Line label="memory" value={`4 bytes each, ${byteWords(analysis.parameters * 4)}`} />
        )}
        {analysis && analysis.multiplyAdds > 0 && (
          <Line label="multiply-adds an image" value={shortNumber(analysis.multiplyAdds)} />
        )}
        {!outputShape && <p>The output shows once this layer and those before it fit.</p>}
      </div>
      <CoreMLSection id={node.id} />
      <Button
        variant="danger"
        className="mt-3 w-full"
        icon={<Trash2 size={16} aria-hidden />}
        onClick={removeSelection}
      >
        Delete
      </Button>
    </>
  );
}

function Line({ label, value }: { label: string; value: string }) {
  return (
    <div className="flex justify-between gap-3">
      <span>{label}</span>
      <span className="text-right font-semibold text-ink">{value}</span>
    </div>
  );
}

/** "height ⌊(28 − 3) / 1⌋ + 1 = 26", with the result made bold. */
function Arithmetic({ line }: { line: string }) {
  const at = line.lastIndexOf(' = ');
  return (
    <p>
      {at < 0 ? (
        line
      ) : (
        <>
          {line.slice(0, at)} = <b className="font-semibold text-ink">{line.slice(at + 3)}</b>
        </>
      )}
    </p>
  );
}
