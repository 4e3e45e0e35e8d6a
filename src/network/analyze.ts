/**
 * Everything that can be said about a network without running it: shapes, counts, Problems, and the compiled network
 * once there are none. An unfinished network is the usual state; nothing here throws.
 */
import { problem, type Problem } from '../core/problem';
import { sizeOf } from '../core/shape';
import { isLayerKind, layerOf } from '../layers';
import type { CompiledNetwork } from './compiled';
import { compiledLayers } from './compiledLayers';
import { inputDemand, outputDemand, unusedOutputs, type Task } from './demands';
import type { Network } from './network';
import { inferShapes, type NodeAnalysis } from './shapes';
import { structureOf, type Structure } from './structure';

export type { Task } from './demands';
export type { NodeAnalysis } from './shapes';

export interface Analysis {
  /** One for every node of the network. */
  readonly nodes: ReadonlyMap<string, NodeAnalysis>;
  /** Of all layers whose shapes are known, statistics included, as Keras counts them. */
  readonly parameters: number;
  /** Those of them that training moves: neither frozen nor statistics. */
  readonly trainableParameters: number;
  /** Of one example, forward, of all layers whose shapes are known. */
  readonly multiplyAdds: number;
  /** Each once: those of the whole network first, then in the order in which the layers are computed. */
  readonly problems: readonly { readonly nodeId?: string; readonly problem: Problem }[];
  /** Present exactly when there are no problems. */
  readonly compiled?: CompiledNetwork;
}

/** Analyzes a network for a task. Pure; it takes every graph, also one with cycles or edges that point nowhere. */
export function analyze(network: Network, task: Task): Analysis {
  const structure = structureOf(network);
  const { nodes, unfinished } = inferShapes(structure);
  mark(nodes, inputDemand(structure, nodes, task));
  mark(nodes, memoryDemand(structure, nodes));
  if (!unfinished) {
    letWait(structure, nodes);
    mark(nodes, unusedOutputs(structure, nodes));
    mark(nodes, outputDemand(structure, nodes, task));
  }
  letWait(structure, nodes);

  const problems = [
    ...networkProblems(network, structure).map((found) => ({ problem: found })),
    ...structure.order.flatMap((nodeId) => {
      const found = nodes.get(nodeId)!.problem;
      return found ? [{ nodeId, problem: found }] : [];
    }),
  ];
  const sum = (key: 'parameters' | 'multiplyAdds'): number =>
    [...nodes.values()].reduce((total, node) => total + node[key], 0);
  const analysis = {
    nodes,
    parameters: sum('parameters'),
    trainableParameters: countTrainable(structure, nodes),
    multiplyAdds: sum('multiplyAdds'),
    problems,
  };
  return problems.length > 0 ? analysis : { ...analysis, compiled: compile(structure, analysis) };
}

function countTrainable(structure: Structure, nodes: ReadonlyMap<string, NodeAnalysis>): number {
  const specs = [...structure.nodes].flatMap(([id, { trainable = true }]) =>
    trainable ? nodes.get(id)!.weights.filter((spec) => spec.trainable) : [],
  );
  return specs.reduce((total, { shape }) => total + sizeOf(shape), 0);
}

type Found = readonly (readonly [nodeId: string, problem: Problem])[];

/** Puts Problems on nodes that have none yet. */
function mark(nodes: Map<string, NodeAnalysis>, found: Found): void {
  for (const [id, demand] of found) {
    const facts = nodes.get(id)!;
    if (!facts.problem) nodes.set(id, { ...facts, status: 'problem', problem: demand });
  }
}

/** What comes after a problem waits. */
function letWait(structure: Structure, nodes: Map<string, NodeAnalysis>): void {
  for (const id of structure.order) {
    const facts = nodes.get(id)!;
    const settled = structure.inputs.get(id)!.every((source) => nodes.get(source)!.status === 'ok');
    if (facts.status === 'ok' && !settled) nodes.set(id, { ...facts, status: 'waiting' });
  }
}

/** Weights that a browser can hold next to their gradients and Adam's two moments: 1.6 GB of floats. */
const MOST_PARAMETERS = 100_000_000;

/** A network that would not fit into memory is a problem of its largest layer. */
function memoryDemand(structure: Structure, nodes: ReadonlyMap<string, NodeAnalysis>): Found {
  const parametersOf = (id: string): number => nodes.get(id)!.parameters;
  const total = structure.order.reduce((sum, id) => sum + parametersOf(id), 0);
  if (total <= MOST_PARAMETERS) return [];
  const largest = structure.order.reduce((best, id) => (parametersOf(id) > parametersOf(best) ? id : best));
  const count = (n: number): string => n.toLocaleString('en-US');
  const message =
    `The network has ${count(total)} parameters, most of them here; up to ${count(MOST_PARAMETERS)} fit into memory. ` +
    'Use fewer units or filters, or make the image smaller before this layer.';
  return [[largest, problem('tooLarge', message)]];
}

function networkProblems(network: Network, structure: Structure): readonly Problem[] {
  const found: Problem[] = [];
  const hasInput = network.nodes.some(({ kind }) => isLayerKind(kind) && layerOf(kind).inputs.max === 0);
  if (network.nodes.length === 0)
    found.push(problem('noInput', 'The network is empty. Start with an Input layer.'));
  else if (!hasInput)
    found.push(problem('noInput', 'The network has no Input layer, where the examples enter. Add one.'));
  if (structure.nodes.size < network.nodes.length)
    found.push(
      problem('duplicateId', 'Two layers of this network have the same id, so one of them is hidden.'),
    );
  return found;
}

function compile(structure: Structure, analysis: Omit<Analysis, 'compiled'>): CompiledNetwork {
  const layers = compiledLayers(structure, analysis.nodes, structure.order);
  return {
    layers,
    inputShape: layers[0]!.outputShape,
    outputShape: layers.at(-1)!.outputShape,
    parameters: analysis.parameters,
    multiplyAdds: analysis.multiplyAdds,
  };
}
