/**
 * What a Core ML file of a project will be: its names, its layers, and what of it trains on the device. The notes before
 * saving and the file itself both come from this one plan, so they cannot disagree.
 */
import { judge, type Judgement, type LossInput } from '../../coreml/judge';
import type { CompiledLayer, CompiledNetwork, Weights } from '../../network/compiled';
import type { CoreMLSettings, ModelNames } from '../../project/coremlSettings';
import type { TrainingSettings } from '../../training/settings';
import { writeGraph, type WrittenGraph } from './graph';

export interface Plan {
  readonly names: ModelNames;
  /** Blob that holds the output: the feature's name, but for a classifier of a file that named it otherwise. */
  readonly blob: string;
  readonly graph: WrittenGraph;
  readonly loss: LossInput;
  readonly judgement: Judgement;
  /** Why the file as a whole cannot be trained on the device, whatever its layers are; undefined where it can. */
  readonly refused: string | undefined;
  /** Names of the written layers that train. None: the file is written as a fixed model. */
  readonly trains: ReadonlySet<string>;
}

/** The names of the project's file: those of the file that it was opened from, or the export's own. */
export function namesOf({ names, modelType }: CoreMLSettings): ModelNames {
  if (names) return names;
  const output = modelType === 'classifier' ? 'classProbability' : 'output';
  return { input: 'image', output, label: 'classLabel', target: `${output}_true`, loss: 'lossLayer' };
}

/** What of a source the plan goes by. Without weights it is a plan to judge by, not to write from. */
export interface PlanSource {
  readonly coreml: CoreMLSettings;
  readonly settings: Pick<TrainingSettings, 'loss'>;
  readonly network: Pick<CompiledNetwork, 'layers' | 'outputShape'>;
  readonly weights?: Weights;
}

/** Plans the file. The source's layers have no gap. */
export function planOf(source: PlanSource): Plan {
  const { coreml, network } = source;
  const names = namesOf(coreml);
  const kept = coreml.modelType === 'classifier' ? coreml.blobs?.[network.layers.at(-1)!.id] : undefined;
  const blob = kept ?? names.output;
  const graph = graphOf(source, names, blob);
  const loss: LossInput = {
    type: source.settings.loss === 'meanSquaredError' ? 'meanSquaredError' : 'categoricalCrossEntropy',
    input: blob,
  };
  const judgement = judge(graph.layers, loss, frozenOf(graph));
  const refused = judgement.lossRefused ?? targetRefusal(source, loss);
  const trained = refused === undefined ? judgement.verdicts.filter(({ fate }) => fate === 'trains') : [];
  return { names, blob, graph, loss, judgement, refused, trains: new Set(trained.map(({ layer }) => layer)) };
}

/** Judges layers of a network that does not reach its loss yet. They have no gap, and what feeds them is among them. */
export function draftOf(
  layers: readonly CompiledLayer[],
  coreml: CoreMLSettings,
): Pick<Plan, 'graph' | 'judgement'> {
  const names = namesOf(coreml);
  const graph = graphOf({ network: { layers }, coreml }, names, names.output);
  return { graph, judgement: judge(graph.layers, undefined, frozenOf(graph)) };
}

function graphOf(
  {
    network,
    weights,
    coreml,
  }: Pick<PlanSource, 'coreml' | 'weights'> & { network: Pick<CompiledNetwork, 'layers'> },
  names: ModelNames,
  output: string,
): WrittenGraph {
  return writeGraph(network, weights, {
    input: names.input,
    output,
    taken: [names.label, names.target, names.loss],
    blobs: coreml.blobs,
    spellings: coreml.spellings,
  });
}

/** Names of the written layers of what the person froze. */
function frozenOf({ origin }: WrittenGraph): ReadonlySet<string> {
  return new Set([...origin].filter(([, layer]) => !layer.trainable).map(([name]) => name));
}

/** Why the target of the loss cannot be stated, or undefined. */
function targetRefusal(source: PlanSource, loss: LossInput): string | undefined {
  if (loss.type === 'categoricalCrossEntropy')
    return source.network.outputShape.length === 1
      ? undefined
      : `Cross-entropy compares one flat vector with a class; the network ends in an image of ` +
          `${source.network.outputShape.join('×')}. End it with Flatten and a Dense layer with softmax.`;
  return source.coreml.modelType === 'classifier'
    ? 'A classifier is trained with class labels, but mean squared error compares arrays of numbers. Choose the model ' +
        'type network, or categorical cross-entropy.'
    : undefined;
}
