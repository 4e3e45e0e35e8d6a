/**
 * What a Core ML file of a project will be: its names, its layers, and what of it trains on the device. The notes before
 * saving and the file itself both come from this one plan, so they cannot disagree.
 */
import { judge, type Judgement, type LossInput } from '../../coreml/rules';
import type { ExportSource } from '../defineFormat';
import { writeGraph, type WrittenGraph } from './graph';
import type { CoreMLOptions } from './options';

/** Names that the file uses besides those of layers. Swift meets them as properties of the model's classes. */
export interface FeatureNames {
  readonly input: string;
  /** The output, and the blob that holds it. For a classifier the probabilities. */
  readonly output: string;
  /** A classifier's label. */
  readonly label: string;
  /** What the loss compares the output with. */
  readonly target: string;
  readonly loss: string;
}

export interface Plan {
  readonly names: FeatureNames;
  readonly graph: WrittenGraph;
  readonly loss: LossInput;
  readonly judgement: Judgement;
  /** Why the file as a whole cannot be trained on the device, whatever its layers are; undefined where it can. */
  readonly refused: string | undefined;
  /** Names of the written layers that train. None: the file is written as a fixed model. */
  readonly trains: ReadonlySet<string>;
}

/** Plans the file. The source has all weights, and its layers have no gap. */
export function planOf(source: ExportSource, options: CoreMLOptions): Plan {
  const output = options.modelType === 'classifier' ? 'classProbability' : 'output';
  const names: FeatureNames = {
    input: 'image',
    output,
    label: 'classLabel',
    target: `${output}_true`,
    loss: 'lossLayer',
  };
  const graph = writeGraph(source.network, source.weights, {
    input: names.input,
    output: names.output,
    taken: [names.label, names.target, names.loss],
  });
  const loss: LossInput = {
    type: source.settings.loss === 'meanSquaredError' ? 'meanSquaredError' : 'categoricalCrossEntropy',
    input: names.output,
  };
  const judgement = judge(graph.layers, loss);
  const refused = judgement.lossRefused ?? refusalOf(source, options, loss);
  const trained = refused === undefined ? judgement.verdicts.filter(({ fate }) => fate === 'trains') : [];
  return { names, graph, loss, judgement, refused, trains: new Set(trained.map(({ layer }) => layer)) };
}

/** Why the target of the loss cannot be stated, or undefined. */
function refusalOf(source: ExportSource, options: CoreMLOptions, loss: LossInput): string | undefined {
  if (loss.type === 'categoricalCrossEntropy')
    return source.network.outputShape.length === 1
      ? undefined
      : `Cross-entropy compares one flat vector with a class; the network ends in an image of ` +
          `${source.network.outputShape.join('×')}. End it with Flatten and a Dense layer with softmax.`;
  return options.modelType === 'classifier'
    ? 'A classifier is trained with class labels, but mean squared error compares arrays of numbers. Choose the model ' +
        'type network, or categorical cross-entropy.'
    : undefined;
}
