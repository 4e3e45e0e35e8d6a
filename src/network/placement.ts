/** Finds room on the canvas for a new layer and pushes what is in its way down, no further than needed. */
import { COLUMN_GAP, NODE_HEIGHT, NODE_WIDTH, ROW_GAP } from './cards';
import type { Network, NetworkNode } from './network';

export type Position = NetworkNode['position'];

const ROW = NODE_HEIGHT + ROW_GAP;
const COLUMN = NODE_WIDTH + COLUMN_GAP;

export function below(position: Position): Position {
  return { x: position.x, y: position.y + ROW };
}

export function above(position: Position): Position {
  return { x: position.x, y: position.y - ROW };
}

function overlap(a: Position, b: Position): boolean {
  return Math.abs(a.x - b.x) < NODE_WIDTH && Math.abs(a.y - b.y) < NODE_HEIGHT;
}

/** The place itself, or the next one to its right where no card lies. */
export function freePlace(network: Network, wanted: Position): Position {
  let place = wanted;
  while (network.nodes.some(({ position }) => overlap(position, place)))
    place = { ...place, x: place.x + COLUMN };
  return place;
}

/** A place below everything. */
export function belowAll(network: Network): Position {
  const lowest = network.nodes.reduce<NetworkNode | undefined>(
    (best, node) => (best && best.position.y >= node.position.y ? best : node),
    undefined,
  );
  return lowest ? below(lowest.position) : { x: 0, y: 0 };
}

/**
 * Moves the layers that come after `id` down until each lies a row below what feeds it, as far as that was pushed, and
 * until no card that was pushed covers another. The card of `id` stays where it is.
 */
export function makeRoom(network: Network, id: string): Network {
  const positions = new Map(network.nodes.map((node) => [node.id, node.position]));
  const queue = [id];
  // Cards only move down, so this ends by itself unless the graph has a cycle.
  let left = 20 * network.nodes.length ** 2;
  for (let at = queue.shift(); at !== undefined && left-- > 0; at = queue.shift()) {
    const place = positions.get(at)!;
    const fed = new Set(network.edges.filter(({ source }) => source === at).map(({ target }) => target));
    for (const [other, position] of positions) {
      if (other === at || other === id) continue;
      const tooHigh = fed.has(other) && position.y < place.y + ROW;
      if (!tooHigh && !overlap(place, position)) continue;
      positions.set(other, { x: position.x, y: place.y + ROW });
      queue.push(other);
    }
  }
  return {
    ...network,
    nodes: network.nodes.map((node) => {
      const position = positions.get(node.id)!;
      return position === node.position ? node : { ...node, position };
    }),
  };
}
