/**
 * The keys of the canvas: arrows walk the network, Enter goes to the layer's form, C and arrows and Enter connect.
 * Undo, delete and other commands that work everywhere are in `ui/commands.ts`.
 */
import { useState, type KeyboardEvent } from 'react';
import { canConnect } from '../../network/edits';
import type { Network } from '../../network/network';
import { notify } from '../common/notices';
import { useStores } from '../stores';
import { focusLayer } from './focusLayer';

type Direction = 'up' | 'down' | 'left' | 'right';

const arrows: Record<string, Direction> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** The layer that an arrow leads to: along the connections up and down, beside it left and right. */
function neighbour(network: Network, id: string, direction: Direction): string | undefined {
  const from = network.nodes.find((node) => node.id === id);
  if (!from) return undefined;
  const linked =
    direction === 'up'
      ? network.edges.filter((edge) => edge.target === id).map((edge) => edge.source)
      : direction === 'down'
        ? network.edges.filter((edge) => edge.source === id).map((edge) => edge.target)
        : [];
  if (linked.length > 0) return linked[0];
  const along = direction === 'up' || direction === 'down' ? 'y' : 'x';
  const across = along === 'y' ? 'x' : 'y';
  const sign = direction === 'up' || direction === 'left' ? -1 : 1;
  const ahead = network.nodes
    .map((node) => ({
      id: node.id,
      forward: (node.position[along] - from.position[along]) * sign,
      aside: Math.abs(node.position[across] - from.position[across]),
    }))
    .filter(({ forward }) => forward > 0);
  ahead.sort((a, b) => a.forward + 2 * a.aside - (b.forward + 2 * b.aside));
  return ahead[0]?.id;
}

/** Goes to the first field of the selected layer's form, or to its name where it has no parameters. */
function focusForm(): void {
  const fields = document.querySelectorAll<HTMLElement>('[aria-label="Inspector"] :is(input, select)');
  (fields[1] ?? fields[0])?.focus();
}

export function useCanvasKeys() {
  const { editor } = useStores();
  const [connectFrom, setConnectFrom] = useState<string>();

  return (event: KeyboardEvent<HTMLElement>) => {
    const element = event.target as HTMLElement;
    const id = element.closest<HTMLElement>('.react-flow__node')?.dataset.id;
    if (!id || !element.matches('.react-flow__node') || event.metaKey || event.ctrlKey || event.altKey)
      return;
    const { project, select, connect } = editor.getState();
    const nameOf = (node: string) => project.network.nodes.find((n) => n.id === node)?.name ?? '';
    const direction = arrows[event.key];
    if (direction) {
      event.preventDefault();
      const next = neighbour(project.network, id, direction);
      if (!next) return;
      select({ nodes: [next], edges: [] });
      focusLayer(next);
    } else if (event.key === 'Enter' && connectFrom !== undefined) {
      event.preventDefault();
      const refusal = canConnect(project.network, connectFrom, id);
      if (refusal) notify({ kind: 'problem', text: refusal.message });
      else {
        connect(connectFrom, id);
        notify({ kind: 'info', text: `${nameOf(connectFrom)} is connected to ${nameOf(id)}.` });
      }
      setConnectFrom(undefined);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      select({ nodes: [id], edges: [] });
      setTimeout(focusForm);
    } else if (event.key.toLowerCase() === 'c') {
      event.preventDefault();
      setConnectFrom(id);
      notify({
        kind: 'info',
        text: `Connecting ${nameOf(id)}: go to a layer with the arrows, then press Enter.`,
      });
    } else if (event.key === 'Escape') {
      setConnectFrom(undefined);
      select({ nodes: [], edges: [] });
    }
  };
}
