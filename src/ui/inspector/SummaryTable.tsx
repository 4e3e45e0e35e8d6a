/** Layers, output shapes and parameters in a table. Tapping a row selects the layer. */
import { formatShape } from '../../core/shape';
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
                  className={`block h-8 w-full truncate text-left font-medium hover:text-accent ${facts?.problem ? 'text-bad' : ''}`}
                  onClick={() => select({ nodes: [node.id], edges: [] })}
                >
                  {node.name}
                </button>
              </td>
              <td className="pl-2 text-right whitespace-nowrap text-mute">
                {facts?.outputShape ? formatShape(facts.outputShape) : '—'}
              </td>
              <td className="pl-2 text-right text-mute">{numberWords(facts?.parameters ?? 0)}</td>
            </tr>
          );
        })}
        <tr className="border-t border-ink/30 font-semibold">
          <td className="py-2">Total</td>
          <td />
          <td className="pl-2 text-right">{numberWords(analysis.parameters)}</td>
        </tr>
      </tbody>
    </table>
  );
}
