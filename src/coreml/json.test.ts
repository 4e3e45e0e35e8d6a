/** The JSON form: what is written comes back as the same message, and a wrong value is named with the way to it. */
import { expect, test } from 'vitest';
import { decodeModel, encodeModel } from './codec';
import { modelFromJson } from './fromJson';
import { modelToJson } from './json';
import type { Model } from './model';

const floatValue = Float32Array.from({ length: 60 }, (_, i) =>
  Math.fround(Math.sin(i) * 10 ** ((i % 9) - 6)),
);
floatValue[7] = -0;
const model: Model = {
  specificationVersion: 4,
  isUpdatable: true,
  description: {
    input: [{ name: 'a', type: { multiArrayType: { shape: [60], dataType: 65568 } } }],
    output: [],
    metadata: { shortDescription: 'A "quoted" text\nof two lines', userDefined: { k: 'v' } },
  },
  neuralNetwork: {
    layers: [
      {
        name: 'dense',
        input: ['a'],
        output: ['b'],
        innerProduct: {
          inputChannels: 60,
          outputChannels: 1,
          hasBias: false,
          weights: { floatValue, isUpdatable: true },
        },
      },
      {
        name: 'half',
        input: ['b'],
        output: ['c'],
        activation: {
          PReLU: { alpha: { floatValue: new Float32Array(0), float16Value: Uint8Array.of(1, 2, 255, 60) } },
        },
      },
    ],
    updateParams: {
      lossLayers: [],
      optimizer: {
        sgdOptimizer: {
          learningRate: { defaultValue: 0.1, range: { minValue: 0, maxValue: 1e-7 } },
          miniBatchSize: { defaultValue: 2 ** 40, set: { values: [1, 2] } },
          momentum: { defaultValue: 0 },
        },
      },
      epochs: { defaultValue: 1 },
      shuffle: { defaultValue: true },
      seed: { defaultValue: 0 },
    },
  },
};
const file = encodeModel(model);
const decoded = decodeModel(file);

test('a model with its weights comes back from JSON as the same message and the same bytes', () => {
  const text = modelToJson(decoded.model, true);
  const back = modelFromJson(JSON.parse(text));
  expect(back).toEqual(decoded);
  expect(encodeModel(back.model)).toEqual(file);
});

test('the text is protobuf’s own JSON: long integers and bytes as texts, enums by name, defaults left out', () => {
  const text = modelToJson(decoded.model, true);
  expect(text).toContain('"dataType": "FLOAT32"');
  expect(text).toContain('"inputChannels": "60"');
  expect(text).toContain('"defaultValue": "1099511627776"');
  expect(text).toContain('"float16Value": "AQL/PA=="');
  expect(text).not.toContain('hasBias');
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(100);
  expect(text.split('\n').length).toBeLessThan(100);
});

test('without weights the text keeps all but their numbers', () => {
  const text = modelToJson(decoded.model, false);
  expect(text).not.toContain('floatValue');
  expect(text).not.toContain('float16Value');
  const layer = modelFromJson(JSON.parse(text)).model.neuralNetwork!.layers[0]!;
  expect(layer.innerProduct!.weights).toEqual({ floatValue: new Float32Array(0), isUpdatable: true });
});

test.each([
  [[], 'The model should be an object, a Model.'],
  [{}, 'This is no Core ML model in JSON: "specificationVersion" is missing.'],
  [{ specificationVersion: 4.5 }, 'The model.specificationVersion should be a whole number; it is 4.5.'],
  [{ isUpdatable: 'yes' }, 'The model.isUpdatable should be true or false.'],
  [{ neuralNetwork: { layers: {} } }, 'The model.neuralNetwork.layers should be a list.'],
  [{ neuralNetwork: { layers: [{ name: 7 }] } }, 'The model.neuralNetwork.layers[0].name should be a text.'],
  [
    { neuralNetwork: { layers: [{ flatten: {}, softmax: {} }] } },
    'The model.neuralNetwork.layers[0] holds both flatten and softmax; it can be one of them only.',
  ],
  [
    { description: { metadata: { userDefined: { a: 1 } } } },
    'The model.description.metadata.userDefined.a should be a text.',
  ],
  [
    { neuralNetwork: { layers: [{ innerProduct: { weights: { float16Value: '§' } } }] } },
    'The model.neuralNetwork.layers[0].innerProduct.weights.float16Value should be bytes in base64.',
  ],
])('%j is refused in words', (json, sentence) => {
  expect(() => modelFromJson(json)).toThrow(sentence);
});

test('fields and layer types that the app does not know are reported by name', () => {
  const { unknown } = modelFromJson({
    specificationVersion: 4,
    neuralNetwork: { layers: [{}, { gru: { inputVectorSize: '3' } }], extra: 1 },
  });
  expect(unknown).toEqual([
    { message: 'NeuralNetworkLayer', number: 410, name: 'gru', layer: 1 },
    { message: 'NeuralNetwork', number: 0, name: 'extra', layer: undefined },
  ]);
});
