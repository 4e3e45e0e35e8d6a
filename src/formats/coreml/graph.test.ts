/** The wiring of a written network: blobs, names, and layers that leave no trace. */
import { expect, test } from 'vitest';
import type { NeuralNetworkLayer } from '../../coreml/messages';
import { initialWeights } from '../../network/weights';
import { coreml } from '../coreml';
import { writeGraph } from './graph';
import { compiled, conv, dense, image, lenet, sourceOf, type Step } from './testing';

const write = (...steps: readonly Step[]) => {
  const network = compiled(...steps);
  const taken = ['lossLayer'];
  return writeGraph(network, initialWeights(network, 1), { input: 'image', output: 'output', taken });
};

/** Layers in topological order, each blob produced once, names unique, the output produced. */
function expectSound(layers: readonly NeuralNetworkLayer[]): void {
  const produced = new Set(['image']);
  for (const { name, input, output } of layers) {
    expect(name).not.toBe('');
    for (const blob of input) expect(produced).toContain(blob);
    for (const blob of output) {
      expect(produced).not.toContain(blob);
      produced.add(blob);
    }
  }
  expect(produced).toContain('output');
  const names = [...layers.map(({ name }) => name), 'lossLayer'];
  expect(new Set(names).size).toBe(names.length);
}

const wires = (layers: readonly NeuralNetworkLayer[]) =>
  layers.map(({ name, input, output }) => `${input.join('+')} > ${name} > ${output.join('+')}`);

const dropout = (name: string): Step => ({ kind: 'dropout', name });
const flatten: Step = { kind: 'flatten' };

test('LeNet is a chain from the image to the output', () => {
  const { layers } = writeGraph(lenet, initialWeights(lenet, 1), {
    input: 'image',
    output: 'output',
    taken: [],
  });
  expectSound(layers);
  expect(layers.map(({ name }) => name)).toEqual([
    'conv2d',
    'conv2d_relu',
    'max_pooling2d',
    'conv2d_1',
    'conv2d_1_relu',
    'max_pooling2d_1',
    'flatten',
    'dense',
    'dense_relu',
    'dense_1',
    'dense_1_softmax',
  ]);
});

test('dropout is wired through after the input, in the middle and at the end, and reported', () => {
  const { layers, leftOut } = write(
    image([2, 2, 1]),
    dropout('first'),
    flatten,
    dropout('second'),
    dense('d', 3),
    dropout('last'),
    dropout('very_last'),
  );
  expectSound(layers);
  expect(wires(layers)).toEqual(['image > flatten > flatten', 'flatten > d > output']);
  expect(leftOut.map(({ name }) => name)).toEqual(['first', 'second', 'last', 'very_last']);
});

test('a network that only passes its input on is a gap', async () => {
  const source = sourceOf(compiled(image(), dropout('d')));
  expect(coreml.inspect(source, {})).toMatchObject([{ severity: 'gap' }]);
  await expect(coreml.write(source, {})).rejects.toThrow('its output is its input');
});

test('an output that other layers read too keeps feeding them', () => {
  const { layers } = write(image([4, 4, 1]), conv('a', { filters: 1, padding: 'same' }), dropout('drop'), {
    kind: 'add',
    name: 'sum',
    from: ['a', 'drop'],
  });
  expectSound(layers);
  expect(wires(layers)).toEqual(['image > a > a', 'a+a > sum > output']);
});

test('names that the file needs for itself, and names of parts, never clash with those of layers', () => {
  const { layers, origin } = write(
    image([4, 4, 1]),
    conv('image', { filters: 2, padding: 'same' }),
    conv('output', { filters: 2, padding: 'same' }),
    conv('lossLayer', { filters: 2, padding: 'same' }),
    conv('c_before_relu', { filters: 2, padding: 'same' }),
    conv('c', { filters: 2, padding: 'same', activation: 'relu' }),
    conv('c_relu', { filters: 2, padding: 'same' }),
    conv('c_relu_2', { filters: 2, padding: 'same' }),
    {
      kind: 'concatenate',
      name: 'joined',
      from: ['image', 'output', 'lossLayer', 'c_before_relu', 'c', 'c_relu_2'],
    },
    flatten,
    dense('d', 2),
  );
  expectSound(layers);
  const joined = layers.find(({ name }) => name === 'joined')!;
  const feeding = joined.input.map((blob) => layers.find(({ output }) => output.includes(blob))!.name);
  expect(feeding.map((name) => origin.get(name)!.name)).toEqual([
    'image',
    'output',
    'lossLayer',
    'c_before_relu',
    'c',
    'c_relu_2',
  ]);
});
