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
  stepAside(network, corners);
  const left = Math.min(...corners.map(({ x }) => x));
  const top = Math.min(...corners.map(({ y }) => y));
  const nodes = network.nodes.map((node, i) => ({
    ...node,
    position: { x: corners[i]!.x - left, y: corners[i]!.y - top },
  }));
  return { ...network, nodes };
}

/** Room at either side of a connection that runs straight down, for the shape that it carries. */
const EDGE_ROOM = 48;

/**
 * dagre bends a connection that skips layers around the cards between; the canvas draws it straight where it ends below
 * its start. Cards in its way move to the right, and with them all of their row that is further right.
 */
function stepAside(network: Network, corners: { x: number; y: number }[]): void {
  const indices = new Map(network.nodes.map(({ id }, i) => [id, i]));
  for (const { source, target } of network.edges) {
    const [from, to] = [indices.get(source), indices.get(target)].map((i) => corners[i ?? -1]);
    if (!from || !to || Math.abs(from.x - to.x) > EDGE_ROOM) continue;
    const middle = (from.x + to.x + NODE_WIDTH) / 2;
    const inTheWay = corners.filter(
      ({ x, y }) => y > from.y && y < to.y && x < middle + EDGE_ROOM && x + NODE_WIDTH > middle - EDGE_ROOM,
    );
    for (const { x, y } of inTheWay) {
      const aside = Math.max(0, middle + EDGE_ROOM - x);
      for (const other of corners) if (other.y === y && other.x >= x) other.x += aside;
    }
  }
}
