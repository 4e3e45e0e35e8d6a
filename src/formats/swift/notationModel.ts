/** What stands around the layers in the notation of SwiftCoreMLTools: model, features, loss, optimizer. */
import type {
  DoubleParameter,
  FeatureDescription,
  Int64Parameter,
  Model,
  NetworkUpdateParameters,
} from '../../coreml/model';
import { ArrayDataType } from '../../coreml/model';
import { stated } from '../../coreml/stated';
import { notationOf, type Call } from './notation';
import { swiftArray, swiftNumber, swiftString } from './text';

/** Why the notation cannot say this model, whatever its layers are; a sentence each. */
export function modelGaps(model: Model): readonly string[] {
  const gaps: string[] = [];
  if (model.neuralNetworkClassifier)
    gaps.push('SwiftCoreMLTools has no classifiers in its notation. Choose the model type network.');
  if (model.description.input.some(({ type }) => type.imageType))
    gaps.push('SwiftCoreMLTools has no image inputs in its notation. Choose the input array.');
  if (
    model.description.trainingInput?.some(
      ({ type }) => type.multiArrayType?.dataType === ArrayDataType.double,
    )
  )
    gaps.push(
      'SwiftCoreMLTools states targets as float or int; Core ML wants double for mean squared error. Choose categorical ' +
        'cross-entropy.',
    );
  return gaps;
}

/** What the notation leaves out of this model without harm, as sentences. */
export function modelNotes({ description, neuralNetwork }: Model, withWeights: boolean): readonly string[] {
  const notes: string[] = [];
  if (!withWeights)
    notes.push(
      'The code holds no weights: SwiftCoreMLTools draws fresh ones. The .mlmodel file carries yours.',
    );
  if (description.metadata?.versionString) notes.push('SwiftCoreMLTools has no place for the version.');
  const { layers = [], updateParams: update } = neuralNetwork ?? {};
  const bare = layers.filter(
    ({ convolution, innerProduct }) => (convolution ?? innerProduct)?.hasBias === false,
  );
  if (bare.length > 0)
    notes.push(
      `SwiftCoreMLTools gives every layer a bias. These have none here: ${bare.map(({ name }) => name).join(', ')}.`,
    );
  if (!update) return notes;
  notes.push('SwiftCoreMLTools has no seed, and all its ranges start at 0.');
  const { adamOptimizer, sgdOptimizer } = update.optimizer;
  const counts = [update.epochs, (adamOptimizer ?? sgdOptimizer)!.miniBatchSize];
  if (counts.some(({ set }) => !set))
    notes.push(
      'SwiftCoreMLTools allows the device single values only of epochs and batch size: here, those of the settings.',
    );
  return notes;
}

/** The whole model as a Swift expression. It has no gap. */
export function modelNotation(model: Model, withWeights: boolean): string {
  const { metadata, input, output, trainingInput = [] } = model.description;
  const { layers, updateParams } = model.neuralNetwork!;
  const pairs = Object.entries(metadata?.userDefined ?? {});
  const calls = layers.map((layer) => notationOf(stated(layer), withWeights) as Call);
  const network = updateParams ? `NeuralNetwork(\n${indented(updateArgs(updateParams))}\n)` : 'NeuralNetwork';
  const items = [
    ...input.map((feature) => featureOf('Input', feature)),
    ...output.map((feature) => featureOf('Output', feature)),
    ...trainingInput.map((feature) => featureOf('TrainingInput', feature)),
    `${network} {\n${indent(calls.map(callText).join('\n'))}\n}`,
  ];
  const args = [
    `version: ${model.specificationVersion}`,
    `shortDescription: ${swiftString(metadata?.shortDescription ?? '')}`,
    `author: ${swiftString(metadata?.author ?? '')}`,
    `license: ${swiftString(metadata?.license ?? '')}`,
    `userDefined: ${pairs.length > 0 ? swiftArray(pairs.map((pair) => pair.map(swiftString).join(': '))) : '[:]'}`,
  ];
  return `Model(\n${indented(args)}\n) {\n${indent(items.join('\n'))}\n}`;
}

function featureOf(kind: string, { name, type }: FeatureDescription): string {
  const { shape, dataType } = type.multiArrayType!;
  const int = dataType === ArrayDataType.int32 ? ', featureType: .int' : '';
  return `${kind}(name: ${swiftString(name)}, shape: ${swiftArray(shape.map(String))}${int})`;
}

function updateArgs({ lossLayers, optimizer, epochs, shuffle }: NetworkUpdateParameters): readonly string[] {
  const losses = lossLayers.map(({ name, categoricalCrossEntropyLossLayer: loss }) =>
    callText({
      type: 'CategoricalCrossEntropy',
      args: [
        `name: ${swiftString(name)}`,
        `input: ${swiftString(loss!.input)}`,
        `target: ${swiftString(loss!.target)}`,
      ],
    }),
  );
  return [
    `losses: [\n${indent(losses.join(',\n'))}\n]`,
    `optimizer: ${callText(optimizerOf(optimizer))}`,
    `epochDefault: ${epochs.defaultValue}`,
    `epochSet: ${setOf(epochs)}`,
    `shuffle: ${shuffle?.defaultValue ?? true}`,
  ];
}

function optimizerOf({ adamOptimizer: adam, sgdOptimizer: sgd }: NetworkUpdateParameters['optimizer']): Call {
  const { learningRate, miniBatchSize } = (adam ?? sgd)!;
  const shared = [
    ...real('learningRate', learningRate),
    `miniBatchSizeDefault: ${miniBatchSize.defaultValue}`,
    `miniBatchSizeRange: ${setOf(miniBatchSize)}`,
  ];
  return adam
    ? {
        type: 'Adam',
        args: [
          ...shared,
          ...real('beta1', adam.beta1),
          ...real('beta2', adam.beta2),
          ...real('eps', adam.eps),
        ],
      }
    : { type: 'SGD', args: [...shared, ...real('momentum', sgd!.momentum ?? { defaultValue: 0 })] };
}

function real(name: string, { defaultValue, range }: DoubleParameter): readonly string[] {
  return [
    `${name}Default: ${swiftNumber(defaultValue)}`,
    `${name}Max: ${swiftNumber(range?.maxValue ?? defaultValue)}`,
  ];
}

function setOf({ defaultValue, set }: Int64Parameter): string {
  return swiftArray((set?.values ?? [defaultValue]).map(String));
}

function callText({ type, args }: Call): string {
  return `${type}(\n${indented(args)}\n)`;
}

function indented(args: readonly string[]): string {
  return indent(args.join(',\n'));
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
