/** Which layers training moves: the edits that freeze layers and let them train again. */
import { layerOf } from '../layers';
import type { Network, NetworkNode } from './network';
import { structureOf } from './structure';

/** Whether layers of this kind have weights, so that there is something to freeze. */
function hasWeights({ kind }: NetworkNode): boolean {
  return layerOf(kind).weights !== undefined;
}

/** Whether the layer has weights that training leaves as they are. */
export function isFrozenNode(node: NetworkNode): boolean {
  return node.trainable === false && hasWeights(node);
}

/** Ids of the layers with weights, in the order in which they are computed. */
export function layersWithWeights(network: Network): readonly string[] {
  const { order, nodes } = structureOf(network);
  return order.filter((id) => hasWeights(nodes.get(id)!));
}

/**
 * Freezes layers, or lets them train. Unknown layers and layers without weights are passed over.
 * @param ids of the layers; all others stay as they are.
 * @returns the very network where nothing changes.
 */
export function setTrainable(network: Network, ids: readonly string[], trainable: boolean): Network {
  const chosen = new Set(ids);
  return withTrainable(network, (node) => (chosen.has(node.id) ? trainable : (node.trainable ?? true)));
}

/**
 * Lets these layers train and freezes all others that have weights.
 * @returns the very network where nothing changes.
 */
export function trainOnly(network: Network, ids: readonly string[]): Network {
  const chosen = new Set(ids);
  return withTrainable(network, ({ id }) => chosen.has(id));
}

function withTrainable(network: Network, wanted: (node: NetworkNode) => boolean): Network {
  let changed = false;
  const nodes = network.nodes.map((node) => {
    const { trainable: before = true, ...rest } = node;
    if (!hasWeights(node) || wanted(node) === before) return node;
    changed = true;
    // Only the exception is written down: a layer that trains says nothing.
    return before ? { ...rest, trainable: false } : rest;
  });
  return changed ? { ...network, nodes } : network;
}
