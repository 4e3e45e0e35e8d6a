/** Small compiled networks for the tests of the Core ML export, made from layer definitions. For tests only. */
import { isProblem } from '../../core/problem';
import { sizeOf, type Shape } from '../../core/shape';
import { defaultsOf, type ParamValues } from '../../core/params';
import { brokenRules, type BrokenRule } from '../../coreml/fileRules';
import type { NeuralNetworkLayer } from '../../coreml/messages';
import type { Model, NeuralNetwork, NetworkUpdateParameters } from '../../coreml/model';
import type { DatasetDefinition } from '../../datasets/defineDataset';
import { layerOf, type LayerKind } from '../../layers';
import type { CompiledLayer, CompiledNetwork } from '../../network/compiled';
import { initialWeights } from '../../network/weights';
import { defaultTrainingSettings, type TrainingSettings } from '../../training/settings';
import { defaultCoreMLSettings, type CoreMLSettings } from '../../project/coremlSettings';
import type { ExportSource } from '../defineFormat';

export interface Step {
  readonly kind: LayerKind;
  readonly name?: string;
  readonly params?: ParamValues;
  /** Names of the layers that feed it. Missing: the one before. */
  readonly from?: readonly string[];
}

/** Compiles steps that are given in topological order; a layer without a name gets its kind's. */
export function compiled(...steps: readonly Step[]): CompiledNetwork {
  const layers: CompiledLayer[] = [];
  for (const step of steps) {
    const definition = layerOf(step.kind);
    const params = { ...defaultsOf(definition.params), ...step.params };
    const before = step.kind === 'input' ? [] : [layers.length - 1];
    const inputs = step.from?.map((name) => layers.findIndex((layer) => layer.name === name)) ?? before;
    const inputShapes = inputs.map((i) => layers[i]!.outputShape);
    const outputShape = definition.outputShape(inputShapes, params);
    if (isProblem(outputShape)) throw new Error(outputShape.message);
    layers.push({
      id: `node${layers.length}`,
      name: step.name ?? definition.autoName,
      kind: step.kind,
      params,
      trainable: true,
      inputs,
      inputShapes,
      outputShape,
      weights: definition.weights?.(inputShapes, params) ?? [],
      multiplyAdds: 0,
    });
  }
  return {
    layers,
    inputShape: layers[0]!.outputShape,
    outputShape: layers.at(-1)!.outputShape,
    parameters: layers.flatMap(({ weights }) => weights).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    multiplyAdds: 0,
  };
}

export const image = (shape: Shape = [28, 28, 1]): Step => ({ kind: 'input', params: { shape } });

export const conv = (name: string, params: ParamValues = {}): Step => ({ kind: 'conv2d', name, params });

export const dense = (name: string, units: number, activation = 'linear'): Step => ({
  kind: 'dense',
  name,
  params: { units, activation },
});

/** The reference network: 585,958 parameters. */
export const lenet = compiled(
  image(),
  conv('conv2d', { filters: 32, kernelSize: [3, 3], activation: 'relu' }),
  { kind: 'maxPooling2d', name: 'max_pooling2d' },
  conv('conv2d_1', { filters: 32, kernelSize: [2, 2], activation: 'relu' }),
  { kind: 'maxPooling2d', name: 'max_pooling2d_1' },
  { kind: 'flatten' },
  dense('dense', 500, 'relu'),
  dense('dense_1', 10, 'softmax'),
);

const digits: DatasetDefinition = {
  id: 'digits',
  label: 'Digits',
  documentation: '',
  shape: [28, 28, 1],
  scale: 1 / 255,
  classLabels: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  trainCount: 0,
  testCount: 0,
  licence: '',
  downloadBytes: 0,
  load: () => Promise.reject(new Error('These tests need no images.')),
};

export function sourceOf(
  network: CompiledNetwork,
  settings: Partial<TrainingSettings> = {},
  dataset: Partial<DatasetDefinition> = {},
  coreml: Partial<CoreMLSettings> = {},
): ExportSource {
  return {
    name: 'Test',
    network,
    weights: initialWeights(network, 1),
    settings: { ...defaultTrainingSettings, ...settings },
    dataset: { ...digits, ...dataset },
    coreml: { ...defaultCoreMLSettings, ...coreml },
  };
}

/** The source with other choices of the Core ML export. */
export const choose = (source: ExportSource, coreml: Partial<CoreMLSettings>): ExportSource => ({
  ...source,
  coreml: { ...source.coreml, ...coreml },
});

/** Spoils a model: itself, its network, and how it is trained. */
export type Breaking = (model: Model, network: NeuralNetwork, update: NetworkUpdateParameters) => unknown;

/** The rules that a copy of the model breaks once it is spoilt. */
export function brokenBy(by: Breaking, of: Model): readonly BrokenRule[] {
  const model = structuredClone(of);
  const network = (model.neuralNetwork ?? model.neuralNetworkClassifier)!;
  by(model, network, network.updateParams!);
  return brokenRules(model);
}

export const layerNamed = ({ layers }: NeuralNetwork, name: string): NeuralNetworkLayer =>
  layers.find((layer) => layer.name === name)!;
