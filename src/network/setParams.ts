/** Setting a layer's parameters. */
import { checkParam, type ParamSchema, type ParamValue, type ParamValues } from '../core/params';
import { layerOf } from '../layers';
import { nodeOf, type Network } from './network';

/**
 * Sets some of a layer's parameters. Values outside their limits and parameters that the layer lacks are passed over;
 * the form says what is wrong with them. A choice that changes brings its values for other parameters along, where
 * those are not given.
 * @returns the very network where nothing changes.
 */
export function setParams(network: Network, id: string, params: ParamValues): Network {
  const node = nodeOf(network, id);
  if (!node) return network;
  const schema = layerOf(node.kind).params;
  const changed = Object.entries({ ...broughtAlong(schema, node.params, params), ...params }).filter(
    ([key, value]) => {
      const spec = Object.hasOwn(schema, key) ? schema[key] : undefined;
      return spec && !checkParam(spec, value) && !sameValue(node.params[key], value);
    },
  );
  if (changed.length === 0) return network;
  const next = { ...node, params: { ...node.params, ...Object.fromEntries(changed) } };
  return { ...network, nodes: network.nodes.map((other) => (other.id === id ? next : other)) };
}

/** What choices that change bring along for other parameters. */
function broughtAlong(schema: ParamSchema, present: ParamValues, params: ParamValues): ParamValues {
  return Object.assign(
    {},
    ...Object.entries(params).map(([key, value]) => {
      const spec = Object.hasOwn(schema, key) ? schema[key] : undefined;
      return spec?.type === 'choice' && value !== present[key] ? spec.brings?.[String(value)] : undefined;
    }),
  ) as ParamValues;
}

/** Whether two values of a parameter are the same; lists by their elements. */
function sameValue(a: ParamValue | undefined, b: ParamValue): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return a.length === b.length && a.every((n, i) => n === b[i]);
}
