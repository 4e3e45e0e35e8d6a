/** What goes into a file's model and what comes out: names, shapes, class labels. Not its layers. */
import type {
  FeatureDescription,
  Model,
  NeuralNetwork,
  NeuralNetworkClassifier,
} from '../../../coreml/model';
import { ColorSpace } from '../../../coreml/model';
import type { Shape } from '../../../core/shape';
import type { KeptLabels } from '../../../project/coremlSettings';
import type { Notes } from './notes';
import { FileRefused, shortened } from './refused';

export interface ModelInterface {
  readonly input: {
    readonly name: string;
    readonly form: 'array' | 'image';
    /** `[height, width, channels]` or `[features]`. */
    readonly shape: Shape;
  };
  /** Name of the output feature; a classifier's probabilities. */
  readonly output: string;
  /** Blob that holds it. */
  readonly blob: string;
  /** Name of a classifier's label feature. */
  readonly label: string | undefined;
  readonly labels: KeptLabels | undefined;
  readonly probabilitiesFirst: boolean;
}

/**
 * @throws FileRefused where the model has several inputs or outputs, or an input that is neither a vector nor an image.
 */
export function interfaceOf(
  model: Model,
  network: NeuralNetwork & Partial<NeuralNetworkClassifier>,
  notes: Notes,
): ModelInterface {
  const { input, output } = model.description ?? { input: [], output: [] };
  if (input.length !== 1) throw new FileRefused(several('inputs', input, 'A network here has one.'));
  const entry = { name: input[0]!.name, ...inputOf(input[0]!, network, notes) };
  if (model.neuralNetworkClassifier)
    return { input: entry, ...classifierOf(model, model.neuralNetworkClassifier) };
  if (output.length !== 1)
    throw new FileRefused(several('outputs', output, 'A network here ends in one output.'));
  const { name } = output[0]!;
  return {
    input: entry,
    output: name,
    blob: name,
    label: undefined,
    labels: undefined,
    probabilitiesFirst: false,
  };
}

function several(what: string, features: readonly FeatureDescription[], rule: string): string {
  const names = features.slice(0, 5).map(({ name }) => `"${shortened(name)}"`);
  return features.length === 0
    ? `The model states no ${what}. ${rule}`
    : `The model has ${features.length} ${what} (${names.join(', ')}${features.length > 5 ? ', …' : ''}). ${rule}`;
}

function inputOf({ name, type }: FeatureDescription, network: NeuralNetwork, notes: Notes) {
  if (type?.isOptional)
    notes.lost(`The input "${shortened(name)}" is optional in the file; here it is always given.`);
  if (type?.imageType) {
    const { width, height, colorSpace } = type.imageType;
    if (colorSpace === ColorSpace.bgr)
      notes.lost('The image comes with blue first, then green and red. Written again it states red first.');
    const channels = colorSpace === ColorSpace.grayscale ? 1 : 3;
    return { form: 'image' as const, shape: checked([height, width, channels], name) };
  }
  if (!type?.multiArrayType)
    throw new FileRefused(
      `The input "${shortened(name)}" is neither an array nor an image; a network here takes one.`,
    );
  const { shape } = type.multiArrayType;
  const exact = network.arrayInputShapeMapping === 1;
  if (exact)
    notes.note('The file maps arrays to exact shapes. Written again it has the older mapping of five axes.');
  const inner = exact && shape.length > 1 && shape[0] === 1 ? shape.slice(1) : shape;
  const [channels, height, width] = inner;
  if (inner.length === 1) return { form: 'array' as const, shape: checked(inner, name) };
  if (inner.length !== 3)
    throw new FileRefused(
      `The input "${shortened(name)}" has ${shape.length} axes (${shape.slice(0, 8).join('×')}). ` +
        `A network here takes a vector, or an image of channels × height × width.`,
    );
  return { form: 'array' as const, shape: checked([height!, width!, channels!], name) };
}

function checked(shape: Shape, name: string): Shape {
  if (shape.every((size) => size >= 1 && size <= 2 ** 24)) return shape;
  throw new FileRefused(
    `The input "${shortened(name)}" has the sizes ${shape.join(', ')}, which no example can have.`,
  );
}

function classifierOf(
  { description }: Model,
  network: NeuralNetworkClassifier,
): Omit<ModelInterface, 'input'> {
  const { predictedFeatureName: label, predictedProbabilitiesName: probabilities, output } = description;
  const others = output.filter(({ name }) => name !== label && name !== probabilities);
  if (others.length > 0)
    throw new FileRefused(
      several('outputs', output, 'A classifier here gives its label and the probabilities, nothing else.'),
    );
  const last = network.layers.at(-1)?.output[0] ?? '';
  const { stringClassLabels: text, int64ClassLabels: whole } = network;
  const labels: KeptLabels | undefined = text
    ? { type: 'string', values: text.vector }
    : whole && { type: 'int64', values: whole.vector };
  const blob = network.labelProbabilityLayerName === '' ? last : network.labelProbabilityLayerName;
  return {
    output: named(probabilities, blob),
    blob,
    label: named(label, 'classLabel'),
    labels,
    probabilitiesFirst: output.length === 2 && output[0]!.name !== label,
  };
}

function named(name: string | undefined, otherwise: string): string {
  return name === undefined || name === '' ? otherwise : name;
}
