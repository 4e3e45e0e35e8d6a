/** The network that can run, or the words for what stands in the way of it, with the way there. */
import type { CompiledNetwork } from '../../network/compiled';
import { notify } from '../common/notices';
import type { Stores } from '../stores';

/**
 * The open project's network where it has no problems and nothing runs; undefined after saying why not.
 * @param wish what the network is to do: "train".
 */
export function runnable({ editor, run }: Stores, wish: string): CompiledNetwork | undefined {
  const { analysis, select } = editor.getState();
  const { active, status, afterwards } = run.getState();
  if (active) {
    const running = afterwards === undefined ? 'Training' : 'A test of the weights';
    notify({
      kind: 'info',
      text:
        status === 'paused'
          ? 'The network as it was before your edits is paused in the Lab. Stop it there, then train this one.'
          : `${running} is running; the Lab shows it.`,
    });
    return undefined;
  }
  if (!analysis.compiled) {
    const [first] = analysis.problems;
    if (first?.nodeId) select({ nodes: [first.nodeId], edges: [] });
    notify({
      kind: 'problem',
      text: `This network cannot ${wish} yet. ${first?.problem.message ?? ''}`,
    });
  }
  return analysis.compiled;
}
