/** Adding a layer: where it goes, what it is connected to, and what makes room for it. */
import { defaultsOf, type ParamValues } from '../core/params';
import { layerOf, type LayerKind } from '../layers';
import { edgeBetween } from './connect';
import { automaticName } from './names';
import { nodeOf, type Network, type NetworkEdge, type NetworkNode } from './network';
import { above, below, belowAll, freePlace, makeRoom, type Position } from './placement';
import { structureOf } from './structure';

/** After a layer (missing: after the output), on an edge, or free at a place of the canvas. */
export type Where = { readonly after?: string } | { readonly edge: string } | { readonly position: Position };

export interface Added {
  readonly network: Network;
  /** Of the new layer. */
  readonly id: string;
}

/**
 * Adds a layer with its defaults and Keras's automatic name. After a layer it joins the chain: it is put into the one
 * connection that leads on, or all that came after hangs on it. Layers that merge several are only appended where the
 * chain forks. An Input is connected to the first layer that has none before it, unless there is an Input already.
 */
export function addLayer(network: Network, kind: LayerKind, where: Where, params?: ParamValues): Added {
  const draft: NetworkNode = {
    id: freeId(network),
    kind,
    name: automaticName(network, kind),
    params: { ...defaultsOf(layerOf(kind).params), ...params },
    position: { x: 0, y: 0 },
  };
  const added =
    layerOf(kind).inputs.max === 0
      ? addSource(network, draft, where)
      : 'position' in where
        ? place(network, draft, where.position)
        : 'edge' in where
          ? addOnEdge(network, draft, where.edge)
          : addAfter(network, draft, where.after);
  return { network: added, id: draft.id };
}

function freeId(network: Network): string {
  const numbers = network.nodes.map(({ id }) => Number(/^n(\d{1,9})$/.exec(id)?.[1] ?? 0));
  return `n${Math.max(0, ...numbers) + 1}`;
}

function place(network: Network, node: NetworkNode, position: Position): Network {
  return { ...network, nodes: [...network.nodes, { ...node, position }] };
}

function addSource(network: Network, node: NetworkNode, where: Where): Network {
  const takesNone = ({ kind }: NetworkNode): boolean => layerOf(kind).inputs.max === 0;
  const fed = new Set(network.edges.map(({ target }) => target));
  const first = network.nodes.some(takesNone) ? undefined : network.nodes.find(({ id }) => !fed.has(id));
  const free = first ? above(first.position) : belowAll(network);
  const position = 'position' in where ? where.position : freePlace(network, free);
  const placed = place(network, node, position);
  return first ? { ...placed, edges: [...placed.edges, edgeBetween(node.id, first.id)] } : placed;
}

function addOnEdge(network: Network, node: NetworkNode, edgeId: string): Network {
  const edge = network.edges.find(({ id }) => id === edgeId);
  const source = edge && nodeOf(network, edge.source);
  if (!edge || !source) return addAfter(network, node, undefined);
  return splice(network, node, source, [edge]);
}

function addAfter(network: Network, node: NetworkNode, after: string | undefined): Network {
  const output = structureOf(network).output;
  const before = nodeOf(network, after ?? '') ?? (output === undefined ? undefined : nodeOf(network, output));
  if (!before) return place(network, node, belowAll(network));
  const leaving = network.edges.filter(({ source }) => source === before.id);
  const merges = layerOf(node.kind).inputs.min > 1;
  return splice(network, node, before, leaving.length > 1 && merges ? [] : leaving);
}

/** Puts a layer after `before` and in the way of these of its edges, which keep their place among the inputs. */
function splice(
  network: Network,
  node: NetworkNode,
  before: NetworkNode,
  leaving: readonly NetworkEdge[],
): Network {
  const wanted = below(before.position);
  const placed = place(network, node, leaving.length > 0 ? wanted : freePlace(network, wanted));
  const edges = placed.edges.map((edge) =>
    leaving.includes(edge) ? edgeBetween(node.id, edge.target) : edge,
  );
  return makeRoom({ ...placed, edges: [...edges, edgeBetween(before.id, node.id)] }, node.id);
}
