/** The rules of training on the device, one by one, each with a network that is accepted and one that is refused. */
import { expect, test } from 'vitest';
import { judge, YOU_FROZE_IT, type Judgement, type LossInput } from './judge';
import type { NeuralNetworkLayer } from './messages';
import { layerTypeOf, rules, type LayerType } from './rules';

type Body = Omit<NeuralNetworkLayer, 'name' | 'input' | 'output'>;

const weights = { floatValue: new Float32Array(1) };
const innerProduct: Body = { innerProduct: { inputChannels: 1, outputChannels: 1, hasBias: false, weights } };
const vector = { floatValue: new Float32Array(1) };

/** One body for every type of the table. */
const bodies: Record<LayerType, Body> = {
  convolution: {
    convolution: {
      outputChannels: 1,
      kernelChannels: 1,
      nGroups: 1,
      kernelSize: [1, 1],
      stride: [1, 1],
      dilationFactor: [1, 1],
      hasBias: false,
      weights,
      valid: { paddingAmounts: {} },
    },
  },
  innerProduct,
  pooling: { pooling: { type: 0, valid: { paddingAmounts: {} } } },
  flatten: { flatten: { mode: 1 } },
  batchnorm: {
    batchnorm: { channels: 1, epsilon: 0.001, gamma: vector, beta: vector, mean: vector, variance: vector },
  },
  softmax: { softmax: {} },
  embedding: { embedding: { inputDim: 1, outputChannels: 1, hasBias: false, weights } },
  padding: { padding: { constant: { value: 0 }, paddingAmounts: { borderAmounts: [] } } },
  upsample: { upsample: { scalingFactor: [2, 2], mode: 0 } },
  add: { add: {} },
  multiply: { multiply: {} },
  reshape: { reshape: { targetShape: [1], mode: 1 } },
  permute: { permute: { axis: [0, 1, 2, 3] } },
  concat: { concat: { sequenceConcat: false } },
  linear: { activation: { linear: { alpha: 1, beta: 0 } } },
  ReLU: { activation: { ReLU: {} } },
  leakyReLU: { activation: { leakyReLU: { alpha: 0.3 } } },
  thresholdedReLU: { activation: { thresholdedReLU: { alpha: 1 } } },
  PReLU: { activation: { PReLU: { alpha: vector } } },
  scaledTanh: { activation: { scaledTanh: { alpha: 1, beta: 1 } } },
  sigmoidHard: { activation: { sigmoidHard: { alpha: 0.2, beta: 0.5 } } },
  tanh: { activation: { tanh: {} } },
  sigmoid: { activation: { sigmoid: {} } },
  ELU: { activation: { ELU: { alpha: 1 } } },
  softsign: { activation: { softsign: {} } },
  softplus: { activation: { softplus: {} } },
  parametricSoftplus: { activation: { parametricSoftplus: { alpha: vector, beta: vector } } },
};

const layer = (name: string, input: string[], body: Body): NeuralNetworkLayer => ({
  name,
  input,
  output: [name],
  ...body,
});

const fateOf = (judgement: Judgement, name: string) => judgement.verdicts.find((v) => v.layer === name)!;
const crossEntropy = (input: string): LossInput => ({ type: 'categoricalCrossEntropy', input });
const meanSquaredError = (input: string): LossInput => ({ type: 'meanSquaredError', input });

/** A layer that could train, then one of the type, then a layer that trains, then softmax. */
function between(type: LayerType): Judgement {
  return judge(
    [
      layer('first', ['image'], innerProduct),
      layer('middle', ['first'], bodies[type]),
      layer('last', ['middle'], innerProduct),
      layer('output', ['last'], bodies.softmax),
    ],
    crossEntropy('output'),
  );
}

test('the table has a rule for every layer and names its type', () => {
  for (const [type, body] of Object.entries(bodies)) expect(layerTypeOf(layer('x', [], body))).toBe(type);
  expect(Object.keys(bodies).sort()).toEqual(Object.keys(rules).sort());
});

const PASSING: LayerType[] = [
  'convolution',
  'innerProduct',
  'flatten',
  'pooling',
  'batchnorm',
  'ReLU',
  'sigmoid',
  'tanh',
];

test.each(PASSING)('a layer before %s trains', (type) => {
  expect(fateOf(between(type), 'first')).toEqual({ layer: 'first', fate: 'trains' });
});

test.each((Object.keys(rules) as LayerType[]).filter((type) => !PASSING.includes(type)))(
  'a layer before %s is frozen, one after it trains',
  (type) => {
    const judgement = between(type);
    expect(fateOf(judgement, 'first')).toMatchObject({
      fate: 'frozen',
      because: [{ by: 'middle', reason: expect.stringMatching(/^Core ML passes .*gradients.*\.$/) }],
    });
    expect(fateOf(judgement, 'last')).toEqual({ layer: 'last', fate: 'trains' });
  },
);

test.each(['convolution', 'innerProduct'] as const)('%s trains', (type) => {
  expect(fateOf(between(type), 'middle').fate).toBe('trains');
});

test.each([
  ['batchnorm', 'batch normalization'],
  ['embedding', 'an embedding'],
  ['PReLU', 'the slopes of prelu'],
  ['parametricSoftplus', 'parametric softplus'],
] as const)('%s never trains, and says so', (type, noun) => {
  expect(fateOf(between(type), 'middle')).toMatchObject({
    fate: 'frozen',
    because: [{ by: 'middle', reason: expect.stringContaining(`never trains ${noun}:`) }],
  });
});

