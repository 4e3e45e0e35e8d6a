/**
 * The edits of a network: pure functions from network to network. Each subject has a
 * file of its own; all are offered here together.
 */
import type { Network } from './network';

export { addLayer, type Added, type Where } from './add';
export { canConnect, connect, disconnect } from './connect';
export { rename } from './names';
export { removeLayers } from './remove';
export { applyRepair } from './repairs';
export { setParams } from './setParams';
export { isFrozenNode, layersWithWeights, setTrainable, trainOnly } from './trainable';

/**
 * Puts layers at other places of the canvas.
 * @returns the very network where nothing moves.
 */
export function moveLayers(
  network: Network,
  positions: Readonly<Record<string, { readonly x: number; readonly y: number }>>,
): Network {
  let moved = false;
  const nodes = network.nodes.map((node) => {
    const to = Object.hasOwn(positions, node.id) ? positions[node.id] : undefined;
    if (!to || !Number.isFinite(to.x) || !Number.isFinite(to.y)) return node;
    if (to.x === node.position.x && to.y === node.position.y) return node;
    moved = true;
    return { ...node, position: { x: to.x, y: to.y } };
  });
  return moved ? { ...network, nodes } : network;
}
