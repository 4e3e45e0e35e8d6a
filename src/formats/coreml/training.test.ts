/** Which exported networks train on the device, wholly, in part or not at all, and what the person is told before. */
import { describe, expect, test } from 'vitest';
import { coreml, modelOf } from '../coreml';
import { choose, compiled, conv, dense, image, lenet, sourceOf, type Step } from './testing';

const classify: readonly Step[] = [{ kind: 'flatten' }, dense('head', 10, 'softmax')];
const notesOf = (source: ReturnType<typeof sourceOf>, changes = {}) =>
  coreml.inspect(choose(source, changes), {});

describe('a network that cannot be trained', () => {
  const expectFixed = (source: ReturnType<typeof sourceOf>, reason: string, changes = {}) => {
    const [note] = notesOf(source, changes);
    expect(note).toMatchObject({ severity: 'frozen', message: expect.stringContaining(reason) });
    const model = modelOf(choose(source, changes));
    const network = (model.neuralNetwork ?? model.neuralNetworkClassifier)!;
    expect(model.isUpdatable).toBe(false);
    expect(model.description.trainingInput).toBeUndefined();
    expect(network.updateParams).toBeUndefined();
    expect(JSON.stringify(network.layers.map((layer) => ({ ...layer })))).not.toContain('isUpdatable');
  };

  test('because mean squared error reads softmax is written as a fixed model and names its layers', () => {
    const source = sourceOf(lenet, { loss: 'meanSquaredError' });
    expectFixed(source, 'must not read a softmax layer');
    expect(notesOf(source)[0]!.message).toContain('conv2d, conv2d_1, dense, dense_1');
  });

  test('because cross-entropy reads something else than softmax', () => {
    expectFixed(sourceOf(compiled(image(), { kind: 'flatten' }, dense('d', 10, 'sigmoid'))), 'sigmoid');
  });

  test('because cross-entropy would compare an image', () => {
    const network = compiled(image(), conv('conv2d', { filters: 10, activation: 'softmax' }));
    expectFixed(sourceOf(network), '26×26×10');
    expect(modelOf(sourceOf(network)).description.output[0]!.type).toMatchObject({
      multiArrayType: { shape: [10, 26, 26] },
    });
  });

  test('because a classifier has labels and mean squared error wants numbers', () => {
    const network = compiled(image(), { kind: 'flatten' }, dense('d', 10, 'sigmoid'));
    const source = sourceOf(network, { loss: 'meanSquaredError' });
    expectFixed(source, 'class labels', { modelType: 'classifier' });
    expect(modelOf(source).isUpdatable).toBe(true);
  });

  test('because it has no weights', () => {
    const network = compiled(
      image([1, 10, 1]),
      { kind: 'flatten' },
      {
        kind: 'activation',
        params: { activation: 'softmax' },
      },
    );
    expectFixed(sourceOf(network), 'no layer that Core ML can train');
  });
});

describe('a network that can be trained in part', () => {
  test('names each frozen layer and what stops its gradients', () => {
    const network = compiled(
      image(),
      conv('stem', { filters: 4, padding: 'same' }),
      conv('body', { filters: 4, padding: 'same', activation: 'elu' }),
      { kind: 'add', name: 'sum', from: ['stem', 'body'] },
      ...classify,
    );
    const notes = notesOf(sourceOf(network));
    expect(notes.map(({ severity, layer }) => [severity, layer])).toEqual([
      ['frozen', 'stem'],
      ['frozen', 'body'],
    ]);
    expect(notes[0]!.message).toContain('"sum"');
    expect(
      modelOf(sourceOf(network))
        .neuralNetwork!.layers.filter((l) => l.isUpdatable)
        .map((l) => l.name),
    ).toEqual(['head']);
  });

  test('says so where a layer is stopped by its own activation', () => {
    const network = compiled(image(), conv('conv2d', { activation: 'softplus' }), ...classify);
    expect(notesOf(sourceOf(network))).toMatchObject([
      { severity: 'frozen', layer: 'conv2d', message: expect.stringContaining('Its own activation') },
    ]);
  });

  test('tells of batch normalization that stays, and of devices where training through it failed', () => {
    const norm: Step = { kind: 'batchNormalization', name: 'norm' };
    const after = notesOf(sourceOf(compiled(image(), conv('conv2d'), norm, ...classify)));
    expect(after.map(({ severity, layer }) => [severity, layer])).toEqual([
      ['frozen', 'norm'],
      ['note', 'norm'],
    ]);
    expect(after[1]!.waysOut).toMatchObject([{ type: 'trainable', ids: ['node1'], trainable: false }]);
    const first = notesOf(sourceOf(compiled(image(), norm, conv('conv2d'), ...classify)));
    expect(first.map(({ severity }) => severity)).toEqual(['frozen']);
  });

  test('warns of mean squared error on a linear output, not on a sigmoid one', () => {
    const ending = (activation: string) =>
      sourceOf(compiled(image(), { kind: 'flatten' }, dense('d', 10, activation)), {
        loss: 'meanSquaredError',
      });
    expect(notesOf(ending('linear'))).toMatchObject([{ severity: 'note', layer: 'd' }]);
    expect(notesOf(ending('sigmoid'))).toEqual([]);
    const model = modelOf(ending('sigmoid'));
    expect(model.description.trainingInput![1]).toMatchObject({
      name: 'output_true',
      type: { multiArrayType: { shape: [10], dataType: 65600 } },
    });
  });
});

describe('a number of the training outside what the device may set it to', () => {
  const choices = { allowed: { epochs: { type: 'set', values: [1, 5] } } } as const;

  test('is refused before writing, with the set that holds it offered', () => {
    const [note] = notesOf(sourceOf(lenet), choices);
    expect(note).toMatchObject({
      severity: 'gap',
      message: expect.stringContaining(
        'Epochs is 10 by default, which is not in its set 1, 5. Devices have crashed',
      ),
      waysOut: [
        {
          type: 'choices',
          choices: { allowed: { epochs: { type: 'set', values: [1, 5, 10] } } },
          label: 'Add 10 to the set',
        },
      ],
    });
    expect(() => modelOf(choose(sourceOf(lenet), choices))).toThrow('Core ML would refuse the file.');
  });

  test('is refused for a range too, and a wider one is offered', () => {
    const range = { type: 'range', min: 0.01, max: 0.1 } as const;
    expect(notesOf(sourceOf(lenet), { allowed: { learningRate: range } })).toMatchObject([
      {
        message: 'Learning rate is 0.001 by default, outside its range 0.01 to 0.1.',
        waysOut: [{ label: 'Allow 0.001 to 0.1' }],
      },
    ]);
  });

  test('does not matter to a file that does not train', () => {
    const source = sourceOf(compiled(image(), { kind: 'flatten' }, dense('d', 10, 'relu')));
    expect(notesOf(source, choices).every(({ severity }) => severity !== 'gap')).toBe(true);
  });
});