test('cross-entropy is accepted on softmax and refused on anything else', () => {
  const dense = layer('dense', ['image'], innerProduct);
  expect(judge([dense, layer('output', ['dense'], bodies.softmax)], crossEntropy('output')).lossRefused).toBe(
    undefined,
  );
  const refused = judge([dense, layer('output', ['dense'], bodies.sigmoid)], crossEntropy('output'));
  expect(refused.lossRefused).toContain('softmax');
  expect(fateOf(refused, 'dense').fate).toBe('frozen');
});

test('mean squared error is accepted on sigmoid and refused on softmax and on the input itself', () => {
  const dense = layer('dense', ['image'], innerProduct);
  const accepted = judge([dense, layer('output', ['dense'], bodies.sigmoid)], meanSquaredError('output'));
  expect(accepted.lossRefused).toBe(undefined);
  expect(fateOf(accepted, 'dense').fate).toBe('trains');
  const refused = judge([dense, layer('output', ['dense'], bodies.softmax)], meanSquaredError('output'));
  expect(refused.lossRefused).toContain('softmax');
  expect(fateOf(refused, 'dense').fate).toBe('frozen');
  expect(judge([dense], meanSquaredError('image')).lossRefused).toContain('must read');
});

test('mean squared error on an activation that passes no gradients trains nothing', () => {
  const judgement = judge(
    [layer('dense', ['image'], innerProduct), layer('output', ['dense'], bodies.softplus)],
    meanSquaredError('output'),
  );
  expect(fateOf(judgement, 'dense')).toMatchObject({ fate: 'frozen', because: [{ by: 'output' }] });
});

test('every layer before an add is frozen, on the skipping branch too, and what follows it trains', () => {
  const judgement = judge(
    [
      layer('stem', ['image'], bodies.convolution),
      layer('body', ['stem'], bodies.convolution),
      layer('sum', ['body', 'stem'], bodies.add),
      layer('flat', ['sum'], bodies.flatten),
      layer('head', ['flat'], innerProduct),
      layer('output', ['head'], bodies.softmax),
    ],
    crossEntropy('output'),
  );
  const fates = judgement.verdicts.map(({ fate }) => fate);
  expect(fates).toEqual(['frozen', 'frozen', 'weightless', 'weightless', 'trains', 'weightless']);
  expect(fateOf(judgement, 'stem')).toMatchObject({ because: [{ by: 'sum' }] });
});

test('one blocked path is enough to freeze a layer that also has a free one', () => {
  const judgement = judge(
    [
      layer('stem', ['image'], innerProduct),
      layer('bent', ['stem'], bodies.ELU),
      // No layer of the app takes two inputs and passes gradients; the rule must hold if one ever does.
      { ...layer('joined', ['stem', 'bent'], innerProduct) },
      layer('output', ['joined'], bodies.softmax),
    ],
    crossEntropy('output'),
  );
  expect(fateOf(judgement, 'stem')).toMatchObject({ fate: 'frozen', because: [{ by: 'bent' }] });
  expect(fateOf(judgement, 'joined').fate).toBe('trains');
});

test('a layer whose output does not reach the loss is frozen', () => {
  const judgement = judge(
    [
      layer('used', ['image'], innerProduct),
      layer('aside', ['image'], innerProduct),
      layer('output', ['used'], bodies.softmax),
    ],
    crossEntropy('output'),
  );
  expect(fateOf(judgement, 'aside')).toMatchObject({
    fate: 'frozen',
    because: [{ reason: 'Its output does not reach the loss.' }],
  });
});

test('every rule says where it stands in the validator', () => {
  for (const { source } of Object.values(rules)) expect(source).toMatch(/^\w+\.[ch]pp, \w+$/);
});

test('of several layers that stop a branch each is named once, the nearest first', () => {
  const judgement = judge(
    [
      layer('stem', ['image'], innerProduct),
      layer('left', ['stem'], bodies.ELU),
      layer('right', ['stem'], bodies.softplus),
      layer('sum', ['left', 'right'], bodies.add),
      layer('head', ['sum'], innerProduct),
      layer('output', ['head'], bodies.softmax),
    ],
    crossEntropy('output'),
  );
  const stem = fateOf(judgement, 'stem');
  expect(stem.fate === 'frozen' && stem.because.map(({ by }) => by)).toEqual(['left', 'sum', 'right']);
});

test('a layer that the person froze stays, and what stands before it still trains', () => {
  const layers = [
    layer('first', ['image'], innerProduct),
    layer('second', ['first'], innerProduct),
    layer('output', ['second'], bodies.softmax),
  ];
  const judgement = judge(layers, crossEntropy('output'), new Set(['second']));
  expect(fateOf(judgement, 'first').fate).toBe('trains');
  expect(fateOf(judgement, 'second')).toEqual({
    layer: 'second',
    fate: 'frozen',
    because: [{ by: 'second', reason: YOU_FROZE_IT }],
  });
});

test('without a loss, what is stopped already is frozen, and the rest is open', () => {
  const judgement = judge(
    [
      layer('first', ['image'], innerProduct),
      layer('bent', ['first'], bodies.ELU),
      layer('second', ['bent'], innerProduct),
      layer('last', ['second'], bodies.softmax),
    ],
    undefined,
  );
  expect(fateOf(judgement, 'first')).toMatchObject({ fate: 'frozen', because: [{ by: 'bent' }] });
  expect(fateOf(judgement, 'second').fate).toBe('open');
});

test('a branch that ends before the loss stops nothing', () => {
  const judgement = judge(
    [
      layer('stem', ['image'], innerProduct),
      layer('aside', ['stem'], bodies.ELU),
      layer('output', ['stem'], bodies.softmax),
    ],
    crossEntropy('output'),
  );
  expect(fateOf(judgement, 'stem').fate).toBe('trains');
});
