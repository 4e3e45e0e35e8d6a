/** Files of other programs: what comes in, what is told, and that they are written again as the same message. */
import { describe, expect, test } from 'vitest';
import { decodeModel, encodeModel } from '../../../coreml/codec';
import { block, whole } from '../../../coreml/testing';
import { modelOf } from '../../coreml';
import { mnist } from '../../../datasets/mnist';
import { clampedRelu, foreignFile } from './foreign.testing';
import { openBytes } from '.';

const open = (bytes: Uint8Array, joined: number[] = []) => openBytes(bytes, 'foreign').read(new Set(joined));
const messages = (bytes: Uint8Array) => open(bytes).notes.map(({ message }) => message);

describe('a file with names, blobs and layers of its own', () => {
  const imported = open(foreignFile());
  const { project } = imported;
  const { nodes, edges } = project.network;

  test('opens complete, with every layer by its name and the names mended that must be', () => {
    expect(imported.unknown).toEqual([]);
    expect(imported.compiled).toBeDefined();
    expect(nodes.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'input input',
      'conv2d block1_conv',
      'activation block1_relu',
      'conv2d branch',
      'add sum',
      'conv2d tail_conv',
      'activation tail_relu',
      'maxPooling2d pool',
      'flatten flat',
      'dense fc',
      'activation prob',
    ]);
    expect(nodes.find(({ name }) => name === 'flat')!.params).toEqual({ order: 'channelsFirst' });
    const named = (id: string) => nodes.find((node) => node.id === id)!.name;
    expect(edges.filter(({ target }) => named(target) === 'sum').map(({ source }) => named(source))).toEqual([
      'block1_relu',
      'branch',
    ]);
  });

  test('keeps its optimizer, its sets and ranges, its words and pairs', () => {
    expect(project.settings).toMatchObject({
      optimizer: 'sgd',
      learningRate: 0.25,
      momentum: 0.5,
      epochs: 4,
      batchSize: 16,
    });
    expect(project.coreml).toMatchObject({
      allowed: {
        learningRate: { type: 'range', min: 0, max: 1 },
        batchSize: { type: 'set', values: [8, 16, 32] },
        epochs: { type: 'set', values: [4, 8] },
      },
      texts: { description: 'Reads digits', author: 'Somebody', license: '', version: '' },
      userDefined: [{ key: 'k', value: 'v' }],
      names: {
        input: 'data',
        output: 'digitProbabilities',
        loss: 'crossEntropy',
        target: 'digitProbabilities_true',
      },
      features: { input: { description: 'A digit', type: 'double' } },
    });
  });

  test('says that 16-bit weights open as 32-bit ones, and reads them right', () => {
    expect(imported.notes.map(({ message }) => message)).toEqual([
      'Names of layers are unique, short and of plain letters here: "block1/conv" becomes "block1_conv", ' +
        '"block1/relu" becomes "block1_relu", "tail/conv" becomes "tail_conv", "tail/relu" becomes "tail_relu". ' +
        'Written again, layers have the names of the file unless they are renamed.',
      'The weights of "branch" are 16-bit floats. They open as 32-bit floats, and are written as such.',
    ]);
    expect(imported.weights['branch/kernel']).toEqual(new Float32Array(16).fill(1));
  });

  test('is written again as the same message, but for 16-bit weights', () => {
    const source = {
      name: project.name,
      network: imported.compiled!,
      weights: imported.weights,
      settings: project.settings,
      dataset: mnist,
      coreml: project.coreml!,
    };
    const again = decodeModel(encodeModel(modelOf(source))).model;
    const first = structuredClone(decodeModel(foreignFile()).model);
    const branch = first.neuralNetwork!.layers[2]!.convolution!;
    branch.weights = { ...branch.weights, floatValue: new Float32Array(16).fill(1) };
    delete branch.weights.float16Value;
    expect(again).toEqual(first);
  });
});

test('a layer that the file keeps as it is, though the device could train it, is frozen', () => {
  const { nodes } = open(foreignFile({ frozen: true })).project.network;
  expect(nodes.filter(({ trainable }) => trainable === false).map(({ name }) => name)).toEqual(['tail_conv']);
});

describe('a layer that the app lacks', () => {
  test('is named with its type, and the network is cut there until the person joins it', () => {
    const cut = open(foreignFile({ tail: clampedRelu }));
    expect(cut.unknown).toEqual([
      {
        index: 5,
        name: 'tail/relu',
        type: 'clampedReLU',
        reason: 'Layerpad has no layer that computes this.',
        joinable: true,
        joined: false,
      },
    ]);
    const { nodes, edges } = cut.project.network;
    const pool = nodes.find(({ name }) => name === 'pool')!;
    expect(edges.some(({ target }) => target === pool.id)).toBe(false);
    expect(cut.compiled).toBeUndefined();
    expect(cut.notes.map(({ message }) => message).join()).toContain('The weights cannot be kept');

    const joined = open(foreignFile({ tail: clampedRelu }), [5]);
    expect(joined.unknown[0]!.joined).toBe(true);
    expect(joined.compiled).toBeDefined();
    expect(joined.weights['fc/kernel']).toHaveLength(1960);
  });

  test('is not joined over where the shapes do not fit', () => {
    const [lost] = open(foreignFile({ more: [] }).slice()).unknown;
    expect(lost).toBeUndefined();
    const twice = block(1, [
      ...block(1, 'tail/relu'),
      ...block(2, 'b5'),
      ...block(3, 'x'),
      ...block(270, []),
    ]);
    expect(open(foreignFile({ more: [twice] })).unknown).toMatchObject([{ type: 'dot', joined: false }]);
  });
});

const patch = (model: Uint8Array, ...extra: number[][]) => Uint8Array.from([...model, ...extra.flat()]);

test.each([
  [
    'a pipeline',
    Uint8Array.from([...whole(1, 4), ...block(202, [])]),
    /of the kind pipeline\. Layerpad opens neural networks/,
  ],
  [
    'an ML program',
    Uint8Array.from([...whole(1, 6), ...block(502, [])]),
    /of the kind mlProgram\. Layerpad opens/,
  ],
  ['no kind at all', Uint8Array.from(whole(1, 4)), /states no kind\. Layerpad opens/],
  [
    'no inputs',
    Uint8Array.from([...whole(1, 4), ...block(2, []), ...block(500, [])]),
    /The model states no inputs/,
  ],
])('a model that is %s is refused by what it is', (_, bytes, sentence) => {
  expect(() => open(bytes)).toThrow(sentence);
});

test('fields that the format does not know are told and left out', () => {
  expect(messages(patch(foreignFile(), block(77, 'x')))).toContain(
    'The file has the field 77 of Model, which Layerpad does not know. It is left out.',
  );
});

test('weights that are no numbers are refused by layer and weight', () => {
  const bad = foreignFile();
  const at = Buffer.from(bad).indexOf('tail/conv') + 60;
  bad.set(new Uint8Array(Float32Array.of(NaN).buffer), at - ((at - floatStart(bad)) % 4));
  expect(() => open(bad)).toThrow(
    /The layer "tail\/conv" has a value among its weights that is no finite number \(NaN, the \d+\. of 144\)/,
  );
});

/** Where the weights of "tail/conv" begin: behind the tag and the length of 576 bytes. */
function floatStart(bytes: Uint8Array): number {
  const from = Buffer.from(bytes).indexOf('tail/conv');
  return Buffer.from(bytes).indexOf(Buffer.from([10, 0xc0, 0x04]), from) + 3;
}
