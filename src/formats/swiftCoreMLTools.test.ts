/** The notation of SwiftCoreMLTools: what the code says, what it leaves out in words, what it refuses. */
import { describe, expect, test } from 'vitest';
import type { CoreMLSettings } from '../project/coremlSettings';
import { choose, compiled, conv, dense, image, lenet, sourceOf, type Step } from './coreml/testing';
import type { ExportSource } from './defineFormat';
import { swiftErrors, unfinished } from './swift/testing';
import { swiftCoreMLTools } from './swiftCoreMLTools';

const codeOf = async (source: ExportSource, weights = false): Promise<string> =>
  new TextDecoder().decode(await swiftCoreMLTools.write(source, { weights }));
const head = (...steps: readonly Step[]) =>
  compiled(image(), ...steps, { kind: 'flatten' }, dense('dense', 10, 'softmax'));
const messages = (source: ExportSource, severity: string, weights = false) =>
  swiftCoreMLTools
    .inspect(source, { weights })
    .filter((note) => note.severity === severity)
    .map(({ message }) => message);

describe('LeNet', () => {
  test('parses and says every layer in the order of the package’s initializers', async () => {
    const code = await codeOf(sourceOf(lenet));
    expect(await swiftErrors(code)).toEqual([]);
    expect(unfinished.exec(code)).toBeNull();
    const flat = code.replace(/\s+/g, ' ');
    for (const part of [
      'import SwiftCoreMLTools',
      'let network = Model( version: 4, shortDescription: "Test", author: "", license: "", userDefined: [:] ) {',
      'Input(name: "image", shape: [1, 28, 28]) Output(name: "output", shape: [10]) ' +
        'TrainingInput(name: "image", shape: [1, 28, 28]) ' +
        'TrainingInput(name: "output_true", shape: [1], featureType: .int)',
      'losses: [ CategoricalCrossEntropy( name: "lossLayer", input: "output", target: "output_true" ) ]',
      'optimizer: Adam( learningRateDefault: 0.001, learningRateMax: 0.3, miniBatchSizeDefault: 128, ' +
        'miniBatchSizeRange: [128], beta1Default: 0.9, beta1Max: 1, beta2Default: 0.999, beta2Max: 1, ' +
        'epsDefault: 1e-7, epsMax: 1 ), epochDefault: 10, epochSet: [10], shuffle: true ) {',
      'Convolution( name: "conv2d", input: ["image"], output: ["conv2d_before_relu"], outputChannels: 32, ' +
        'kernelChannels: 1, nGroups: 1, kernelSize: [3, 3], stride: [1, 1], dilationFactor: [1, 1], ' +
        'paddingType: .valid(borderAmounts: [EdgeSizes(startEdgeSize: 0, endEdgeSize: 0), ' +
        'EdgeSizes(startEdgeSize: 0, endEdgeSize: 0)]), outputShape: [], deconvolution: false, updatable: true )',
      'ReLu( name: "conv2d_relu", input: ["conv2d_before_relu"], output: ["conv2d"] )',
      'poolingType: .max, kernelSize: [2, 2], stride: [2, 2], ',
      'avgPoolExcludePadding: true, globalPooling: false )',
      'Flatten( name: "flatten", input: ["max_pooling2d_1"], output: ["flatten"], mode: .last )',
      'inputChannels: 1152, outputChannels: 500, updatable: true )',
      'Softmax( name: "dense_1_softmax", input: ["dense_1_before_softmax"], output: ["output"] )',
    ])
      expect(flat).toContain(part);
  });

  test('names what the notation leaves out', () => {
    expect(messages(sourceOf(lenet), 'gap')).toEqual([]);
    expect(messages(sourceOf(lenet), 'note')).toEqual([
      expect.stringContaining('The code holds no weights'),
      expect.stringContaining('no place for the version'),
      expect.stringContaining('no seed'),
      expect.stringContaining('single values only'),
    ]);
  });

  test('is too large to be written with its weights', async () => {
    expect(messages(sourceOf(lenet), 'gap', true)).toEqual([
      expect.stringContaining('585,958 weights; Swift compiles lists of up to 100,000'),
    ]);
    await expect(codeOf(sourceOf(lenet), true)).rejects.toThrow('Leave the weights out of the code.');
  });
});

test('weights stand in the code in Core ML’s order, with a bias of zeros where the layer has none', async () => {
  const network = compiled(
    image([1, 2, 1]),
    { kind: 'flatten' },
    {
      ...dense('dense', 2, 'softmax'),
      params: { units: 2, activation: 'softmax', useBias: false },
    },
  );
  const source = { ...sourceOf(network), weights: { 'dense/kernel': Float32Array.of(0.5, -1, 2, 0.25) } };
  const code = await codeOf(source, true);
  expect(await swiftErrors(code)).toEqual([]);
  expect(code.replace(/\s+/g, ' ')).toContain('weight: [0.5, 2, -1, 0.25], bias: [0, 0], inputChannels: 2,');
  expect(messages(source, 'note', true).join(' ')).toContain('These have none here: dense.');
});

test('SGD, same padding, average pooling and curves with numbers are said', async () => {
  const network = compiled(
    image(),
    conv('conv2d', { padding: 'same', activation: 'elu' }),
    { kind: 'averagePooling2d', params: { padding: 'same' } },
    { kind: 'globalAveragePooling2d' },
    dense('dense', 10, 'softmax'),
  );
  const code = await codeOf(sourceOf(network, { optimizer: 'sgd' }));
  expect(await swiftErrors(code)).toEqual([]);
  const flat = code.replace(/\s+/g, ' ');
  expect(flat).toContain('SGD( learningRateDefault: 0.001, learningRateMax: 0.3,');
  expect(flat).toContain('momentumDefault: 0.9, momentumMax: 1 )');
  expect(flat).toContain('paddingType: .same(mode: .bottomRightHeavy), outputShape: []');
  expect(flat).toContain('poolingType: .average,');
  expect(flat).toContain('globalPooling: true )');
  expect(flat).toContain('Elu( name: "conv2d_elu",');
  expect(flat).toContain('alpha: 1 )');
});

const refused: [what: string, source: ExportSource, words: string][] = [
  ['batch normalization', sourceOf(head({ kind: 'batchNormalization' })), 'has no batch normalization'],
  [
    'addition',
    sourceOf(head(conv('a', { filters: 1, padding: 'same' }), { kind: 'add', from: ['a', 'input'] })),
    'has no addition of layers',
  ],
  [
    'a dilation unlike the strides',
    sourceOf(head(conv('a', { dilationRate: [2, 2] }))),
    'in the place of the dilation',
  ],
  [
    'mean squared error',
    sourceOf(compiled(image(), { kind: 'flatten' }, dense('dense', 10, 'sigmoid')), {
      loss: 'meanSquaredError',
    }),
    'Core ML wants double for mean squared error',
  ],
  ...(
    [
      ['a classifier', { modelType: 'classifier' }, 'has no classifiers'],
      ['an image input', { input: 'image' }, 'has no image inputs'],
    ] satisfies [string, Partial<CoreMLSettings>, string][]
  ).map(([what, choices, words]): [string, ExportSource, string] => [
    what,
    choose(sourceOf(lenet), choices),
    words,
  ]),
];

test.each(refused)('%s is a gap, and nothing is written', async (_, source, words) => {
  expect(messages(source, 'gap')).toEqual([expect.stringContaining(words)]);
  await expect(codeOf(source)).rejects.toThrow(words);
});
