/** The model's description: what goes in, what comes out, what training is fed, and the words about it. */
import { formatShape, type Shape } from '../../core/shape';
import {
  ArrayDataType,
  ColorSpace,
  type FeatureDescription,
  type FeatureType,
  type Metadata,
  type ModelDescription,
} from '../../coreml/model';
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

/** `[height, width, channels]` to Core ML's `[channels, height, width]`; a vector stays as it is. */
export function channelsFirst(shape: Shape): number[] {
  const [height, width, channels] = shape;
  return shape.length === 3 ? [channels!, height!, width!] : [...shape];
}

export function describe(source: ExportSource, plan: Plan): ModelDescription {
  const { names } = plan;
  const input: FeatureDescription = {
    name: names.input,
    shortDescription: describeInput(source),
    type: inputType(source),
  };
  const classifier = source.coreml.modelType === 'classifier';
  const keyed = 'int64' in classLabelsOf(source.dataset.classLabels);
  const labelType: FeatureType = keyed ? { int64Type: {} } : { stringType: {} };
  const label: FeatureDescription = {
    name: names.label,
    shortDescription: 'The most probable class',
    type: labelType,
  };
  const output: FeatureDescription = {
    name: names.output,
    shortDescription: classifier ? 'The probability of each class' : 'The values of the last layer',
    type: classifier
      ? { dictionaryType: keyed ? { int64KeyType: {} } : { stringKeyType: {} } }
      : array(source.network.outputShape, ArrayDataType.float32),
  };
  return {
    input: [input],
    output: classifier ? [label, output] : [output],
    ...(classifier
      ? { predictedFeatureName: names.label, predictedProbabilitiesName: names.output }
      : undefined),
    ...(plan.trains.size > 0
      ? {
          trainingInput: [
            input,
            classifier ? { ...label, shortDescription: 'The true class' } : targetOf(source, plan),
          ],
        }
      : undefined),
    metadata: metadataOf(source),
  };
}

function inputType(source: ExportSource): FeatureType {
  const shape = source.network.inputShape;
  if (source.coreml.input === 'array') return array(shape, ArrayDataType.float32);
  const [height, width, channels] = shape as readonly [number, number, number];
  return { imageType: { width, height, colorSpace: channels === 1 ? ColorSpace.grayscale : ColorSpace.rgb } };
}

function describeInput({ network, dataset, coreml }: ExportSource): string {
  if (coreml.input === 'image') return 'The image, pixels from 0 to 255';
  const order =
    network.inputShape.length === 3
      ? ' as channels, height, width'
      : dataset.shape.length === 3
        ? ', the image row by row with its channels side by side'
        : '';
  const largest = Number((255 * dataset.scale).toPrecision(6));
  return `${formatShape(channelsFirst(network.inputShape))} values from 0 to ${largest}${order}`;
}

/** Cross-entropy compares with the index of the class, mean squared error with values like the output's. */
function targetOf({ network }: ExportSource, { names, loss }: Plan): FeatureDescription {
  return loss.type === 'categoricalCrossEntropy'
    ? {
        name: names.target,
        shortDescription: 'The index of the true class',
        type: array([1], ArrayDataType.int32),
      }
    : {
        name: names.target,
        shortDescription: 'The true values',
        type: array(network.outputShape, ArrayDataType.double),
      };
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
