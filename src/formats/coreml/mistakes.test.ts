/** What exporters get wrong most often, each refused by a rule before a file is written. */
import { expect, test } from 'vitest';
import { ArrayDataType, type Model, type NetworkUpdateParameters } from '../../coreml/model';
import { modelOf } from '../coreml';
import {
  brokenBy,
  choose,
  compiled,
  conv,
  dense,
  image,
  layerNamed,
  lenet,
  sourceOf,
  type Breaking,
} from './testing';

const network = modelOf(sourceOf(lenet));
const classifier = modelOf(choose(sourceOf(lenet), { modelType: 'classifier' }));
const sloped = modelOf(
  sourceOf(compiled(image(), { kind: 'prelu' }, conv('c'), { kind: 'flatten' }, dense('d', 10, 'softmax'))),
);

/** By the rule that refuses it. */
const mistakes: readonly (readonly [mistake: string, id: string, by: Breaking, of?: Model])[] = [
  [
    'a one-hot target',
    'targetType',
    ({ description }) => (description.trainingInput![1]!.type.multiArrayType!.shape = [10]),
  ],
  [
    'a target that is no whole number',
    'targetType',
    ({ description }) =>
      (description.trainingInput![1]!.type.multiArrayType!.dataType = ArrayDataType.float32),
  ],
  [
    "a classifier's target that is text where the class is a number",
    'targetType',
    ({ description }) => (description.trainingInput![1]!.type = { stringType: {} }),
    classifier,
  ],
  [
    'a training input of another type than its input',
    'trainingInputs',
    ({ description }) =>
      (description.trainingInput![0]!.type = {
        multiArrayType: { shape: [1, 28, 28], dataType: ArrayDataType.int32 },
      }),
  ],
  ['no target', 'trainingInputs', ({ description }) => description.trainingInput!.pop()],
  [
    'a range of eps without its default',
    'optimizerNumbers',
    (_, __, { optimizer }) =>
      (optimizer.adamOptimizer!.eps = { range: { minValue: 0, maxValue: 1 } } as never),
  ],
  [
    'a residual network marked fully trainable',
    'gradients',
    (_, own) => {
      const middle = layerNamed(own, 'dense_relu');
      delete middle.activation;
      middle.add = {};
      middle.input.push(middle.input[0]!);
    },
  ],
  [
    'reshape where flatten belongs',
    'gradients',
    (_, own) => {
      const flatten = layerNamed(own, 'flatten');
      delete flatten.flatten;
      flatten.reshape = { targetShape: [1152, 1, 1], mode: 1 };
    },
  ],
  ['no epochs', 'epochs', (_, __, update) => delete (update as Partial<NetworkUpdateParameters>).epochs],
  [
    'halves in an updatable layer',
    'floatWeights',
    (_, own) => {
      const { weights } = layerNamed(own, 'conv2d').convolution!;
      weights.float16Value = new Uint8Array(2 * weights.floatValue.length);
      delete (weights as Partial<typeof weights>).floatValue;
    },
  ],
  [
    'a slope of prelu that is no number',
    'finiteWeights',
    (_, own) => (layerNamed(own, 'p_re_lu').activation!.PReLU!.alpha.floatValue[0] = Infinity),
    sloped,
  ],
];

for (const [mistake, id, by, of = network] of mistakes)
  test(`${mistake} is refused`, () => {
    expect(brokenBy(by, of).map(({ rule }) => rule.id)).toContain(id);
  });

test('without them the files are accepted', () => {
  for (const model of [network, classifier, sloped]) expect(brokenBy(() => undefined, model)).toEqual([]);
});
