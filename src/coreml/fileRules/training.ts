/** Rules of a file that the device can train: what is flagged, its loss, its optimizer, and what training is fed. */
import { judge, lossRefusal, type LossInput } from '../judge';
import type { NeuralNetworkLayer, WeightParams } from '../messages';
import {
  ArrayDataType,
  type FeatureType,
  type LossLayer,
  type Model,
  type NetworkUpdateParameters,
} from '../model';
import { doubleRefusal, wholeRefusal } from '../parameters';
import { layerTypeOf, rules } from '../rules';
import { firstOf, madeBlobs, networkOf, type FileRule } from './fileRule';
import { sameFeature } from './interface';

const UPDATABLE = 'Validation/NeuralNetwork/UpdatableNeuralNetworkValidator.cpp';

const flaggedOf = (model: Model): readonly NeuralNetworkLayer[] =>
  networkOf(model)?.layers.filter(({ isUpdatable }) => isUpdatable) ?? [];

/** The loss as the judge knows it, and its target. */
function lossOf({ categoricalCrossEntropyLossLayer: entropy, meanSquaredErrorLossLayer: error }: LossLayer) {
  const inputs = entropy ?? error;
  const type = entropy ? 'categoricalCrossEntropy' : 'meanSquaredError';
  return inputs && { loss: { type, input: inputs.input } satisfies LossInput, target: inputs.target };
}

/** A rule that asks nothing of a model without training. */
function ofTraining(
  rule: Omit<FileRule, 'check'> & {
    check(update: NetworkUpdateParameters, model: Model): string | undefined;
  },
): FileRule {
  return {
    ...rule,
    check(model) {
      const update = networkOf(model)?.updateParams;
      return update && rule.check(update, model);
    },
  };
}

/** The weights and the bias of a layer of the two types that can be flagged. */
function weightsOf({ convolution, innerProduct }: NeuralNetworkLayer): readonly (WeightParams | undefined)[] {
  const params = convolution ?? innerProduct;
  return params ? [params.weights, ...(params.hasBias ? [params.bias] : [])] : [];
}

