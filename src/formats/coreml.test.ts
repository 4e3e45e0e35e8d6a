/** The Core ML export: what is written for which choices. What trains on the device: `coreml/training.test.ts`. */
import { describe, expect, test } from 'vitest';
import type { DoubleParameter, Int64Parameter } from '../coreml/model';
import { coreml, modelOf } from './coreml';
import { choose, compiled, conv, dense, image, lenet, sourceOf, type Step } from './coreml/testing';

const classify: readonly Step[] = [{ kind: 'flatten' }, dense('head', 10, 'softmax')];
const notesOf = (source: ReturnType<typeof sourceOf>, changes = {}) =>
  coreml.inspect(choose(source, changes), {});

describe('LeNet', () => {
  const texts = { description: 'Digits', version: '2', author: 'Ada', license: 'MIT' };
  const model = modelOf(choose(sourceOf(lenet), { texts }));
  const { layers, updateParams } = model.neuralNetwork!;

  test('is an updatable network of version 4 and needs no note', () => {
    expect(model).toMatchObject({ specificationVersion: 4, isUpdatable: true });
    expect(model.neuralNetworkClassifier).toBeUndefined();
    expect(coreml.inspect(sourceOf(lenet), {})).toEqual([]);
  });

  test('has every convolution and inner product flagged, with weights and bias, and nothing else', () => {
    const flagged = layers.filter((layer) => layer.isUpdatable).map(({ name }) => name);
    expect(flagged).toEqual(['conv2d', 'conv2d_1', 'dense', 'dense_1']);
    for (const layer of layers) {
      const params = layer.convolution ?? layer.innerProduct;
      expect(params?.weights.isUpdatable).toBe(layer.isUpdatable);
      expect(params?.bias?.isUpdatable).toBe(layer.isUpdatable);
    }
  });

  test('takes and gives what the reference takes and gives', () => {
    expect(model.description.input).toMatchObject([
      { name: 'image', type: { multiArrayType: { shape: [1, 28, 28], dataType: 65568 } } },
    ]);
    expect(model.description.output).toMatchObject([
      { name: 'output', type: { multiArrayType: { shape: [10], dataType: 65568 } } },
    ]);
    expect(model.description.trainingInput).toMatchObject([
      model.description.input[0]!,
      { name: 'output_true', type: { multiArrayType: { shape: [1], dataType: 131104 } } },
    ]);
    expect(updateParams!.lossLayers).toEqual([
      { name: 'lossLayer', categoricalCrossEntropyLossLayer: { input: 'output', target: 'output_true' } },
    ]);
  });

  test("carries the person's own pairs, and the names of the file that it was opened from", () => {
    const names = { input: 'x', output: 'y', label: 'digit', target: 'y_true', loss: 'loss' };
    const userDefined = [{ key: 'camera', value: 'wide' }];
    const named = modelOf(choose(sourceOf(lenet), { userDefined, names }));
    expect(named.description.metadata!.userDefined).toEqual({ camera: 'wide' });
    expect(named.description.trainingInput!.map(({ name }) => name)).toEqual(['x', 'y_true']);
    expect(named.neuralNetwork!.layers.at(-1)!.output).toEqual(['y']);
    expect(named.neuralNetwork!.updateParams!.lossLayers[0]!.name).toBe('loss');
  });

  test('carries the words about it, and the name of the project where there are none', () => {
    expect(model.description.metadata).toEqual({
      shortDescription: 'Digits',
      versionString: '2',
      author: 'Ada',
      license: 'MIT',
    });
    const plain = modelOf(sourceOf(lenet));
    expect(plain.description.metadata!.shortDescription).toBe('Test');
  });
});

