/**
 * Tells whether the rules would let a layer train on the device that the file leaves frozen, by flagging it in a copy and
 * asking the checker. For tests that an exporter does not freeze more than it must.
 */
import { checkRules } from './rules';
import { weightsOf } from './rulesNetwork';
import type { Feature, Loss, Model, UpdateParameters } from './types';

/**
 * The names of layers that could be trained with this loss beside those that are, each tried on its own. A model without
 * update parameters is given some. Not for classifiers, whose target is their label.
 */
export function trainableButFrozen(
  model: Model,
  loss: 'categoricalCrossEntropy' | 'meanSquaredError',
): string[] {
  return model.network.layers
    .filter(
      ({ isUpdatable, body }) =>
        !isUpdatable && (body.kind === 'convolution' || body.kind === 'innerProduct'),
    )
    .map(({ name }) => name)
    .filter((name) => checkRules(withLayerTrained(model, name, loss)).length === 0);
}

function withLayerTrained(model: Model, name: string, loss: Exclude<Loss['kind'], 'none'>): Model {
  const copy = structuredClone(model);
  copy.isUpdatable = true;
  if (!copy.network.update) addTraining(copy, loss);
  const layer = copy.network.layers.find((candidate) => candidate.name === name);
  if (layer) {
    layer.isUpdatable = true;
    for (const [, weights] of weightsOf(layer)) weights.isUpdatable = true;
  }
  return copy;
}

function addTraining(model: Model, kind: Exclude<Loss['kind'], 'none'>): void {
  const output = model.description.outputs[0];
  if (!output) return;
  const name = 'target of the trial';
  const target: Feature =
    kind === 'meanSquaredError' && output.type.kind === 'multiArray'
      ? { name, shortDescription: '', type: { ...output.type, dataType: 'double' } }
      : {
          name,
          shortDescription: '',
          type: { kind: 'multiArray', optional: false, shape: [1], dataType: 'int32' },
        };
  model.description.trainingInputs = [...model.description.inputs, target];
  model.network.update = trialParameters({
    name: 'loss of the trial',
    kind,
    input: output.name,
    target: name,
  });
}

function trialParameters(loss: Loss): UpdateParameters {
  return {
    losses: [loss],
    optimizer: {
      kind: 'sgd',
      learningRate: { value: 0.1, range: undefined },
      miniBatchSize: { value: 1, allowed: undefined },
      momentum: undefined,
    },
    epochs: { value: 1, allowed: undefined },
    shuffle: undefined,
    seed: undefined,
  };
}
