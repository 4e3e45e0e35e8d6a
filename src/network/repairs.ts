/** Turns the one-tap repairs of Problems into edits. */
import { defaultsOf, type ParamValues } from '../core/params';
import type { Repair } from '../core/problem';
import { isLayerKind, layerOf, type LayerKind } from '../layers';
import { channelMatch } from '../layers/oneShape';
import { addLayer } from './add';
import { automaticName } from './names';
import type { Network } from './network';
import { removeLayers } from './remove';
import { setParams } from './setParams';
import { inferShapes } from './shapes';
import { structureOf } from './structure';

/**
 * Applies a repair to the layer whose Problem offers it.
 * @returns the very network where the repair does not fit it (any more).
 */
export function applyRepair(network: Network, nodeId: string, repair: Repair): Network {
  if (!network.nodes.some(({ id }) => id === nodeId)) return network;
  switch (repair.type) {
    case 'insertBefore': {
      const edge = network.edges.find(({ target }) => target === nodeId);
      if (!edge || !isLayerKind(repair.kind)) return network;
      return addLayer(network, repair.kind, { edge: edge.id }, repair.params).network;
    }
    case 'appendAfter':
      if (!isLayerKind(repair.kind)) return network;
      return addLayer(network, repair.kind, { after: nodeId }, repair.params).network;
    case 'setParams':
      return setParams(network, nodeId, repair.params);
    case 'replace':
      return isLayerKind(repair.kind) ? replace(network, nodeId, repair.kind, repair.params) : network;
    case 'remove':
      return removeLayers(network, [nodeId]);
    case 'matchChannels':
      return matchChannels(network, nodeId);
    default:
      return repair satisfies never;
  }
}

/** Puts a layer of another kind where a layer stands; its connections stay. */
function replace(network: Network, nodeId: string, kind: LayerKind, params?: ParamValues): Network {
  const name = automaticName(network, kind);
  const filled = { ...defaultsOf(layerOf(kind).params), ...params };
  const nodes = network.nodes.map((node) =>
    node.id === nodeId ? { id: node.id, kind, name, params: filled, position: node.position } : node,
  );
  return { ...network, nodes };
}

/** Puts a 1×1 convolution on each branch whose shape differs, as residual networks do (He et al., 2015, option B). */
function matchChannels(network: Network, nodeId: string): Network {
  const shapes = inferShapes(structureOf(network)).nodes.get(nodeId)?.inputShapes ?? [];
  const incoming = network.edges.filter(({ target }) => target === nodeId);
  if (shapes.length !== incoming.length) return network;
  return (channelMatch(shapes) ?? []).reduce((repaired, { input, filters, strides }) => {
    const params = { filters, strides, kernelSize: [1, 1], padding: 'same' };
    return addLayer(repaired, 'conv2d', { edge: incoming[input]!.id }, params).network;
  }, network);
}