test('padding is stated by every convolution and pooling, the empty one too', () => {
  for (const padding of ['valid', 'same']) {
    const network = compiled(
      image(),
      conv('conv2d', { padding }),
      { kind: 'maxPooling2d', params: { padding } },
      { kind: 'averagePooling2d', params: { padding } },
      { kind: 'globalAveragePooling2d' },
      dense('dense', 10, 'softmax'),
    );
    const windows = modelOf(sourceOf(network)).neuralNetwork!.layers.flatMap(
      (layer) => layer.convolution ?? layer.pooling ?? [],
    );
    expect(windows).toHaveLength(4);
    for (const window of windows) expect([window.valid, window.same].filter(Boolean)).toHaveLength(1);
    expect(windows[0]).toHaveProperty(padding);
  }
});

describe('update parameters', () => {
  const parametersOf = (changes: Parameters<typeof sourceOf>[1], chosen = {}) =>
    modelOf(choose(sourceOf(lenet, changes), chosen)).neuralNetwork!.updateParams!;

  test('Adam writes all five of its parameters with the chosen values', () => {
    const { optimizer } = parametersOf({
      learningRate: 0.01,
      batchSize: 64,
      beta1: 0.8,
      beta2: 0.99,
      epsilon: 1e-6,
    });
    expect(optimizer).toEqual({
      adamOptimizer: {
        learningRate: { defaultValue: 0.01, range: { minValue: 0, maxValue: 0.3 } },
        miniBatchSize: { defaultValue: 64, range: { minValue: 1, maxValue: 512 } },
        beta1: { defaultValue: 0.8, range: { minValue: 0, maxValue: 1 } },
        beta2: { defaultValue: 0.99, range: { minValue: 0, maxValue: 1 } },
        eps: { defaultValue: 1e-6, range: { minValue: 0, maxValue: 1 } },
      },
    });
  });

  test('SGD writes learning rate, batch size and momentum', () => {
    const { optimizer, epochs, shuffle, seed } = parametersOf({
      optimizer: 'sgd',
      momentum: 0.5,
      epochs: 3,
      shuffle: false,
      seed: 9,
    });
    expect(Object.keys(optimizer)).toEqual(['sgdOptimizer']);
    expect(Object.keys(optimizer.sgdOptimizer!)).toEqual(['learningRate', 'miniBatchSize', 'momentum']);
    expect(optimizer.sgdOptimizer!.momentum!.defaultValue).toBe(0.5);
    expect(epochs.defaultValue).toBe(3);
    expect(shuffle).toEqual({ defaultValue: false });
    expect(seed).toEqual({ defaultValue: 9 });
  });

  test('every default lies in its own range, also where the run goes past what the export allows by itself', () => {
    for (const optimizer of ['adam', 'sgd'] as const) {
      const settings = { optimizer, learningRate: 2, epochs: 200, batchSize: 4096, epsilon: 0.1 };
      const { optimizer: written, epochs } = parametersOf(settings);
      const parameters: (DoubleParameter | Int64Parameter)[] = [
        epochs,
        ...Object.values((written.adamOptimizer ?? written.sgdOptimizer)!),
      ];
      for (const { defaultValue, range } of parameters) {
        expect(defaultValue).toBeGreaterThanOrEqual(range!.minValue);
        expect(defaultValue).toBeLessThanOrEqual(range!.maxValue);
      }
    }
  });

  test('state the ranges and sets that the person chose', () => {
    const written = parametersOf(
      {},
      {
        allowed: {
          learningRate: { type: 'range', min: 0.0001, max: 0.01 },
          batchSize: { type: 'set', values: [32, 64, 128] },
          epochs: { type: 'range', min: 5, max: 20 },
          seed: { type: 'set', values: [1, 42] },
        },
      },
    );
    expect(written.optimizer.adamOptimizer).toMatchObject({
      learningRate: { defaultValue: 0.001, range: { minValue: 0.0001, maxValue: 0.01 } },
      miniBatchSize: { defaultValue: 128, set: { values: [32, 64, 128] } },
    });
    expect(written.epochs).toEqual({ defaultValue: 10, range: { minValue: 5, maxValue: 20 } });
    expect(written.seed).toEqual({ defaultValue: 42, set: { values: [1, 42] } });
  });
});

