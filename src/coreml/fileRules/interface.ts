/** Rules of what a model takes and gives: its version, its features and their types, its class labels. */
import { ArrayDataType, type FeatureDescription, type Model } from '../model';
import { firstOf, madeBlobs, networkOf, repeated, type FileRule } from './fileRule';

const featuresOf = ({ description: { input, output, trainingInput = [] } }: Model) => [
  ...input,
  ...output,
  ...trainingInput,
];
const arrayTypes: readonly unknown[] = [ArrayDataType.float32, ArrayDataType.double, ArrayDataType.int32];

export const interfaceRules: readonly FileRule[] = [
  {
    id: 'specificationVersion',
    sentence: 'A model that can be updated states version 4 or later, which came with iOS 13.',
    source: 'Utils.cpp, hasIOS13Features',
    check: ({ specificationVersion: version, isUpdatable }) =>
      Number.isInteger(version) && version >= (isUpdatable ? 4 : 1)
        ? undefined
        : `The file states version ${version}; a model that can be updated needs version 4 or later.`,
  },
  {
    id: 'oneNetwork',
    sentence: 'A model holds one network, and the network has a layer.',
    source: 'Validation/NeuralNetwork/NeuralNetworkValidator.cpp, validateNeuralNetworkTopLevel',
    check(model) {
      if (model.neuralNetwork && model.neuralNetworkClassifier)
        return 'The file holds a network and a classifier; it may hold one of them.';
      return networkOf(model)?.layers.length ? undefined : 'The file holds no network with a layer.';
    },
  },
  {
    id: 'featureNames',
    sentence: 'A model has inputs and outputs, each with a name of its own.',
    source: 'Validation/InterfaceValidators.cpp, validateFeatureDescription',
    check({ description: { input, output } }) {
      if (input.length === 0) return 'The model has no input.';
      if (output.length === 0) return 'The model has no output.';
      const names = [...input, ...output].map(({ name }) => name);
      if (names.includes('')) return 'An input or output of the model has no name.';
      const twice = repeated(names);
      return twice && `Two inputs or outputs of the model are named "${twice}".`;
    },
  },
  {
    id: 'inputShape',
    sentence: 'An array that goes in has the shape channels, or channels, height, width.',
    source: 'Validation/NeuralNetwork/NeuralNetworkValidator.cpp, validateNeuralNetworkTopLevel',
    check: ({ description }) =>
      firstOf(description.input, ({ name, type: { multiArrayType: array } }) =>
        !array || ((array.shape.length === 1 || array.shape.length === 3) && array.shape.every((n) => n > 0))
          ? undefined
          : `The input "${name}" has the shape ${array.shape.join('×') || 'of nothing'}; one or three sizes above 0 are needed.`,
      ),
  },
  {
    id: 'dataType',
    sentence: 'An array states whether it holds floats, doubles or whole numbers.',
    source: 'Validation/InterfaceValidators.cpp, validateFeatureDescription',
    check: (model) =>
      firstOf(featuresOf(model), ({ name, type: { multiArrayType: array } }) =>
        !array || arrayTypes.includes(array.dataType)
          ? undefined
          : `The array "${name}" states no data type that Core ML knows.`,
      ),
  },
  {
    id: 'imageSize',
    sentence: 'An image has a width, a height and a colour space.',
    source: 'Validation/InterfaceValidators.cpp, validateFeatureDescription',
    check: (model) =>
      firstOf(featuresOf(model), ({ name, type: { imageType: image } }) =>
        !image || (image.width > 0 && image.height > 0 && Boolean(image.colorSpace))
          ? undefined
          : `The image "${name}" lacks a width, a height or a colour space.`,
      ),
  },
  {
    id: 'preprocessing',
    sentence: 'Preprocessing is of an image that goes in.',
    source: 'Validation/NeuralNetwork/NeuralNetworkValidator.cpp, validateNeuralNetworkTopLevel',
    check: (model) =>
      firstOf(networkOf(model)?.preprocessing, ({ featureName }) =>
        model.description.input.some(({ name, type }) => name === featureName && type.imageType)
          ? undefined
          : `The file scales the pixels of "${featureName}", which is no image that goes in.`,
      ),
  },
  {
    id: 'outputsMade',
    sentence: 'Every array that comes out is made by a layer.',
    source: 'Validation/NeuralNetwork/NeuralNetworkValidator.cpp, validateNeuralNetworkTopLevel',
    check: (model) =>
      firstOf(model.description.output, ({ name, type }) =>
        !type.multiArrayType || madeBlobs(model).has(name)
          ? undefined
          : `No layer makes the output "${name}".`,
      ),
  },
  {
    id: 'classLabels',
    sentence: 'A classifier has labels of one sort, each once, and one probability for each.',
    source: 'Validation/NeuralNetwork/NeuralNetworkValidator.cpp, validateNeuralNetworkClassifier',
    check({ neuralNetworkClassifier: classifier }) {
      if (!classifier) return undefined;
      const text = classifier.stringClassLabels?.vector ?? [];
      const whole = classifier.int64ClassLabels?.vector ?? [];
      if (text.length > 0 === whole.length > 0) return 'A classifier has labels of text or of whole numbers.';
      const twice = repeated([...text, ...whole.map(String)]);
      if (twice !== undefined) return `Two classes have the label "${twice}".`;
      const outputs = valuesOf(classifier.layers, classifier.labelProbabilityLayerName);
      const labels = text.length + whole.length;
      return outputs === undefined || outputs === labels
        ? undefined
        : `The classifier has ${labels} labels and ${outputs} probabilities; there must be one for each.`;
    },
  },
  {
    id: 'classifierOutputs',
    sentence:
      'A classifier gives the class, of the sort of its labels, from probabilities that a layer makes.',
    source: 'Validation/ValidatorUtils-inl.hpp, validateClassifierInterface',
    check(model) {
      const { neuralNetworkClassifier: classifier, description } = model;
      if (!classifier) return undefined;
      const { predictedFeatureName: name, output } = description;
      const label = output.find((feature) => feature.name === name);
      const text = classifier.stringClassLabels !== undefined;
      if (!label || !(text ? label.type.stringType : label.type.int64Type))
        return `The classifier's class "${name ?? ''}" is no output of the sort of its labels.`;
      return madeBlobs(model).has(classifier.labelProbabilityLayerName)
        ? undefined
        : `No layer makes the probabilities "${classifier.labelProbabilityLayerName}".`;
    },
  },
];

type Layers = NonNullable<ReturnType<typeof networkOf>>['layers'];

/** How many values a blob has, as far as the chain of curves before it tells. */
function valuesOf(layers: Layers, blob: string): number | undefined {
  const maker = layers.find(({ output }) => output.includes(blob));
  if (!maker) return undefined;
  if (maker.innerProduct) return maker.innerProduct.outputChannels;
  return (maker.activation ?? maker.softmax) ? valuesOf(layers, maker.input[0]!) : undefined;
}

/** Whether two features are the same to Core ML: name and type. */
export function sameFeature(a: FeatureDescription, b: FeatureDescription): boolean {
  return a.name === b.name && JSON.stringify(a.type) === JSON.stringify(b.type);
}
