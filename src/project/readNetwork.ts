/** Reads a stored network: every layer by its kind's schema, every connection by the rule that the canvas keeps too. */
import { isLayerKind, layerOf } from '../layers';
import { canConnect, connect } from '../network/connect';
import { checkName } from '../network/names';
import type { Network, NetworkNode } from '../network/network';
import { Refused, isRecord, readList, readParams, readText } from './read';

/** @throws Refused with a sentence that names the layer or the connection. */
export function readNetwork(value: unknown): Network {
  if (!isRecord(value)) throw new Refused('Its network is missing.');
  const nodes = readList(value['nodes'], 'The layers').map(readNode);
  const ids = new Set<string>();
  const names = new Set<string>();
  for (const { id, name } of nodes) {
    if (ids.has(id)) throw new Refused(`Two layers have the id "${id}".`);
    if (names.has(name)) throw new Refused(`Two layers are named "${name}".`);
    ids.add(id);
    names.add(name);
  }
  return readList(value['edges'], 'The connections').reduce<Network>(readEdge, { nodes, edges: [] });
}

function readNode(value: unknown, index: number): NetworkNode {
  const which = `Layer ${index + 1}`;
  if (!isRecord(value)) throw new Refused(`${which} is not a layer.`);
  const id = readText(value['id'], `The id of layer ${index + 1}`, 64);
  if (!/^[A-Za-z0-9_-]+$/.test(id))
    throw new Refused(`The id of layer ${index + 1} has other characters than letters, digits, _ and -.`);
  const name = readText(value['name'], `The name of layer ${index + 1}`, 64);
  const badName = checkName(name);
  if (badName || name !== name.trim())
    throw new Refused(
      `${which} cannot be named "${name}". ${badName?.message ?? 'A name has no spaces around it.'}`,
    );
  const { kind, position } = value;
  if (!isLayerKind(kind))
    throw new Refused(
      `${which} (${name}) is of the kind ${JSON.stringify(kind)}, which this Layerpad lacks.`,
    );
  if (!isRecord(position) || !isPlace(position['x']) || !isPlace(position['y']))
    throw new Refused(
      `${which} (${name}) has no place on the canvas: its position takes two numbers, x and y.`,
    );
  const params = readParams(layerOf(kind).params, value['params'], `${which} (${name})`);
  const { trainable } = value;
  if (trainable !== undefined && typeof trainable !== 'boolean')
    throw new Refused(`${which} (${name}) says neither true nor false of being trainable.`);
  const node = { id, kind, name, params, position: { x: position['x'], y: position['y'] } };
  return trainable === undefined ? node : { ...node, trainable };
}

function isPlace(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function readEdge(network: Network, value: unknown, index: number): Network {
  const which = `Connection ${index + 1}`;
  if (!isRecord(value)) throw new Refused(`${which} is not a connection.`);
  for (const end of ['source', 'target']) {
    const id = value[end];
    if (typeof id !== 'string' || !network.nodes.some((node) => node.id === id))
      throw new Refused(`${which} has the ${end} ${JSON.stringify(id) ?? 'missing'}, which is no layer.`);
  }
  const { source, target } = value as { source: string; target: string };
  const refusal = canConnect(network, source, target);
  if (refusal) throw new Refused(`${which} cannot be. ${refusal.message}`);
  return connect(network, source, target);
}
