/**
 * The format Core ML (.mlmodel): a neural network that iPhones and iPads run and, where Core ML allows, train further.
 * This file is the format's entry; its parts are in `coreml/`.
 */
import type { Model, NeuralNetwork } from '../coreml/model';
import type { NeuralNetworkLayer, WeightParams } from '../coreml/messages';
import { specificationVersion } from '../coreml/version';
import { classLabelsOf, describe } from './coreml/describe';
import { gapsOf } from './coreml/gaps';
import { notesOf } from './coreml/notes';
import { coremlOptions, type CoreMLOptions } from './coreml/options';
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
  options: coremlOptions,
  metadata: [
    { key: 'description', label: 'Description', default: '' },
    { key: 'version', label: 'Version', default: '1.0' },
    { key: 'author', label: 'Author', default: '' },
    { key: 'license', label: 'License', default: '' },
  ],
  inspect(source, options) {
    const gaps = gapsOf(source, options);
    if (gaps.length > 0) return gaps;
    const plan = planOf(source, options);
    return plan.graph.producesOutput ? notesOf(source, options, plan) : [EMPTY];
  },
  async write(source, options, metadata) {
    const model = modelOf(source, options, metadata);
    const { encodeModel } = await import('../coreml/codec');
    return encodeModel(model);
  },
});

/**
 * The model as plain messages.
 * @throws Error with the first gap's sentence where it cannot be written.
 */
export function modelOf(
  source: ExportSource,
  options: CoreMLOptions,
  metadata: Readonly<Record<string, string>>,
): Model {
  const [gap] = gapsOf(source, options);
  if (gap) throw new Error(gap.layer ? `${gap.layer}: ${gap.message}` : gap.message);
  const plan = planOf(source, options);
  if (!plan.graph.producesOutput) throw new Error(EMPTY.message);
  const network: NeuralNetwork = {
    layers: plan.graph.layers.map((layer) => (plan.trains.has(layer.name) ? updatable(layer) : layer)),
    ...(options.input === 'image'
      ? { preprocessing: [{ featureName: plan.names.input, scaler: { channelScale: source.dataset.scale } }] }
      : undefined),
    ...(plan.trains.size > 0
      ? { updateParams: updateParameters(source.settings, options, plan) }
      : undefined),
  };
  return {
    specificationVersion: specificationVersion(network.layers).number,
    description: describe(source, options, plan, metadata),
    isUpdatable: plan.trains.size > 0,
    ...(options.modelType === 'classifier'
      ? { neuralNetworkClassifier: classifierOf(network, source, plan) }
      : { neuralNetwork: network }),
  };
}

function classifierOf(network: NeuralNetwork, { dataset }: ExportSource, plan: Plan) {
  const labels = classLabelsOf(dataset.classLabels);
  return {
    ...network,
    ...('int64' in labels
      ? { int64ClassLabels: { vector: [...labels.int64] } }
      : { stringClassLabels: { vector: [...labels.string] } }),
    labelProbabilityLayerName: plan.names.output,
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