export const trainingRules: readonly FileRule[] = [
  {
    id: 'updatable',
    sentence:
      'A model that can be updated has a flagged layer and says how it is trained; another has neither.',
    source: `${UPDATABLE}, validateUpdatableLayerSupport`,
    check(model) {
      const flagged = flaggedOf(model).length > 0;
      const told = networkOf(model)?.updateParams !== undefined;
      if (model.isUpdatable === flagged && flagged === told) return undefined;
      return model.isUpdatable
        ? `The model is to be trained on the device, but ${flagged ? 'it does not say how' : 'no layer of it is flagged'}.`
        : 'The model is not to be trained on the device, but it holds what only training needs.';
    },
  },
  {
    id: 'updatableTypes',
    sentence: 'Only convolutions and inner products are flagged.',
    source: `${UPDATABLE}, validateUpdatableLayerSupport`,
    check: (model) =>
      firstOf(flaggedOf(model), (layer) => {
        const { noun, updatable } = rules[layerTypeOf(layer)];
        return updatable === true
          ? undefined
          : `"${layer.name}" is flagged, but Core ML cannot train ${noun}.`;
      }),
  },
  {
    id: 'flags',
    sentence: 'The weights and the bias of a flagged layer are flagged with it.',
    source: `${UPDATABLE}, validateWeightParamsUpdatable`,
    check: (model) =>
      firstOf(flaggedOf(model), (layer) =>
        weightsOf(layer).every((weights) => weights?.isUpdatable)
          ? undefined
          : `"${layer.name}" is flagged, but its weights or its bias are not.`,
      ),
  },
  {
    id: 'floatWeights',
    sentence: 'The weights of a flagged layer are floats of 32 bits.',
    source: `${UPDATABLE}, validateWeightParamsUpdatable`,
    check: (model) =>
      firstOf(flaggedOf(model), (layer) =>
        weightsOf(layer).every((weights) => weights?.floatValue instanceof Float32Array)
          ? undefined
          : `"${layer.name}" is flagged, but its weights are no floats of 32 bits.`,
      ),
  },
  ofTraining({
    id: 'oneLoss',
    sentence: 'There is one loss: categorical cross-entropy or mean squared error.',
    source: `${UPDATABLE}, isTrainingConfigurationSupported`,
    check: ({ lossLayers }) =>
      lossLayers.length === 1 && lossOf(lossLayers[0]!)
        ? undefined
        : `The file has ${lossLayers.length} losses, or one that Core ML does not train with; it needs one.`,
  }),
  ofTraining({
    id: 'lossInput',
    sentence: 'Cross-entropy reads a softmax layer, mean squared error any other layer.',
    source: `${UPDATABLE}, validateLossLayer`,
    check: ({ lossLayers }, model) =>
      firstOf(lossLayers, (layer) => {
        const known = lossOf(layer);
        return known && lossRefusal(networkOf(model)!.layers, known.loss);
      }),
  }),
  ofTraining({
    id: 'lossTarget',
    sentence: 'What the loss compares with is not made by the network.',
    source: `${UPDATABLE}, validateLossLayer`,
    check: ({ lossLayers }, model) =>
      firstOf(lossLayers, (layer) => {
        const target = lossOf(layer)?.target;
        return target !== undefined && madeBlobs(model).has(target)
          ? `The loss compares with "${target}", which the network itself makes.`
          : undefined;
      }),
  }),
  ofTraining({
    id: 'gradients',
    sentence: 'Only layers that pass gradients stand between a flagged layer and the loss.',
    source: `${UPDATABLE}, isTrainingConfigurationSupported`,
    check({ lossLayers }, model) {
      const loss = lossLayers[0] && lossOf(lossLayers[0])?.loss;
      const { layers } = networkOf(model)!;
      if (!loss || lossRefusal(layers, loss)) return undefined;
      const { verdicts } = judge(layers, loss);
      return firstOf(flaggedOf(model), (layer) => {
        const verdict = verdicts[layers.indexOf(layer)]!;
        return verdict.fate === 'frozen' && rules[layerTypeOf(layer)].updatable === true
          ? `"${layer.name}" is flagged, but no gradient comes to it. ${verdict.because[0]!.reason}`
          : undefined;
      });
    },
  }),
  ofTraining({
    id: 'optimizer',
    sentence: 'There is one optimizer, SGD or Adam, with all of its numbers.',
    source: `${UPDATABLE}, validateOptimizer`,
    check({ optimizer: { sgdOptimizer: sgd, adamOptimizer: adam } }) {
      if ((sgd === undefined) === (adam === undefined)) return 'The file needs one optimizer, SGD or Adam.';
      const numbers = adam
        ? { ...adamNumbers, ...adam }
        : { learningRate: undefined, miniBatchSize: undefined, ...sgd };
      const missing = Object.entries(numbers).find(([, value]) => value === undefined);
      return missing && `The optimizer lacks its ${missing[0]}.`;
    },
  }),
  ofTraining({
    id: 'optimizerNumbers',
    sentence: "Each of the optimizer's numbers lies in its own range.",
    source: 'Validation/ParameterValidator.cpp, validateDoubleParameter',
    check: ({ optimizer: { sgdOptimizer: sgd, adamOptimizer: adam } }) =>
      firstOf(Object.entries({ ...sgd, ...adam }), ([name, parameter]) =>
        name === 'miniBatchSize' ? undefined : doubleRefusal(`The optimizer's ${name}`, parameter),
      ),
  }),
  ofTraining({
    id: 'batchSize',
    sentence: 'The batch size is above 0 and in its own range or set.',
    source: 'Validation/ParameterValidator.cpp, validateInt64Parameter',
    check({ optimizer: { sgdOptimizer: sgd, adamOptimizer: adam } }) {
      const size = (sgd ?? adam)?.miniBatchSize;
      return size && wholeRefusal('The batch size', size, true);
    },
  }),
  ofTraining({
    id: 'epochs',
    sentence: 'The number of epochs is above 0 and in its own range or set.',
    source: `${UPDATABLE}, validateOtherTopLevelUpdateParameters`,
    // A file from elsewhere may lack what the app always writes.
    check: ({ epochs }: Partial<NetworkUpdateParameters>) =>
      epochs ? wholeRefusal('The number of epochs', epochs, true) : 'The file does not state its epochs.',
  }),
  ofTraining({
    id: 'seed',
    sentence: 'The seed is in its own range or set.',
    source: `${UPDATABLE}, validateOtherTopLevelUpdateParameters`,
    check: ({ seed }: Partial<NetworkUpdateParameters>) => seed && wholeRefusal('The seed', seed, false),
  }),
  ofTraining({
    id: 'trainingInputs',
    sentence: 'Training is fed an input of the model, the same in name and type, and the target.',
    source: `${UPDATABLE}, validateTrainingInputs`,
    check({ lossLayers }, { description, neuralNetworkClassifier: classifier }) {
      const { input, trainingInput = [], predictedFeatureName } = description;
      if (trainingInput.length < 2) return 'Training is fed less than an input of the model and the target.';
      if (!trainingInput.some((fed) => input.some((feature) => sameFeature(fed, feature))))
        return 'Training is fed no input of the model, the same in name and type.';
      const target = classifier ? predictedFeatureName : lossLayers[0] && lossOf(lossLayers[0])?.target;
      return trainingInput.some(({ name }) => name === target)
        ? undefined
        : `Training is not fed the target "${target ?? ''}".`;
    },
  }),
  ofTraining({
    id: 'targetType',
    sentence:
      "The target is one whole number for cross-entropy, doubles of the output's shape for mean squared error, and the class for a classifier.",
    source: `${UPDATABLE}, validateTrainingInputs`,
    check({ lossLayers }, model) {
      const known = lossLayers[0] && lossOf(lossLayers[0]);
      if (!known) return undefined;
      const { description, neuralNetworkClassifier: classifier } = model;
      const name = classifier ? description.predictedFeatureName : known.target;
      const fed = description.trainingInput?.find((feature) => feature.name === name);
      const wanted = classifier
        ? description.output.find((output) => output.name === name)?.type
        : wantedType(known.loss, model);
      return fed && wanted && JSON.stringify(fed.type) !== JSON.stringify(wanted)
        ? `The target "${fed.name}" is of another type than the loss compares with.`
        : undefined;
    },
  }),
];

const adamNumbers = {
  learningRate: undefined,
  miniBatchSize: undefined,
  beta1: undefined,
  beta2: undefined,
  eps: undefined,
};

function wantedType({ type, input }: LossInput, { description }: Model): FeatureType | undefined {
  if (type === 'categoricalCrossEntropy')
    return { multiArrayType: { shape: [1], dataType: ArrayDataType.int32 } };
  const shape = description.output.find(({ name }) => name === input)?.type.multiArrayType?.shape;
  return shape && { multiArrayType: { shape, dataType: ArrayDataType.double } };
}
