/**
 * The format Core ML (.mlmodel): a neural network that iPhones and iPads run and, where Core ML allows, train further.
 * This file is the format's entry; its parts are in `coreml/`.
 */
import type { Model, NeuralNetwork } from '../coreml/model';
import { brokenRules, type BrokenRule } from '../coreml/fileRules';
import type { NeuralNetworkLayer, WeightParams } from '../coreml/messages';
import { specificationVersion } from '../coreml/version';
import { describe, labelsOf } from './coreml/describe';
import { gapsOf } from './coreml/gaps';
import { notesOf } from './coreml/notes';
import { planOf, type Plan } from './coreml/plan';
import { updateParameters } from './coreml/update';
import { defineFormat, type ExportNote, type ExportSource } from './defineFormat';

const EMPTY: ExportNote = {
  severity: 'gap',
  message:
    'The network has no layer that Core ML could compute: its output is its input. Add a layer that computes something.',
};

export const coreml = defineFormat({
  id: 'coreml',
  label: 'Core ML (.mlmodel)',
  extension: '.mlmodel',
  mimeType: 'application/octet-stream',
  documentation: 'Runs on iPhone, iPad and Mac, and can go on learning there with the data of the device.',
  options: {},
  inspect(source) {
    const gaps = gapsOf(source);
    if (gaps.length > 0) return gaps;
    const plan = planOf(source);
    if (!plan.graph.producesOutput) return [EMPTY];
    const notes = notesOf(source, plan);
    if (notes.some(({ severity }) => severity === 'gap')) return notes;
    return [...brokenRules(draftModel(source, plan)).map(brokenNote), ...notes];
  },
  async write(source) {
    const model = modelOf(source);
    const { encodeModel } = await import('../coreml/codec');
    return encodeModel(model);
  },
});

/** A rule that a file would break; the person can choose what mends it in the dialog or in the network. */
function brokenNote({ message }: BrokenRule): ExportNote {
  return { severity: 'gap', message: `Core ML would refuse the file. ${message}` };
}

/**
 * The model as plain messages, checked by all rules.
 * @throws Error with the first gap's sentence where it cannot be written.
 */
export function modelOf(source: ExportSource): Model {
  const [gap] = gapsOf(source);
  if (gap) throw new Error(gap.layer ? `${gap.layer}: ${gap.message}` : gap.message);
  const plan = planOf(source);
  if (!plan.graph.producesOutput) throw new Error(EMPTY.message);
  const model = draftModel(source, plan);
  const [broken] = brokenRules(model);
  if (broken) throw new Error(brokenNote(broken).message);
  return model;
}

function draftModel(source: ExportSource, plan: Plan): Model {
  const { coreml: choices, dataset } = source;
  const network: NeuralNetwork = {
    layers: plan.graph.layers.map((layer) => (plan.trains.has(layer.name) ? updatable(layer) : layer)),
    ...(choices.input === 'image'
      ? { preprocessing: [{ featureName: plan.names.input, scaler: { channelScale: dataset.scale } }] }
      : undefined),
    ...(plan.trains.size > 0 ? { updateParams: updateParameters(source, plan) } : undefined),
  };
  return {
    specificationVersion: Math.max(specificationVersion(network.layers).number, choices.version ?? 0),
    description: describe(source, plan),
    isUpdatable: plan.trains.size > 0,
    ...(choices.modelType === 'classifier'
      ? { neuralNetworkClassifier: classifierOf(network, source, plan) }
      : { neuralNetwork: network }),
  };
}

function classifierOf(network: NeuralNetwork, source: ExportSource, plan: Plan) {
  const labels = labelsOf(source);
  return {
    ...network,
    ...('int64' in labels
      ? { int64ClassLabels: { vector: [...labels.int64] } }
      : { stringClassLabels: { vector: [...labels.string] } }),
    labelProbabilityLayerName: plan.blob,
  };
}

/** The layer, its weights and its bias flagged; Core ML wants all of them. */
function updatable(layer: NeuralNetworkLayer): NeuralNetworkLayer {
  const flag = <P extends { weights: WeightParams; bias?: WeightParams }>(params: P): P => ({
    ...params,
    weights: { ...params.weights, isUpdatable: true },
    ...(params.bias ? { bias: { ...params.bias, isUpdatable: true } } : undefined),
  });
  return {
    ...layer,
    isUpdatable: true,
    ...(layer.convolution ? { convolution: flag(layer.convolution) } : undefined),
    ...(layer.innerProduct ? { innerProduct: flag(layer.innerProduct) } : undefined),
  };
}
