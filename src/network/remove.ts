/** Removing layers, with the chains that they were part of healed. */
import { canConnect, edgeBetween } from './connect';
import type { Network, NetworkEdge } from './network';

/**
 * Removes layers. What fed a removed layer feeds what came after it, in its place among the inputs, as far as that can
 * be connected.
 */
export function removeLayers(network: Network, ids: readonly string[]): Network {
  return ids.reduce(removeLayer, network);
}

function removeLayer(network: Network, id: string): Network {
  if (!network.nodes.some((node) => node.id === id)) return network;
  const feeding = network.edges.filter(({ target }) => target === id).map(({ source }) => source);
  let healed: Network = {
    nodes: network.nodes.filter((node) => node.id !== id),
    edges: network.edges.filter(({ source, target }) => source !== id && target !== id),
  };
  for (const { target } of network.edges.filter(({ source }) => source === id)) {
    for (const source of feeding) {
      if (!canConnect(healed, source, target))
        healed = { ...healed, edges: [...healed.edges, edgeBetween(source, target)] };
    }
    healed = { ...healed, edges: inOrder(healed.edges, target, inputOrder(network, id, target, feeding)) };
  }
  return healed;
}

/** The inputs of `target` with those of the removed layer in its place. */
function inputOrder(
  network: Network,
  id: string,
  target: string,
  feeding: readonly string[],
): readonly string[] {
  return network.edges
    .filter((edge) => edge.target === target)
    .flatMap(({ source }) => (source === id ? feeding : [source]));
}

/** The edges with those into `target` in the order of `sources`; the others keep their places. */
function inOrder(
  edges: readonly NetworkEdge[],
  target: string,
  sources: readonly string[],
): readonly NetworkEdge[] {
  const into = edges.filter((edge) => edge.target === target);
  const sorted = [...into].sort((a, b) => sources.indexOf(a.source) - sources.indexOf(b.source));
  return edges.map((edge) => (edge.target === target ? sorted.shift()! : edge));
}
