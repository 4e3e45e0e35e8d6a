/**
 * Shapes, weights and work of every layer, as far as they can be known, and the Problems that come from the graph and
 * the layers themselves. What the data set asks of the network is not here but in `demands.ts`.
 */
import { parseParams, type ParamValues } from '../core/params';
import { isProblem, problem, type Problem } from '../core/problem';
import { sizeOf, type Shape } from '../core/shape';
import { isLayerKind, layerOf } from '../layers';
import type { LayerDefinition, WeightSpec } from '../layers/defineLayer';
import type { NetworkNode } from './network';
import type { Structure } from './structure';

export interface NodeAnalysis {
  /** `problem`: the origin of one. `waiting`: fine by itself, but it comes after a problem. */
  readonly status: 'ok' | 'problem' | 'waiting';
  /** In the order of its inputs; empty unless all are known. */
  readonly inputShapes: readonly Shape[];
  /** Given wherever it can be computed, also where the node has a problem of another sort. */
  readonly outputShape?: Shape;
  readonly parameters: number;
  /** Of one example, forward. */
  readonly multiplyAdds: number;
  readonly weights: readonly WeightSpec[];
  readonly problem?: Problem;
}

export interface Shapes {
  readonly nodes: Map<string, NodeAnalysis>;
  /** The graph itself is unfinished: layers lack inputs, or there is not exactly one Input. */
  readonly unfinished: boolean;
}

/** Walks the graph in its order. Never throws; linear in its size. */
export function inferShapes(structure: Structure): Shapes {
  const nodes = new Map<string, NodeAnalysis>();
  const inputs = inputsOf(structure);
  let unfinished = inputs.length !== 1;
  for (const id of structure.order) {
    const node = structure.nodes.get(id)!;
    const wrong = graphProblem(node, structure, inputs);
    unfinished ||= wrong !== undefined;
    nodes.set(id, analyzeNode(node, structure, nodes, wrong));
  }
  markDuplicateNames(structure, nodes);
  return { nodes, unfinished };
}

/** The Input layers, the one that counts first: the first that feeds something, else the first. */
export function inputsOf(structure: Structure): readonly string[] {
  const isInput = (id: string): boolean => {
    const { kind } = structure.nodes.get(id)!;
    return isLayerKind(kind) && layerOf(kind).inputs.max === 0;
  };
  const all = [...structure.nodes.keys()].filter(isInput);
  const main = all.find((id) => structure.outputs.get(id)!.length > 0);
  return main === undefined ? all : [main, ...all.filter((id) => id !== main)];
}

/** What is wrong with a node before any shape is known. */
function graphProblem(
  node: NetworkNode,
  structure: Structure,
  inputs: readonly string[],
): Problem | undefined {
  if (!isLayerKind(node.kind))
    return problem('unknownKind', `This version knows no layer of the kind "${String(node.kind)}".`, {
      type: 'remove',
      label: 'Remove the layer',
    });
  const { label, inputs: arity } = layerOf(node.kind);
  if (structure.cut.has(node.id))
    return problem(
      'cycle',
      `${label} feeds itself through the layers after it. Remove one of the connections.`,
    );
  if (inputs.includes(node.id) && inputs[0] !== node.id)
    return problem('severalInputs', 'A network has one Input layer; this is another one.', {
      type: 'remove',
      label: 'Remove this Input',
    });
  return countProblem(label, arity, structure.inputs.get(node.id)!.length, inputs.length > 0);
}

function countProblem(
  label: string,
  arity: LayerDefinition['inputs'],
  count: number,
  hasInput: boolean,
): Problem | undefined {
  if (count === 0 && arity.min > 0)
    return hasInput
      ? problem('notConnected', `${label} needs a layer before it, and none is connected. Connect one to it.`)
      : undefined;
  if (count < arity.min)
    return problem(
      'tooFewInputs',
      `${label} needs at least ${arity.min} layers before it; it has ${count}. Connect another one to it.`,
    );
  if (count > arity.max)
    return problem(
      'tooManyInputs',
      `${label} takes ${arity.max === 0 ? 'no layer' : arity.max === 1 ? 'one layer' : `at most ${arity.max} layers`} ` +
        `before it; it has ${count}. Remove a connection.`,
    );
  return undefined;
}

function analyzeNode(
  node: NetworkNode,
  structure: Structure,
  before: ReadonlyMap<string, NodeAnalysis>,
  wrong: Problem | undefined,
): NodeAnalysis {
  const bare = { inputShapes: [], parameters: 0, multiplyAdds: 0, weights: [] };
  if (wrong && wrong.code !== 'severalInputs') return { ...bare, status: 'problem', problem: wrong };
  const definition = layerOf(node.kind);
  const badParams = paramsProblem(definition, node.params);
  if (badParams) return { ...bare, status: 'problem', problem: badParams };

  const sources = structure.inputs.get(node.id)!;
  const inputShapes = sources.map((id) => before.get(id)?.outputShape).filter((shape) => shape !== undefined);
  const settled = sources.every((id) => before.get(id)?.status === 'ok');
  const known = inputShapes.length === sources.length && sources.length >= definition.inputs.min;
  if (!known) return { ...bare, status: 'waiting' };

  const output = definition.outputShape(inputShapes, node.params);
  if (isProblem(output))
    return settled
      ? { ...bare, inputShapes, status: 'problem', problem: output }
      : { ...bare, inputShapes, status: 'waiting' };
  const weights = definition.weights?.(inputShapes, node.params) ?? [];
  const facts = {
    inputShapes,
    outputShape: output,
    weights,
    parameters: weights.reduce((sum, weight) => sum + sizeOf(weight.shape), 0),
    multiplyAdds: definition.multiplyAdds?.(inputShapes, node.params, output) ?? 0,
  };
  if (wrong) return { ...facts, status: 'problem', problem: wrong };
  return { ...facts, status: settled ? 'ok' : 'waiting' };
}

function paramsProblem(definition: LayerDefinition, params: ParamValues): Problem | undefined {
  const { values, errors } = parseParams(definition.params, params);
  const missing = Object.keys(definition.params).some((key) => params?.[key] === undefined);
  if (errors.length === 0 && !missing) return undefined;
  return problem('params', errors[0] ?? `${definition.label} lacks some of its settings.`, {
    type: 'setParams',
    params: values,
    label: 'Use the default',
  });
}

/** Weights are kept by the names of layers, so a second layer of one name cannot be. */
function markDuplicateNames(structure: Structure, nodes: Map<string, NodeAnalysis>): void {
  const seen = new Set<string>();
  for (const { id, name } of structure.nodes.values()) {
    const facts = nodes.get(id)!;
    if (seen.has(name) && facts.status === 'ok')
      nodes.set(id, {
        ...facts,
        status: 'problem',
        problem: problem(
          'duplicateName',
          `Another layer is named "${name}" too. Give this one a name of its own.`,
        ),
      });
    seen.add(name);
  }
}
