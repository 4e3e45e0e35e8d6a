/**
 * A decoded Core ML model as a project: its network, weights, training and everything that is kept about its file. What
 * has no place in a project is a note; what makes no project at all is refused.
 */
import { datasets } from '../../../datasets';
import { sameShape, sizeOf, type Shape } from '../../../core/shape';
import type { DecodedModel } from '../../../coreml/codec';
import { foreignModels } from '../../../coreml/foreign';
import type { Model, NeuralNetwork, NeuralNetworkClassifier } from '../../../coreml/model';
import { analyze } from '../../../network/analyze';
import { weightsFit } from '../../../network/weights';
import type { KeptLabels } from '../../../project/coremlSettings';
import { newProject, type Project } from '../../../project/project';
import type { Imported } from '../../defineImport';
import { classLabelsOf } from '../describe';
import { factsOf } from './facts';
import { readGraph, type ReadGraph } from './graph';
import { interfaceOf, type ModelInterface } from './interface';
import { Notes } from './notes';
import { pixelLayer } from './pixels';
import { FileRefused, shortened } from './refused';
import { settingsOf } from './settings';
import { trainingOf, type FileTraining } from './training';
import { frozenLayers } from './types';
import { foreignTypes, noteUnknownFields } from './unknown';

/**
 * @param name what the project is called.
 * @param joined indices of unknown layers that are left out with their neighbours joined.
 * @throws FileRefused
 */
export function readModel(decoded: DecodedModel, name: string, joined: ReadonlySet<number>): Imported {
  const { model } = decoded;
  const notes = new Notes();
  const network = networkOf(decoded, notes);
  const face = interfaceOf(model, network, notes);
  const training = trainingOf(network.updateParams, notes);
  const dataset = datasets.find(({ shape }) => takes(face.input.shape, shape));
  const { scale, label, classLabels, id: datasetId } = dataset ?? datasets[0]!;
  if (!dataset)
    notes.note(
      `It takes ${face.input.shape.join('×')}; Layerpad has ${datasets.map((one) => `${one.label} of ${one.shape.join('×')}`).join(', ')}. ` +
        `It cannot be trained or evaluated here until a data set fits.`,
    );
  const source = {
    layers: network.layers,
    foreign: foreignTypes(decoded),
    input: face.input,
    read: new Set([face.blob, training.loss?.input ?? face.blob]),
    scale: pixelLayer(network.preprocessing ?? [], face, scale, notes),
  };
  const graph = readGraph({ ...source, joined }, notes);
  // What would fit is only known once it is joined.
  const trial =
    graph.unknown.length === 0
      ? graph
      : readGraph({ ...source, joined: new Set(graph.unknown.map(({ index }) => index)) }, new Notes());
  noteUnknownFields(decoded, network.layers, notes);
  noteEnds(model, face, training, graph, notes);

  const frozen = model.isUpdatable
    ? frozenLayers(network.layers, {
        type: training.settings.loss === 'meanSquaredError' ? 'meanSquaredError' : 'categoricalCrossEntropy',
        input: training.loss?.input ?? face.blob,
      })
    : new Set<string>();
  const nodes = graph.network.nodes.map((node) =>
    graph.origin.get(node.id)?.some((layer) => frozen.has(layer.name)) ? { ...node, trainable: false } : node,
  );
  const project: Project = {
    ...newProject(),
    name: name.trim().slice(0, 80) || 'Core ML model',
    datasetId,
    network: { ...graph.network, nodes },
    settings: training.settings,
    coreml: settingsOf(model, face, training, graph, scale, keptLabels(face, classLabels, notes), notes),
  };
  const task = {
    inputShape: (dataset ?? datasets[0]!).shape,
    classes: classLabels.length,
    loss: training.settings.loss,
    datasetLabel: label,
  };
  const { compiled, problems } = analyze(project.network, task);
  const whole = compiled !== undefined && weightsFit(compiled, graph.weights);
  if (!whole && Object.keys(graph.weights).length > 0)
    notes.lost(
      `The weights cannot be kept, for the network is not complete as it opens` +
        `${problems[0] ? `: ${problems[0].problem.message}` : '.'} Once it is, it starts from new ones.`,
    );
  return {
    project,
    weights: graph.weights,
    ...(whole ? { compiled } : undefined),
    facts: factsOf(project, graph, model),
    notes: notes.all,
    unknown: graph.unknown.map(({ index, name: layer, type, reason }, i) => ({
      index,
      name: layer,
      type,
      reason,
      joinable: trial.unknown[i]?.fits ?? false,
      joined: joined.has(index) && (trial.unknown[i]?.fits ?? false),
    })),
  };
}

/** Whether an input takes the images of a data set: as they are, or as vectors. */
function takes(input: Shape, images: Shape): boolean {
  return sameShape(input, images) || (input.length === 1 && input[0] === sizeOf(images));
}

/** The network of the model, of whichever of the three kinds. */
function networkOf(
  { model, unknown }: DecodedModel,
  notes: Notes,
): NeuralNetwork & Partial<NeuralNetworkClassifier> {
  if (model.neuralNetworkRegressor)
    notes.note('The file is a regressor. It opens as a network, and is written again as one.');
  const network = model.neuralNetwork ?? model.neuralNetworkClassifier ?? model.neuralNetworkRegressor;
  if (network) return network;
  const kind = unknown.find(({ message, number }) => message === 'Model' && foreignModels.has(number));
  throw new FileRefused(
    `${kind ? `The model is of the kind ${foreignModels.get(kind.number)}` : 'The model states no kind'}. ` +
      `Layerpad opens neural networks: the kinds neuralNetwork, neuralNetworkClassifier and neuralNetworkRegressor.`,
  );
}

function noteEnds(
  model: Model,
  face: ModelInterface,
  training: FileTraining,
  graph: ReadGraph,
  notes: Notes,
): void {
  if (graph.nodeOf(face.blob) === undefined && graph.unknown.length === 0)
    throw new FileRefused(`No layer of the model makes its output "${shortened(face.blob)}".`);
  if (training.loss && training.loss.input !== face.blob)
    notes.lost(
      `The loss reads "${shortened(training.loss.input)}" and not the output "${shortened(face.blob)}"; here it reads the output.`,
    );
  if (!model.isUpdatable)
    notes.note(
      'The file does not learn on a device. Layers that Core ML can train will, once it is written again.',
    );
  if (model.specificationVersion < 4)
    notes.note(
      `The file is of specification version ${model.specificationVersion}; it is written again as 4, which came with ` +
        `iOS 13.`,
    );
}

/** The labels of a classifier that are written again though they are not the data set's. */
function keptLabels(
  { labels }: ModelInterface,
  classLabels: readonly string[],
  notes: Notes,
): KeptLabels | undefined {
  if (!labels) return undefined;
  const own = classLabelsOf(classLabels);
  const here = 'int64' in own ? own.int64.map(String) : own.string;
  const file = labels.values.map(String);
  if (file.join('\n') === here.join('\n')) return labels.type in own ? undefined : labels;
  const list = (texts: readonly string[]) =>
    `${texts.slice(0, 6).map(shortened).join(', ')}${texts.length > 6 ? ', …' : ''}`;
  const sameOnes = [...file].sort().join('\n') === [...here].sort().join('\n');
  if (sameOnes || file.length !== here.length) {
    notes.lost(
      `Its class labels (${list(file)}) are not those of the data set here (${list(here)}), which are written again.`,
    );
    return undefined;
  }
  notes.note(
    `Its class labels (${list(file)}) are kept. Training and testing here takes them for ${list(here)}, in this order.`,
  );
  return labels;
}
