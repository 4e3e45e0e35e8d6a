/** The model's description: what goes in, what comes out, what training is fed, and the words about it. */
import { formatShape, type Shape } from '../../core/shape';
import type { LossInput } from '../../coreml/judge';
import {
  ArrayDataType,
  ColorSpace,
  type FeatureDescription,
  type FeatureType,
  type Metadata,
  type ModelDescription,
} from '../../coreml/model';
import type { CoreMLSettings, FeatureFacts, FeatureRole } from '../../project/coremlSettings';
import type { ExportSource } from '../defineFormat';
import type { Plan } from './plan';

/**
 * Class labels as the file holds them: whole numbers where every label is one, so that Swift gets a number for a digit;
 * else text.
 */
export function classLabelsOf(
  labels: readonly string[],
): { readonly int64: readonly number[] } | { readonly string: readonly string[] } {
  const whole = labels.every((label) => /^(0|[1-9]\d{0,8})$/.test(label));
  return whole ? { int64: labels.map(Number) } : { string: labels };
}

/** The labels of a classifier: those of the file that it was opened from, where there is one for each class. */
export function labelsOf({
  dataset,
  coreml,
}: Pick<ExportSource, 'dataset' | 'coreml'>): ReturnType<typeof classLabelsOf> {
  const { classLabels: kept } = coreml;
  if (kept?.values.length !== dataset.classLabels.length) return classLabelsOf(dataset.classLabels);
  return kept.type === 'int64' ? { int64: kept.values } : { string: kept.values };
}

/** `[height, width, channels]` to Core ML's `[channels, height, width]`; a vector stays as it is. */
export function channelsFirst(shape: Shape): number[] {
  const [height, width, channels] = shape;
  return shape.length === 3 ? [channels!, height!, width!] : [...shape];
}

/** What the words about the features depend on. */
interface Described {
  readonly inputShape: Shape;
  /** Of the data set. */
  readonly scale: number;
  readonly form: CoreMLSettings['input'];
  readonly classifier: boolean;
  readonly loss: LossInput['type'];
}

/** The words about each feature, where no file has others. */
export function ownWords(about: Described): Readonly<Record<FeatureRole, string>> {
  const { classifier, loss } = about;
  const input = describeInput(about);
  return {
    input,
    trainingInput: input,
    output: classifier ? 'The probability of each class' : 'The values of the last layer',
    label: 'The most probable class',
    target: classifier
      ? 'The true class'
      : loss === 'categoricalCrossEntropy'
        ? 'The index of the true class'
        : 'The true values',
  };
}

export function describe(source: ExportSource, plan: Plan): ModelDescription {
  const { names, loss } = plan;
  const { network, dataset, coreml } = source;
  const classifier = coreml.modelType === 'classifier';
  const keyed = 'int64' in labelsOf(source);
  const labelType: FeatureType = keyed ? { int64Type: {} } : { stringType: {} };
  const words = ownWords({
    inputShape: network.inputShape,
    scale: dataset.scale,
    form: coreml.input,
    classifier,
    loss: loss.type,
  });
  const feature = (role: FeatureRole, name: string, type: FeatureType): FeatureDescription => {
    const facts = coreml.features?.[role];
    return { name, shortDescription: facts?.description ?? words[role], type: withType(type, facts) };
  };
  const input = feature('input', names.input, inputType(source));
  const label = feature('label', names.label, labelType);
  const output = feature(
    'output',
    names.output,
    classifier
      ? { dictionaryType: keyed ? { int64KeyType: {} } : { stringKeyType: {} } }
      : array(network.outputShape, ArrayDataType.float32),
  );
  return {
    input: [input],
    output: !classifier ? [output] : coreml.probabilitiesFirst ? [output, label] : [label, output],
    ...(classifier
      ? { predictedFeatureName: names.label, predictedProbabilitiesName: names.output }
      : undefined),
    ...(plan.trains.size > 0
      ? {
          trainingInput: [
            // Core ML wants the input's own type here.
            { ...feature('trainingInput', names.input, input.type), type: input.type },
            classifier
              ? feature('target', names.label, labelType)
              : feature('target', names.target, targetType(source, plan)),
          ],
        }
      : undefined),
    metadata: metadataOf(source),
  };
}

/** An array's type with the values that a file stated. */
function withType(type: FeatureType, facts: FeatureFacts | undefined): FeatureType {
  if (!type.multiArrayType || !facts?.type) return type;
  return { multiArrayType: { ...type.multiArrayType, dataType: ArrayDataType[facts.type] } };
}

function inputType(source: ExportSource): FeatureType {
  const shape = source.network.inputShape;
  if (source.coreml.input === 'array') return array(shape, ArrayDataType.float32);
  const [height, width, channels] = shape as readonly [number, number, number];
  return { imageType: { width, height, colorSpace: channels === 1 ? ColorSpace.grayscale : ColorSpace.rgb } };
}

function describeInput({ inputShape, scale, form }: Described): string {
  if (form === 'image') return 'The image, pixels from 0 to 255';
  const order =
    inputShape.length === 3
      ? ' as channels, height, width'
      : ', the image row by row with its channels side by side';
  const largest = Number((255 * scale).toPrecision(6));
  return `${formatShape(channelsFirst(inputShape))} values from 0 to ${largest}${order}`;
}

/** Cross-entropy compares with the index of the class, mean squared error with values like the output's. */
function targetType({ network }: ExportSource, { loss }: Plan): FeatureType {
  return loss.type === 'categoricalCrossEntropy'
    ? array([1], ArrayDataType.int32)
    : array(network.outputShape, ArrayDataType.double);
}

function array(shape: Shape, dataType: ArrayDataType): FeatureType {
  return { multiArrayType: { shape: channelsFirst(shape), dataType } };
}

function metadataOf({ name, coreml: { texts, userDefined } }: ExportSource): Metadata {
  return {
    shortDescription: texts.description.trim() || name,
    versionString: texts.version.trim(),
    author: texts.author.trim(),
    license: texts.license.trim(),
    ...(userDefined.length > 0
      ? { userDefined: Object.fromEntries(userDefined.map(({ key, value }) => [key, value])) }
      : undefined),
  };
}
