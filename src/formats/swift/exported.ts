/**
 * The model that Swift code is written for, and what of it the code must know: names, forms, targets, and the numbers
 * that the device may choose. Taken from the written messages, so that code and file cannot disagree.
 */
import { formatShape, sameShape, sizeOf } from '../../core/shape';
import type { FeatureDescription, Int64Parameter, Model, NetworkUpdateParameters } from '../../coreml/model';
import { coreml, modelOf } from '../coreml';
import { planOf } from '../coreml/plan';
import type { ExportNote, ExportSource } from '../defineFormat';

export type SwiftTarget = 'classIndex' | 'oneHot' | 'wholeNumberLabel' | 'textLabel';

/** A number of the training that the device may choose. */
export interface SwiftHyperparameter {
  /** Name of the static member of `MLParameterKey`. */
  readonly key: 'epochs' | 'miniBatchSize' | 'learningRate' | 'momentum' | 'beta1' | 'beta2' | 'eps' | 'seed';
  readonly label: string;
  readonly whole: boolean;
  readonly parameter: Int64Parameter;
}

export interface SwiftFacts {
  readonly inputName: string;
  /** Undefined: an image. */
  readonly inputShape: readonly number[] | undefined;
  readonly outputName: string;
  readonly targetName: string;
  readonly target: SwiftTarget;
  /** Classes in the order of the output; a classifier's are those that its file states. */
  readonly labels: readonly string[];
  readonly hyperparameters: readonly SwiftHyperparameter[];
}

/** Notes on the file as Core ML sees it, and the gaps of code that trains it with the images of the data set. */
export function inspectTraining(source: ExportSource): readonly ExportNote[] {
  const notes = coreml.inspect(source, {});
  if (notes.some(({ severity }) => severity === 'gap')) return notes;
  const gaps = fitGaps(source);
  if (planOf(source).trains.size === 0)
    gaps.push(
      'Nothing of this network trains on the device, and the code is there to train it. The reason stands beside this ' +
        'note; the format Core ML (.mlmodel) saves the model as it is.',
    );
  return [...notes, ...gaps.map((message): ExportNote => ({ severity: 'gap', message }))];
}

function fitGaps({ network, dataset }: ExportSource): string[] {
  const { inputShape, outputShape } = network;
  const flat = inputShape.length === 1 && inputShape[0] === sizeOf(dataset.shape);
  const classes = dataset.classLabels.length;
  const gaps: string[] = [];
  if (!flat && !sameShape(inputShape, dataset.shape))
    gaps.push(
      `${dataset.label} has examples of ${formatShape(dataset.shape)}; this network takes ${formatShape(inputShape)}. ` +
        `Give the Input layer the shape of the examples.`,
    );
  if (!sameShape(outputShape, [classes]))
    gaps.push(
      `${dataset.label} has ${classes} classes; this network gives ${formatShape(outputShape)}. End it with ${classes} units.`,
    );
  return gaps;
}

/**
 * The model and what Swift must know of it.
 * @throws Error with the first gap's sentence where there is one.
 */
export function exportedFor(source: ExportSource): { readonly model: Model; readonly facts: SwiftFacts } {
  const gap = inspectTraining(source).find(({ severity }) => severity === 'gap');
  if (gap) throw new Error(gap.layer ? `${gap.layer}: ${gap.message}` : gap.message);
  const model = modelOf(source);
  return { model, facts: factsOf(model, source.dataset.classLabels) };
}

function factsOf(model: Model, classLabels: readonly string[]): SwiftFacts {
  const { stringClassLabels: texts, int64ClassLabels: numbers } = model.neuralNetworkClassifier ?? {};
  const { input, output, trainingInput, predictedProbabilitiesName } = model.description;
  const [image] = input as [FeatureDescription];
  const target = trainingInput!.find(({ name }) => name !== image.name)!;
  return {
    inputName: image.name,
    inputShape: image.type.multiArrayType?.shape,
    outputName: predictedProbabilitiesName ?? output[0]!.name,
    targetName: target.name,
    target: targetOf(model, target),
    labels: texts?.vector ?? numbers?.vector.map(String) ?? classLabels,
    hyperparameters: hyperparametersOf((model.neuralNetwork ?? model.neuralNetworkClassifier)!.updateParams!),
  };
}

function targetOf(model: Model, target: FeatureDescription): SwiftTarget {
  if (model.neuralNetworkClassifier) return target.type.int64Type ? 'wholeNumberLabel' : 'textLabel';
  const [loss] = model.neuralNetwork!.updateParams!.lossLayers;
  return loss!.categoricalCrossEntropyLossLayer ? 'classIndex' : 'oneHot';
}

function hyperparametersOf({
  optimizer,
  epochs,
  seed,
}: NetworkUpdateParameters): readonly SwiftHyperparameter[] {
  const { adamOptimizer: adam, sgdOptimizer: sgd } = optimizer;
  const shared = (adam ?? sgd)!;
  const all: readonly (Omit<SwiftHyperparameter, 'parameter' | 'whole'> & {
    readonly whole?: true;
    readonly parameter: Int64Parameter | undefined;
  })[] = [
    { key: 'epochs', label: 'Epochs', whole: true, parameter: epochs },
    { key: 'miniBatchSize', label: 'Batch size', whole: true, parameter: shared.miniBatchSize },
    { key: 'learningRate', label: 'Learning rate', parameter: shared.learningRate },
    { key: 'momentum', label: 'Momentum', parameter: sgd?.momentum },
    { key: 'beta1', label: 'Beta 1', parameter: adam?.beta1 },
    { key: 'beta2', label: 'Beta 2', parameter: adam?.beta2 },
    { key: 'eps', label: 'Epsilon', parameter: adam?.eps },
    { key: 'seed', label: 'Seed', whole: true, parameter: seed },
  ];
  return all.flatMap(({ parameter, whole = false, ...rest }) =>
    parameter ? [{ ...rest, whole, parameter }] : [],
  );
}
