import { describe, expect, it } from 'vitest';
import { analyze, type Analysis } from './analyze';
import { isFrozenNode, layersWithWeights, setTrainable, trainOnly } from './edits';
import type { Network } from './network';
import { lenet } from './templates/lenet';
import { chain } from './templates/template';
import { signatureOf } from './weights';

const network = lenet.build();
const idOf = (name: string): string => network.nodes.find((node) => node.name === name)!.id;
const frozen = ({ nodes }: Network): string[] =>
  nodes.filter(({ trainable }) => trainable === false).map(({ name }) => name);

describe('freezing', () => {
  it('marks the layers that are named, and no others', () => {
    const changed = setTrainable(network, [idOf('conv2d'), idOf('dense')], false);
    expect(frozen(changed)).toEqual(['conv2d', 'dense']);
    expect(frozen(network)).toEqual([]);
    expect(changed.edges).toBe(network.edges);
  });

  it('is true of layers with weights only, whatever a stored project says', () => {
    const flags = network.nodes.map((node) => ({ ...node, trainable: false }));
    expect(flags.filter(isFrozenNode).map(({ id }) => id)).toEqual(layersWithWeights(network));
    expect(network.nodes.some(isFrozenNode)).toBe(false);
  });

  it('leaves nothing behind once a layer trains again', () => {
    const ids = [idOf('conv2d'), idOf('dense')];
    expect(setTrainable(setTrainable(network, ids, false), ids, true)).toEqual(network);
  });

  it('is the very network where nothing changes', () => {
    expect(setTrainable(network, [idOf('dense')], true)).toBe(network);
    expect(setTrainable(network, [], false)).toBe(network);
    const once = setTrainable(network, [idOf('dense')], false);
    expect(setTrainable(once, [idOf('dense')], false)).toBe(once);
    expect(trainOnly(network, layersWithWeights(network))).toBe(network);
  });

  it('passes over layers without weights and unknown ones', () => {
    const others = [idOf('flatten'), idOf('input'), idOf('max_pooling2d'), 'gone'];
    expect(setTrainable(network, others, false)).toBe(network);
  });

  it('lets only the named layers train, whatever was frozen before', () => {
    const before = setTrainable(network, [idOf('dense_1')], false);
    expect(frozen(trainOnly(before, [idOf('dense_1')]))).toEqual(['conv2d', 'conv2d_1', 'dense']);
    expect(frozen(trainOnly(before, []))).toEqual(['conv2d', 'conv2d_1', 'dense', 'dense_1']);
  });
});

it('layers with weights come in the order in which they are computed', () => {
  const [input, first, second, normalization] = chain([
    ['input'],
    ['conv2d'],
    ['dense'],
    ['batchNormalization'],
  ]).nodes;
  const shuffled: Network = {
    nodes: [normalization!, second!, input!, first!],
    edges: [
      { id: 'a', source: input!.id, target: first!.id },
      { id: 'b', source: first!.id, target: second!.id },
      { id: 'c', source: second!.id, target: normalization!.id },
    ],
  };
  expect(layersWithWeights(shuffled)).toEqual([first!.id, second!.id, normalization!.id]);
});

describe('the analysis of frozen layers', () => {
  const task = {
    inputShape: [28, 28, 1],
    classes: 10,
    loss: 'categoricalCrossentropy',
    datasetLabel: 'MNIST',
  } as const;
  const analyzed = (ids: readonly string[]): Analysis => analyze(setTrainable(network, ids, false), task);
  const free = analyzed([]);

  it('counts their parameters among those that do not train', () => {
    expect(free.trainableParameters).toBe(585_958);
    expect(analyzed([idOf('conv2d'), idOf('dense_1')])).toMatchObject({
      parameters: 585_958,
      trainableParameters: 585_958 - 320 - 5010,
    });
  });

  it('counts the statistics of batch normalization there too, frozen or not', () => {
    const normalized = chain([['input'], ['conv2d', { filters: 8 }], ['batchNormalization']]);
    const [, convolution, normalization] = normalized.nodes;
    const count = (...ids: string[]): number =>
      analyze(setTrainable(normalized, ids, false), task).trainableParameters;
    expect(count()).toBe(8 * 9 + 8 + 16);
    expect(count(normalization!.id)).toBe(8 * 9 + 8);
    expect(count(convolution!.id)).toBe(16);
  });

  it('marks all weights of a frozen layer in the compiled network', () => {
    const { layers } = analyzed([idOf('dense')]).compiled!;
    const still = layers.filter(({ weights }) => weights.some(({ trainable }) => !trainable));
    expect(still.map(({ name, trainable }) => [name, trainable])).toEqual([['dense', false]]);
    expect(still[0]!.weights.every(({ trainable }) => !trainable)).toBe(true);
  });

  it('keeps the signature, so that trained weights stay valid', () => {
    expect(signatureOf(analyzed([idOf('dense')]).compiled!)).toBe(signatureOf(free.compiled!));
  });
});
