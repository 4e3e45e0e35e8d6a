/** Numbers put at the places that are stated are the numbers that the decoder finds. */
import { expect, test } from 'vitest';
import { decodeModel, encodeModel } from './codec';
import type { NeuralNetworkLayer } from './messages';
import type { Model } from './model';
import { trainedPlaces, type NumberPlace } from './weightPlaces';

const floats = (count: number) => ({ floatValue: Float32Array.from({ length: count }, (_, i) => i / 3) });

const conv: NeuralNetworkLayer = {
  name: 'näme',
  input: ['image'],
  output: ['a'],
  isUpdatable: true,
  convolution: {
    outputChannels: 2,
    kernelChannels: 1,
    nGroups: 1,
    kernelSize: [3, 3],
    stride: [1, 1],
    dilationFactor: [1, 1],
    valid: { paddingAmounts: {} },
    hasBias: true,
    weights: { ...floats(18), isUpdatable: true },
    bias: { ...floats(2), isUpdatable: true },
  },
};
const dense = (name: string, isUpdatable: boolean): NeuralNetworkLayer => ({
  name,
  input: ['a'],
  output: [name],
  ...(isUpdatable ? { isUpdatable } : undefined),
  innerProduct: {
    inputChannels: 40,
    outputChannels: 10,
    hasBias: false,
    weights: { ...floats(400), isUpdatable },
  },
});

function model(classifier: boolean): Model {
  const layers = [dense('frozen', false), conv, dense('last', true)];
  return {
    specificationVersion: 4,
    isUpdatable: true,
    description: { input: [], output: [] },
    ...(classifier
      ? { neuralNetworkClassifier: { layers, labelProbabilityLayerName: 'last' } }
      : { neuralNetwork: { layers } }),
  };
}

function put(file: Uint8Array, { offset, count }: NumberPlace, value: number): void {
  const view = new DataView(file.buffer, file.byteOffset);
  for (let i = 0; i < count; i++) view.setFloat32(offset + 4 * i, value + i, true);
}

test.each([false, true])('numbers put in place are read back, in a classifier: %s', (classifier) => {
  const file = encodeModel(model(classifier));
  const places = trainedPlaces(file);
  expect(places.map(({ name, weights, biases }) => [name, weights.count, biases?.count])).toEqual([
    ['näme', 18, 2],
    ['last', 400, undefined],
  ]);
  put(file, places[0]!.weights, 1000);
  put(file, places[0]!.biases!, 2000);
  put(file, places[1]!.weights, 3000);
  const { model: found } = decodeModel(file);
  const [frozen, first, last] = (found.neuralNetwork ?? found.neuralNetworkClassifier)!.layers;
  const count = (start: number, length: number) => Float32Array.from({ length }, (_, i) => start + i);
  expect(frozen!.innerProduct!.weights.floatValue).toEqual(floats(400).floatValue);
  expect(first!.convolution!.weights.floatValue).toEqual(count(1000, 18));
  expect(first!.convolution!.bias!.floatValue).toEqual(count(2000, 2));
  expect(last!.innerProduct!.weights.floatValue).toEqual(count(3000, 400));
});

test('a file without a network has no places', () => {
  expect(trainedPlaces(encodeModel({ ...model(false), neuralNetwork: undefined }))).toEqual([]);
});
