/** Where cards lie on the canvas: their size, and the automatic layout from top to bottom. The only user of dagre. */
import { graphlib, layout } from '@dagrejs/dagre';
import type { Network } from './network';

/** Size of a layer's card and the room around it, in points: below for handles, beside for the output's glyph. */
export const NODE_WIDTH = 236;
export const NODE_HEIGHT = 56;
export const ROW_GAP = 44;
export const COLUMN_GAP = 150;

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
