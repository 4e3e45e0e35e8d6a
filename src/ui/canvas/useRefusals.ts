/** Says why a connection that was drawn or tapped cannot be. The canvas library refuses it; we give the reason. */
import type { FinalConnectionState, OnConnectStartParams } from '@xyflow/react';
import { useCallback, useRef } from 'react';
import { canConnect } from '../../network/edits';
import { notify } from '../common/notices';
import { useStores } from '../stores';

export function useRefusals() {
  const { editor } = useStores();
  const tapped = useRef<OnConnectStartParams>(undefined);

  const say = useCallback(
    (from: string, to: string, forward: boolean) => {
      const [source, target] = forward ? [from, to] : [to, from];
      const refusal = canConnect(editor.getState().project.network, source, target);
      if (refusal) notify({ kind: 'problem', text: refusal.message });
    },
    [editor],
  );

  const onConnectEnd = useCallback(
    (_: unknown, { isValid, fromNode, toNode, fromHandle }: FinalConnectionState) => {
      if (isValid === false && fromNode && toNode) say(fromNode.id, toNode.id, fromHandle?.type === 'source');
    },
    [say],
  );

  const onClickConnectStart = useCallback((_: unknown, start: OnConnectStartParams) => {
    tapped.current = start;
  }, []);

  /** For taps the library's state names no target, so the handle under the tap tells it. */
  const onClickConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent) => {
      const handle = (event.target as Element).closest<HTMLElement>('.react-flow__handle');
      const from = tapped.current;
      tapped.current = undefined;
      const to = handle?.dataset.nodeid;
      if (!from?.nodeId || !to) return;
      // A connection that was just made is refused now as a second one; it is there, so nothing is to be said.
      const forward = from.handleType === 'source';
      const [source, target] = forward ? [from.nodeId, to] : [to, from.nodeId];
      const made = editor
        .getState()
        .project.network.edges.some((edge) => edge.source === source && edge.target === target);
      if (!made) say(from.nodeId, to, forward);
    },
    [editor, say],
  );

  return { onConnectEnd, onClickConnectStart, onClickConnectEnd };
}
