/**
 * The bare graph: who feeds whom, in which order, and which dead end is the output. It knows no shapes and no Problems,
 * and it copes with every graph: edges that point nowhere are passed over, cycles are cut and reported.
 */
import type { Network, NetworkNode } from './network';

export interface Structure {
  readonly nodes: ReadonlyMap<string, NetworkNode>;
  /** Ids of what feeds a node, in the order of its inputs. */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  /** Ids of what a node feeds. */
  readonly outputs: ReadonlyMap<string, readonly string[]>;
  /** Every node once, after all that feeds it; a node of `cut` comes before some of its inputs. */
  readonly order: readonly string[];
  /** One node of every cycle, at which the order had to be broken. */
  readonly cut: ReadonlySet<string>;
  /** How many layers the longest way to a node has, the node itself included. */
  readonly depth: ReadonlyMap<string, number>;
  /** Nodes that feed nothing, in the order of the list. */
  readonly deadEnds: readonly string[];
  /** The dead end after the longest way; of several, the last in the list. Undefined where there is none. */
  readonly output: string | undefined;
}

/** Walks the graph once; linear in nodes and edges unless there are cycles (Kahn, 1962). */
export function structureOf(network: Network): Structure {
  const nodes = new Map(network.nodes.map((node) => [node.id, node]));
  const inputs = new Map<string, string[]>();
  const outputs = new Map<string, string[]>();
  for (const id of nodes.keys()) {
    inputs.set(id, []);
    outputs.set(id, []);
  }
  for (const { source, target } of network.edges) {
    if (!nodes.has(source) || !nodes.has(target)) continue;
    inputs.get(target)!.push(source);
    outputs.get(source)!.push(target);
  }
  const { order, cut } = orderOf([...nodes.keys()], inputs, outputs);
  const depth = new Map<string, number>();
  for (const id of order) {
    depth.set(id, 1 + Math.max(0, ...inputs.get(id)!.map((source) => depth.get(source) ?? 0)));
  }
  const deadEnds = [...nodes.keys()].filter((id) => outputs.get(id)!.length === 0);
  const output = deadEnds.reduce<string | undefined>(
    (best, id) => (best === undefined || depth.get(id)! >= depth.get(best)! ? id : best),
    undefined,
  );
  return { nodes, inputs, outputs, order, cut, depth, deadEnds, output };
}

type Links = ReadonlyMap<string, readonly string[]>;

function orderOf(ids: readonly string[], inputs: Links, outputs: Links) {
  const missing = new Map(ids.map((id) => [id, inputs.get(id)!.length]));
  const order: string[] = [];
  const cut = new Set<string>();
  const ready = ids.filter((id) => missing.get(id) === 0);
  for (;;) {
    for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
      order.push(id);
      missing.delete(id);
      for (const target of outputs.get(id)!) {
        const left = missing.get(target);
        if (left === undefined) continue;
        missing.set(target, left - 1);
        if (left === 1) ready.push(target);
      }
    }
    const stuck = ids.find((id) => missing.has(id));
    if (stuck === undefined) return { order, cut };
    const first = firstOnCycle(stuck, ids, inputs, missing);
    cut.add(first);
    ready.push(first);
  }
}

/** Walks back from a node that waits for a cycle until a node repeats, and answers the cycle's first in the list. */
function firstOnCycle(
  from: string,
  ids: readonly string[],
  inputs: Links,
  missing: ReadonlyMap<string, number>,
): string {
  const path: string[] = [];
  const seen = new Set<string>();
  let at = from;
  while (!seen.has(at)) {
    seen.add(at);
    path.push(at);
    at = inputs.get(at)!.find((source) => missing.has(source))!;
  }
  const cycle = new Set(path.slice(path.indexOf(at)));
  return ids.find((id) => cycle.has(id))!;
}

/** Whether a way along the edges leads from one node to another; every node reaches itself. */
export function reaches(network: Network, from: string, to: string): boolean {
  const targets = new Map<string, string[]>();
  for (const { source, target } of network.edges) {
    const list = targets.get(source);
    if (list) list.push(target);
    else targets.set(source, [target]);
  }
  const seen = new Set([from]);
  for (const id of seen) {
    if (id === to) return true;
    for (const target of targets.get(id) ?? []) seen.add(target);
  }
  return false;
}
