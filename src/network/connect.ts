/** Connections: which can be, and the edits that make and cut them. */
import { problem, type Problem } from '../core/problem';
import { layerOf } from '../layers';
import { nodeOf, type Network, type NetworkEdge } from './network';
import { reaches } from './structure';

/** Two layers are connected at most once, so an edge is known by its ends. */
export function edgeBetween(source: string, target: string): NetworkEdge {
  return { id: `${source}>${target}`, source, target };
}

/** Why `source` cannot feed `target`, or undefined where it can. */
export function canConnect(network: Network, source: string, target: string): Problem | undefined {
  const from = nodeOf(network, source);
  const to = nodeOf(network, target);
  if (!from || !to) return problem('unknownLayer', 'A connection needs a layer at both of its ends.');
  const { label, inputs } = layerOf(to.kind);
  if (source === target) return problem('self', `${label} cannot feed itself. Connect it to another layer.`);
  if (inputs.max === 0)
    return problem('takesNoInput', `${label} takes no layer before it: the examples enter there.`);
  const incoming = network.edges.filter((edge) => edge.target === target);
  if (incoming.some((edge) => edge.source === source))
    return problem('duplicate', `${from.name} is connected to ${to.name} already.`);
  if (reaches(network, target, source))
    return problem('cycle', `${to.name} comes before ${from.name}, so this would close a circle.`);
  if (incoming.length >= inputs.max)
    return problem(
      'full',
      inputs.max === 1
        ? `${label} takes one layer before it and has ${nodeOf(network, incoming[0]!.source)?.name ?? 'one'} already. ` +
            `To join two, use Add or Concatenate.`
        : `${label} takes at most ${inputs.max} layers before it and has ${incoming.length} already.`,
    );
  return undefined;
}

/** Connects two layers; the network comes back unchanged where `canConnect` has a Problem. */
export function connect(network: Network, source: string, target: string): Network {
  if (canConnect(network, source, target)) return network;
  return { ...network, edges: [...network.edges, edgeBetween(source, target)] };
}

/** Cuts the connections of these ids. */
export function disconnect(network: Network, edgeIds: readonly string[]): Network {
  const cut = new Set(edgeIds);
  const edges = network.edges.filter(({ id }) => !cut.has(id));
  return edges.length === network.edges.length ? network : { ...network, edges };
}
