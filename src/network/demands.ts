/**
 * What the task asks of a network that is fine by itself: its input takes the data set's images, it has one output, and
 * that output has a value for each class in the form that the loss wants.
 */
import { checkParam, type ParamValues } from '../core/params';
import { problem, type Problem, type Repair } from '../core/problem';
import { feeds, formatShape, sameShape, sizeOf, type Shape } from '../core/shape';
import { layerOf } from '../layers';
import type { NetworkNode } from './network';
import { inputsOf, type NodeAnalysis } from './shapes';
import type { Structure } from './structure';

/** What the network is for: the examples and the loss. */
export interface Task {
  /** Of one example. */
  readonly inputShape: Shape;
  readonly classes: number;
  /** "categoricalCrossentropy" or "meanSquaredError". */
  readonly loss: string;
  /** The data set's name in messages: "MNIST". */
  readonly datasetLabel: string;
}

type Nodes = ReadonlyMap<string, NodeAnalysis>;
type Found = readonly [nodeId: string, problem: Problem];

/** Activations that nobody puts on an output by choice: a Dense layer with one of them is a hidden layer. */
const hiddenActivations: readonly unknown[] = ['relu', 'elu', 'tanh', 'softplus', 'softsign'];

/** The Problem of the Input layer that does not take the data set's images. */
export function inputDemand(structure: Structure, nodes: Nodes, task: Task): readonly Found[] {
  const id = inputsOf(structure)[0];
  const shape = id === undefined ? undefined : nodes.get(id)?.outputShape;
  if (id === undefined || !shape || feeds(task.inputShape, shape)) return [];
  const vector = shape.length === 1;
  const params: ParamValues = vector ? { size: sizeOf(task.inputShape) } : { shape: task.inputShape };
  const schema = layerOf(structure.nodes.get(id)!.kind).params;
  const repairable = Object.entries(params).every(([key, value]) => {
    const spec = schema[key];
    return spec !== undefined && checkParam(spec, value) === undefined;
  });
  const wanted = formatShape(vector ? [sizeOf(task.inputShape)] : task.inputShape);
  const examples = `The examples of ${task.datasetLabel} are ${formatShape(task.inputShape)}`;
  const message = vector
    ? `${examples}, ${wanted} values each; Input takes a vector of ${formatShape(shape)}.`
    : `${examples}; Input takes ${formatShape(shape)}.`;
  const repair: Repair = { type: 'setParams', params, label: `Use ${wanted}` };
  return [[id, problem('inputShape', message, repairable ? repair : undefined)]];
}

/** A Problem for each dead end besides the output. */
export function unusedOutputs(structure: Structure, nodes: Nodes): readonly Found[] {
  const { output, deadEnds } = structure;
  if (output === undefined) return [];
  return deadEnds
    .filter((id) => id !== output && nodes.get(id)?.status === 'ok')
    .map((id) => {
      const { label } = layerOf(structure.nodes.get(id)!.kind);
      const message = `Nothing uses the output of this ${label}; the network ends in ${structure.nodes.get(output)!.name}. Connect it or remove it.`;
      return [id, problem('unusedOutput', message, { type: 'remove', label: `Remove ${label}` })];
    });
}

/** The Problem of an output that does not answer the task, on the layer where it is mended. */
export function outputDemand(structure: Structure, nodes: Nodes, task: Task): readonly Found[] {
  const id = structure.output;
  const facts = id === undefined ? undefined : nodes.get(id);
  if (id === undefined || facts?.status !== 'ok' || !facts.outputShape) return [];
  if (!sameShape(facts.outputShape, [task.classes]))
    return [sizeDemand(id, facts.outputShape, structure, task)];
  const node = structure.nodes.get(id)!;
  if (task.loss !== 'categoricalCrossentropy' || node.params['activation'] === 'softmax') return [];
  return [[id, softmaxDemand(node)]];
}

function sizeDemand(id: string, shape: Shape, structure: Structure, task: Task): Found {
  const classes = `${task.datasetLabel} has ${task.classes} classes`;
  const source = weightedLayer(id, structure);
  const { kind, params } = structure.nodes.get(source)!;
  const { label, params: schema } = layerOf(kind);
  if (shape.length === 1 && schema['units'] && !hiddenActivations.includes(params['activation']))
    return [
      source,
      problem('classes', `${classes}; this ${label} gives ${formatShape(shape)} values.`, {
        type: 'setParams',
        params: { units: task.classes },
        label: `Use ${task.classes} units`,
      }),
    ];
  return [
    id,
    problem(
      'noOutputLayer',
      `${classes}, so the network must end in a vector of ${task.classes}; it ends in ${formatShape(shape)}.`,
      {
        type: 'appendAfter',
        kind: 'dense',
        params: { units: task.classes, activation: 'softmax' },
        label: 'Add the output layer',
      },
    ),
  ];
}

/** The layer that gives the output its size: activations and dropout after it leave the size as it is. */
function weightedLayer(output: string, structure: Structure): string {
  let id = output;
  for (;;) {
    const { group } = layerOf(structure.nodes.get(id)!.kind);
    const before = structure.inputs.get(id)![0];
    if ((group !== 'activation' && group !== 'regularization') || before === undefined) return id;
    id = before;
  }
}

function softmaxDemand(node: NetworkNode): Problem {
  const { label, params } = layerOf(node.kind);
  const spec = params['activation'];
  const takesSoftmax = spec?.type === 'choice' && spec.options.includes('softmax');
  const ends = takesSoftmax ? `${label} with ${String(node.params['activation'])}` : label;
  return problem(
    'softmax',
    `Categorical cross-entropy needs probabilities, so the network must end in softmax; it ends in ${ends}.`,
    takesSoftmax
      ? { type: 'setParams', params: { activation: 'softmax' }, label: 'Use softmax' }
      : { type: 'appendAfter', kind: 'activation', params: { activation: 'softmax' }, label: 'Add softmax' },
  );
}
