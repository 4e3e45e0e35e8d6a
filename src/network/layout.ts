/**
 * The automatic layout of cards from top to bottom. The only user of dagre, so the page loads this file when it is asked
 * for; sizes of cards are in `cards.ts`.
 */
import { graphlib, layout } from '@dagrejs/dagre';
import { COLUMN_GAP, NODE_HEIGHT, NODE_WIDTH, ROW_GAP } from './cards';
import type { Network } from './network';

/**
 * Lays the network out from top to bottom in layers (Gansner et al., "A Technique for Drawing Directed Graphs", 1993,
 * as dagre does it). The top left card begins at 0, 0. Deterministic.
 */
export function layoutNetwork(network: Network): Network {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'TB', ranksep: ROW_GAP, nodesep: COLUMN_GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  const ids = new Set(network.nodes.map(({ id }) => id));
  for (const id of ids) graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const { source, target } of network.edges)
    if (ids.has(source) && ids.has(target)) graph.setEdge(source, target);
  layout(graph);
  const corner = (id: string): { x: number; y: number } => {
    const { x, y } = graph.node(id) as { x: number; y: number };
    return { x: Math.round(x - NODE_WIDTH / 2), y: Math.round(y - NODE_HEIGHT / 2) };
  };
  const corners = network.nodes.map(({ id }) => corner(id));
  const left = Math.min(...corners.map(({ x }) => x));
  const top = Math.min(...corners.map(({ y }) => y));
  const nodes = network.nodes.map((node, i) => ({
    ...node,
    position: { x: corners[i]!.x - left, y: corners[i]!.y - top },
  }));
  return { ...network, nodes };
}
