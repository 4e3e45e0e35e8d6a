/** What is told of interfaces, pixels and weights that the app has no place for, on files made from honest ones. */
import { expect, test } from 'vitest';
import { encodeModel } from '../../../coreml/codec';
import { modelToJson } from '../../../coreml/json';
import type { Model, Preprocessing } from '../../../coreml/model';
import { mnist } from '../../../datasets/mnist';
import { modelOf } from '../../coreml';
import { compiled, conv, dense, image, sourceOf } from '../testing';
import { openBytes, openJson } from '.';

const network = compiled(
  image(),
  conv('conv', { filters: 2, activation: 'relu' }),
  { kind: 'globalAveragePooling2d', name: 'gap' },
  dense('head', 10, 'softmax'),
);
const model = (input: 'array' | 'image' = 'array') => modelOf(sourceOf(network, {}, mnist, { input }));
const open = (changed: Model) => openBytes(encodeModel(changed), 'file').read(new Set());
const told = (changed: Model) => open(changed).notes.map(({ message }) => message);

/** The model with an image input whose pixels are scaled so. */
function scaled(preprocessing: Preprocessing[]): Model {
  const base = model('image');
  return { ...base, neuralNetwork: { ...base.neuralNetwork!, preprocessing } };
}

test('pixels that are scaled as the data set scales them need no layer', () => {
  const { project, notes } = open(model('image'));
  expect(notes).toEqual([]);
  expect(project.network.nodes).toHaveLength(4);
});

test('pixels that are scaled otherwise get a layer that does the rest, and a note', () => {
  const {
    project,
    notes,
    compiled: whole,
  } = open(scaled([{ featureName: 'image', scaler: { channelScale: 2 / 255, grayBias: -1 } }]));
  expect(project.network.nodes[1]).toMatchObject({
    name: 'scale_pixels',
    kind: 'activation',
    params: { activation: 'linear', alpha: 2, beta: -1 },
  });
  expect(whole).toBeDefined();
  expect(notes[0]!.message).toMatch(
    /^The file multiplies its pixels by 0.00784314 and adds -1\. A layer behind/,
  );
});

test('a mean image is told as lost', () => {
  const meanImage = { meanImage: new Float32Array(784) };
  expect(told(scaled([{ featureName: 'image', meanImage }]))).toContain(
    'The file subtracts a mean image from its input. Layerpad cannot: what goes in here keeps its mean.',
  );
});

const twice = <T>(list: readonly T[], change: (one: T) => T): T[] => [list[0]!, change(list[0]!)];

test.each<[what: string, changed: (base: Model) => Model, sentence: RegExp]>([
  [
    'two inputs',
    (base) => ({
      ...base,
      description: {
        ...base.description,
        input: twice(base.description.input, (one) => ({ ...one, name: 'two' })),
      },
    }),
    /^The model has 2 inputs \("image", "two"\)\. A network here has one\.$/,
  ],
  [
    'two outputs',
    (base) => ({
      ...base,
      description: {
        ...base.description,
        output: twice(base.description.output, (one) => ({ ...one, name: 'gap' })),
      },
    }),
    /^The model has 2 outputs \("output", "gap"\)\. A network here ends in one output\.$/,
  ],
  [
    'two losses',
    (base) => {
      const update = base.neuralNetwork!.updateParams!;
      const lossLayers = twice(update.lossLayers, (one) => ({ ...one, name: 'b' }));
      return { ...base, neuralNetwork: { ...base.neuralNetwork!, updateParams: { ...update, lossLayers } } };
    },
    /^The model trains by 2 losses at once \("lossLayer", "b"\)\. A network here has one\.$/,
  ],
])('a model with %s is refused in a sentence', (_, changed, sentence) => {
  expect(() => open(changed(model()))).toThrow(sentence);
});

test('quantized weights are told by layer, with the bits that they have', () => {
  const base = model();
  const layers = base.neuralNetwork!.layers.map((layer) =>
    layer.innerProduct
      ? {
          ...layer,
          innerProduct: {
            ...layer.innerProduct,
            weights: {
              floatValue: new Float32Array(0),
              rawValue: new Uint8Array(20),
              quantization: { numberOfBits: 8 },
            },
          },
        }
      : layer,
  );
  expect(open({ ...base, neuralNetwork: { ...base.neuralNetwork!, layers } }).unknown).toMatchObject([
    {
      name: 'head',
      type: 'innerProduct',
      reason: 'Its weights are quantized to 8 bits; only 32- and 16-bit floats can be read.',
    },
  ]);
});

test('a regressor opens as a network', () => {
  const { neuralNetwork, ...rest } = model();
  expect(told({ ...rest, neuralNetworkRegressor: neuralNetwork! })).toContain(
    'The file is a regressor. It opens as a network, and is written again as one.',
  );
});

test('other class labels than the data set’s are told', () => {
  const base = modelOf(sourceOf(network, {}, mnist, { modelType: 'classifier' }));
  const changed = {
    ...base.neuralNetworkClassifier!,
    int64ClassLabels: { vector: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0] },
  };
  expect(told({ ...base, neuralNetworkClassifier: changed })[0]).toMatch(
    /^Its class labels \(9, 8, 7, 6, 5, 4, …\)/,
  );
});

const textOf = (weights: boolean) => new TextEncoder().encode(modelToJson(model(), weights));

test('JSON with weights opens as the file itself, and is the same file again', () => {
  const imported = openJson(textOf(true), 'file').read(new Set());
  expect(imported.notes).toEqual([]);
  expect(imported.weights).toEqual(open(model()).weights);
});

test('JSON without weights opens as a network that starts from its seed', () => {
  const imported = openJson(textOf(false), 'file').read(new Set());
  expect(imported.unknown).toEqual([]);
  expect(imported.weights).toEqual({});
  expect(imported.compiled).toBeUndefined();
  expect(imported.notes.map(({ message }) => message)).toEqual([
    'The file has no weights: they are drawn from the seed 42.',
  ]);
});

test('text that is no JSON is refused in a sentence', () => {
  expect(() => openJson(new TextEncoder().encode('{"a": '), 'file')).toThrow(
    /^This is no readable JSON: .* Take the/,
  );
});
