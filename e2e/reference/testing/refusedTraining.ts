/**
 * Models that break one rule each on training on the device: flags, gradients, loss, optimizer, targets. For rules.test.ts.
 */
import {
  adamOf,
  convolutionOf,
  innerProductOf,
  insertBefore,
  layerNamed,
  updateOf,
  type Sample,
} from './refused';
import {
  arrayFeature,
  classifierModel,
  dense,
  floats,
  layer,
  regressionModel,
  trainableModel,
} from './samples';

export const REFUSED_TRAINING: readonly Sample[] = [
  ['update parameters', 'none in an updatable model', trainableModel, (m) => (m.network.update = undefined)],
  [
    'update parameters',
    'some in a model that is not updatable',
    trainableModel,
    (m) => (m.isUpdatable = false),
  ],
  [
    'updatable kinds',
    'an updatable batch normalisation',
    trainableModel,
    (m) => {
      insertBefore(
        m,
        'flat',
        layer(
          'bn',
          ['relu'],
          {
            kind: 'batchnorm',
            channels: 2,
            computeMeanVar: false,
            instanceNormalization: false,
            epsilon: 0.001,
            gamma: floats([1, 1]),
            beta: floats([0, 0]),
            mean: floats([0, 0]),
            variance: floats([1, 1]),
          },
          true,
        ),
      );
    },
  ],
  [
    'updatable kinds',
    'no updatable layer at all',
    trainableModel,
    (m) => {
      for (const { body } of m.network.layers.filter(({ isUpdatable }) => isUpdatable)) {
        if (body.kind !== 'convolution' && body.kind !== 'innerProduct') continue;
        body.weights!.isUpdatable = body.bias!.isUpdatable = false;
      }
      for (const each of m.network.layers) each.isUpdatable = false;
    },
  ],
  [
    'updatable flags',
    'a bias without its flag',
    trainableModel,
    (m) => (innerProductOf(m).bias!.isUpdatable = false),
  ],
  [
    'updatable flags',
    'weights without their flag',
    trainableModel,
    (m) => (convolutionOf(m).weights!.isUpdatable = false),
  ],
  [
    'updatable flags',
    'flagged weights in a frozen layer',
    trainableModel,
    (m) => {
      layerNamed(m, 'conv').isUpdatable = false;
    },
  ],
  [
    'float32 weights',
    'quantized weights in an updatable layer',
    trainableModel,
    (m) => {
      convolutionOf(m).weights!.isQuantized = true;
    },
  ],
  [
    'gradient path',
    'an addition after an updatable layer',
    trainableModel,
    (m) => {
      insertBefore(m, 'flat', {
        ...layer('sum', ['relu'], { kind: 'add', alpha: 0 }),
        inputs: ['relu', 'conv'],
      });
    },
  ],
  [
    'float32 weights',
    'halves in an updatable layer',
    trainableModel,
    (m) => {
      Object.assign(innerProductOf(m).weights!, { floats: new Float32Array(0), float16Bytes: 108 });
    },
  ],
  [
    'gradient path',
    'a linear identity in the place of a dropout',
    trainableModel,
    (m) => {
      insertBefore(
        m,
        'flat',
        layer('drop', ['relu'], { kind: 'activation', activation: { name: 'linear', alpha: 1, beta: 0 } }),
      );
    },
  ],
  [
    'loss input',
    'cross-entropy of a softmax of any rank',
    trainableModel,
    (m) => {
      layerNamed(m, 'probs').body = { kind: 'softmaxND', axis: -3 };
    },
  ],
  [
    'gradient path',
    'an elu after an updatable layer',
    trainableModel,
    (m) => {
      layerNamed(m, 'relu').body = { kind: 'activation', activation: { name: 'elu', alpha: 1 } };
    },
  ],
  [
    'gradient path',
    'an updatable layer that the loss does not see',
    trainableModel,
    (m) => {
      m.network.layers.push(layer('aside', ['flat'], dense(18, 2, true), true));
    },
  ],
  ['one loss', 'no loss', trainableModel, (m) => (updateOf(m).losses = [])],
  [
    'one loss',
    'two losses',
    trainableModel,
    (m) => {
      updateOf(m).losses.push({ ...updateOf(m).losses[0]!, name: 'second' });
    },
  ],
  ['one loss', 'a loss of no kind', trainableModel, (m) => (updateOf(m).losses[0]!.kind = 'none')],
  ['loss input', 'cross-entropy of scores', trainableModel, (m) => (updateOf(m).losses[0]!.input = 'dense')],
  [
    'loss input',
    'mean squared error of a softmax',
    regressionModel,
    (m) => {
      m.network.layers.push(layer('probs', ['dense'], { kind: 'softmax' }));
      updateOf(m).losses[0]!.input = 'probs';
    },
  ],
  [
    'loss input',
    'mean squared error of an input',
    regressionModel,
    (m) => {
      for (const each of m.network.layers) each.isUpdatable = false;
      updateOf(m).losses[0]!.input = 'in';
    },
  ],
  [
    'loss target',
    'a target made in the network',
    trainableModel,
    (m) => (updateOf(m).losses[0]!.target = 'dense'),
  ],
  ['optimizer', 'Adam without eps', trainableModel, (m) => (adamOf(m).eps = undefined)],
  ['optimizer', 'no mini-batch size', trainableModel, (m) => (adamOf(m).miniBatchSize = undefined)],
  ['optimizer', 'none', trainableModel, (m) => (updateOf(m).optimizer = undefined)],
  [
    'parameter limits',
    'a learning rate above its range',
    trainableModel,
    (m) => (adamOf(m).learningRate!.value = 0.4),
  ],
  [
    'parameter limits',
    'a range of eps without its default',
    trainableModel,
    (m) => {
      adamOf(m).eps = { value: 0, range: { min: 1e-10, max: 1 } };
    },
  ],
  [
    'parameter limits',
    'epochs outside their set',
    trainableModel,
    (m) => {
      updateOf(m).epochs = { value: 3, allowed: { kind: 'set', values: [1, 2] } };
    },
  ],
  [
    'parameter limits',
    'epochs from 0',
    trainableModel,
    (m) => {
      updateOf(m).epochs = { value: 3, allowed: { kind: 'range', min: 0, max: 10 } };
    },
  ],
  [
    'parameter limits',
    'a mini-batch size of 0',
    trainableModel,
    (m) => {
      adamOf(m).miniBatchSize = { value: 0, allowed: undefined };
    },
  ],
  ['epochs', 'no epochs', trainableModel, (m) => (updateOf(m).epochs = undefined)],
  ['training inputs', 'only the input', trainableModel, (m) => m.description.trainingInputs.pop()],
  [
    'training inputs',
    'another type than the input has',
    trainableModel,
    (m) => {
      m.description.trainingInputs[0] = arrayFeature('in', [1, 4, 4], 'double');
    },
  ],
  [
    'training inputs',
    'one too many',
    trainableModel,
    (m) => {
      m.description.trainingInputs.push(arrayFeature('more', [1], 'int32'));
    },
  ],
  [
    'training inputs',
    'a classifier trained on something else than its label',
    classifierModel,
    (m) => {
      m.description.trainingInputs[1] = arrayFeature('target', [1], 'int32');
    },
  ],
  [
    'target type',
    'a one-hot target',
    trainableModel,
    (m) => {
      m.description.trainingInputs[1] = arrayFeature('target', [3], 'int32');
    },
  ],
  [
    'target type',
    'a target of doubles for cross-entropy',
    trainableModel,
    (m) => {
      m.description.trainingInputs[1] = arrayFeature('target', [1], 'double');
    },
  ],
  [
    'target type',
    'a float32 target for mean squared error',
    regressionModel,
    (m) => {
      m.description.trainingInputs[1] = arrayFeature('target', [3], 'float32');
    },
  ],
  [
    'target type',
    'a label of another type than the output',
    classifierModel,
    (m) => {
      m.description.trainingInputs[1]!.type = { kind: 'int64', optional: false };
    },
  ],
];
