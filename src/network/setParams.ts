/** Setting a layer's parameters. */
import { checkParam, type ParamValue, type ParamValues } from '../core/params';
import { layerOf } from '../layers';
import { nodeOf, type Network } from './network';

/**
 * Sets some of a layer's parameters. Values outside their limits and parameters that the layer lacks are passed over;
 * the form says what is wrong with them.
 * @returns the very network where nothing changes.
 */
export function setParams(network: Network, id: string, params: ParamValues): Network {
  const node = nodeOf(network, id);
  if (!node) return network;
  const schema = layerOf(node.kind).params;
  const changed = Object.entries(params).filter(([key, value]) => {
    const spec = Object.hasOwn(schema, key) ? schema[key] : undefined;
    return spec && !checkParam(spec, value) && !sameValue(node.params[key], value);
  });
  if (changed.length === 0) return network;
  const next = { ...node, params: { ...node.params, ...Object.fromEntries(changed) } };
  return { ...network, nodes: network.nodes.map((other) => (other.id === id ? next : other)) };
}

/** Whether two values of a parameter are the same; lists by their elements. */
export function sameValue(a: ParamValue | undefined, b: ParamValue): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return a.length === b.length && a.every((n, i) => n === b[i]);
}
