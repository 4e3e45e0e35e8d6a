/** Layers, output shapes and parameters in a table. Tapping a row selects the layer. */
import { Lock } from 'lucide-react';
import { formatShape } from '../../core/shape';
import { isFrozenNode } from '../../network/edits';
import { numberWords } from '../common/format';
import { useEditor } from '../stores';

export function SummaryTable() {
  const network = useEditor((editor) => editor.project.network);
  const analysis = useEditor((editor) => editor.analysis);
  const select = useEditor((editor) => editor.select);
  if (network.nodes.length === 0) return null;
  const order = [...network.nodes].sort((a, b) => a.position.y - b.position.y || a.position.x - b.position.x);
  return (
    <table className="w-full border-collapse text-xs">
      <thead>
        <tr className="text-left text-2xs text-faint">
          <th className="py-1 font-medium">Layer</th>
          <th className="py-1 pl-2 text-right font-medium">Output</th>
          <th className="py-1 pl-2 text-right font-medium">Parameters</th>
        </tr>
      </thead>
      <tbody>
        {order.map((node) => {
          const facts = analysis.nodes.get(node.id);
          return (
            <tr key={node.id} className="border-t border-line">
              <td className="max-w-0 w-full p-0">
                <button
                  type="button"
                  className={`block h-8 w-full truncate pointer-coarse:h-11 text-left font-medium hover:text-accent ${facts?.problem ? 'text-bad' : ''}`}
                  onClick={() => select({ nodes: [node.id], edges: [] })}
                >
                  {node.name}
                </button>
              </td>
              <td className="pl-2 text-right whitespace-nowrap text-mute">
                {facts?.outputShape ? formatShape(facts.outputShape) : '—'}
              </td>
              <td className="pl-2 text-right whitespace-nowrap text-mute">
                {isFrozenNode(node) && (
                  <>
                    <Lock size={10} aria-hidden className="mr-1 inline" />
                    <span className="sr-only">frozen, </span>
                  </>
                )}
                {numberWords(facts?.parameters ?? 0)}
              </td>
            </tr>
          );
        })}
        <tr className="border-t border-ink/30 font-semibold">
          <td className="py-2">Total</td>
          <td />
          <td className="pl-2 text-right">{numberWords(analysis.parameters)}</td>
        </tr>
        <Count label="Trainable params" value={analysis.trainableParameters} />
        <Count label="Non-trainable params" value={analysis.parameters - analysis.trainableParameters} />
      </tbody>
    </table>
  );
}

/** A sum as Keras's `model.summary()` names it. */
function Count({ label, value }: { label: string; value: number }) {
  return (
    <tr className="text-mute">
      <td colSpan={2} className="pb-1.5">
        {label}
      </td>
      <td className="pb-1.5 pl-2 text-right">{numberWords(value)}</td>
    </tr>
  );
}