describe('image input', () => {
  test('is grey for one channel, the same in training, and scaled in the file', () => {
    const { description, neuralNetwork } = modelOf(choose(sourceOf(lenet), { input: 'image' }));
    const type = { imageType: { width: 28, height: 28, colorSpace: 10 } };
    expect(description.input[0]!.type).toEqual(type);
    expect(description.trainingInput![0]).toEqual(description.input[0]);
    expect(neuralNetwork!.preprocessing).toEqual([
      { featureName: 'image', scaler: { channelScale: 1 / 255 } },
    ]);
  });

  test('is colour for three channels, with width and height in their places', () => {
    const network = compiled(image([20, 30, 3]), ...classify);
    const { description } = modelOf(choose(sourceOf(network), { input: 'image' }));
    expect(description.input[0]!.type).toEqual({ imageType: { width: 30, height: 20, colorSpace: 20 } });
  });

  test('is a gap for two channels', async () => {
    const source = sourceOf(compiled(image([8, 8, 2]), ...classify));
    expect(notesOf(source, { input: 'image' })).toMatchObject([
      { severity: 'gap', message: expect.stringContaining('8×8×2') },
    ]);
    await expect(coreml.write(choose(source, { input: 'image' }), {})).rejects.toThrow('8×8×2');
    expect(notesOf(source)).toEqual([]);
  });
});

describe('classifier', () => {
  test('of digits has whole numbers as labels, and is trained with them', () => {
    const model = modelOf(choose(sourceOf(lenet), { modelType: 'classifier' }));
    expect(model.neuralNetwork).toBeUndefined();
    expect(model.neuralNetworkClassifier).toMatchObject({
      int64ClassLabels: { vector: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
      labelProbabilityLayerName: 'classProbability',
    });
    expect(model.description).toMatchObject({
      predictedFeatureName: 'classLabel',
      predictedProbabilitiesName: 'classProbability',
      output: [
        { name: 'classLabel', type: { int64Type: {} } },
        { name: 'classProbability', type: { dictionaryType: { int64KeyType: {} } } },
      ],
      trainingInput: [{ name: 'image' }, { name: 'classLabel', type: { int64Type: {} } }],
    });
    expect(model.neuralNetworkClassifier!.layers.at(-1)!.output).toEqual(['classProbability']);
  });

  test('of words has text as labels', () => {
    const source = sourceOf(lenet, {}, { classLabels: [...'abcdefghij'] });
    const model = modelOf(choose(source, { modelType: 'classifier' }));
    expect(model.neuralNetworkClassifier!.stringClassLabels).toEqual({ vector: [...'abcdefghij'] });
    expect(model.description.output.map(({ type }) => type)).toEqual([
      { stringType: {} },
      { dictionaryType: { stringKeyType: {} } },
    ]);
  });

  test('is a gap where labels and outputs differ in number', () => {
    const source = sourceOf(lenet, {}, { classLabels: ['a', 'b'] });
    expect(notesOf(source, { modelType: 'classifier' })).toMatchObject([
      { severity: 'gap', message: expect.stringContaining('2 class labels') },
    ]);
  });
});

describe('weights that cannot be written', () => {
  test('of another network are a gap', () => {
    const source = { ...sourceOf(lenet), weights: {} };
    expect(notesOf(source)).toMatchObject([{ severity: 'gap' }]);
    expect(() => modelOf(source)).toThrow('do not belong to this network');
  });

  test('that are no finite numbers are a gap that names the layer', () => {
    const source = sourceOf(lenet);
    const kernel = source.weights['dense/kernel']!.slice();
    kernel[7] = NaN;
    const broken = { ...source, weights: { ...source.weights, 'dense/kernel': kernel } };
    expect(notesOf(broken)).toMatchObject([{ severity: 'gap', layer: 'dense' }]);
  });
});
