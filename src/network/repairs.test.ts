import { describe, expect, it } from 'vitest';
import { analyze } from './analyze';
import { addLayer, applyRepair, connect } from './edits';
import type { Network } from './network';
import { chain } from './templates/template';

const task = { inputShape: [28, 28, 1], classes: 10, loss: 'categoricalCrossentropy', datasetLabel: 'MNIST' };
const idOf = (network: Network, name: string): string => network.nodes.find((node) => node.name === name)!.id;
const end = [['globalAveragePooling2d'], ['dense', { units: 10, activation: 'softmax' }]] as const;

/** A main branch of these layers and, beside it, a connection from the Input straight to Add. */
function residual(...main: Parameters<typeof chain>[0]): Network {
  const network = chain([['input'], ...main, ['add'], ...end]);
  return connect(network, idOf(network, 'input'), idOf(network, 'add'));
}

function problemOfAdd(network: Network) {
  return analyze(network, task).nodes.get(idOf(network, 'add'))?.problem;
}

describe('matching the channels of Add', () => {
  it.each<[string, Network, object]>([
    [
      'other channels get a 1×1 convolution',
      residual(['conv2d', { filters: 16, padding: 'same' }]),
      { filters: 16, strides: [1, 1] },
    ],
    [
      'a smaller image is reached by strides',
      residual(['conv2d', { filters: 8, padding: 'same', strides: [4, 2] }]),
      { filters: 8, strides: [4, 2] },
    ],
    [
      'sizes that do not divide are reached where same padding rounds up to them',
      residual(['conv2d', { filters: 8, padding: 'same', strides: [3, 3] }]),
      { filters: 8, strides: [3, 3] },
    ],
  ])('%s', (_, network, params) => {
    const found = problemOfAdd(network);
    expect(found).toMatchObject({ code: 'shapesDiffer', repair: { type: 'matchChannels' } });
    const repaired = applyRepair(network, idOf(network, 'add'), found!.repair!);
    expect(repaired.nodes.at(-1)).toMatchObject({
      kind: 'conv2d',
      params: { ...params, kernelSize: [1, 1], padding: 'same' },
    });
    expect(analyze(repaired, task).problems).toEqual([]);
    const added = repaired.nodes.at(-1)!.id;
    expect(repaired.edges).toContainEqual(
      expect.objectContaining({ source: idOf(network, 'input'), target: added }),
    );
    expect(repaired.edges).toContainEqual(
      expect.objectContaining({ source: added, target: idOf(network, 'add') }),
    );
  });

  it('offers no repair where strides cannot reach the size, and the repair then changes nothing', () => {
    const network = residual(['conv2d', { filters: 8, kernelSize: [3, 3] }]);
    expect(problemOfAdd(network)).toEqual({
      code: 'shapesDiffer',
      message: 'Add needs inputs of one shape; it gets 26×26×8 and 28×28×1.',
    });
    const repair = { type: 'matchChannels', label: 'Match channels' } as const;
    expect(applyRepair(network, idOf(network, 'add'), repair)).toBe(network);
  });

  it('offers no repair for vectors', () => {
    let network = chain([['input'], ['flatten'], ['dense', { units: 4 }], ['add'], ['dense', { units: 10 }]]);
    network = connect(network, idOf(network, 'flatten'), idOf(network, 'add'));
    expect(problemOfAdd(network)?.repair).toBeUndefined();
  });
});

describe('repairs that do not fit any more', () => {
  const network = addLayer(chain([['input'], ['flatten']]), 'dense', { position: { x: 900, y: 0 } }).network;

  it('change nothing on a layer that is gone', () => {
    expect(applyRepair(network, 'gone', { type: 'remove', label: 'Remove' })).toBe(network);
  });

  it('insert nothing before a layer that nothing feeds', () => {
    const repair = { type: 'insertBefore', kind: 'flatten', label: 'Insert Flatten' } as const;
    expect(applyRepair(network, idOf(network, 'dense'), repair)).toBe(network);
  });

  it('add no layer of an unknown kind', () => {
    const repair = { type: 'appendAfter', kind: 'transformer', label: 'Add' } as const;
    expect(applyRepair(network, idOf(network, 'flatten'), repair)).toBe(network);
  });
});

it('replace puts another kind in the place of a layer, with its connections and an automatic name', () => {
  const before = chain([['input'], ['batchNormalization'], ['flatten']]);
  const id = idOf(before, 'batch_normalization');
  const params = { activation: 'tanh' };
  const after = applyRepair(before, id, { type: 'replace', kind: 'activation', params, label: 'Use tanh' });
  expect(after.edges).toEqual(before.edges);
  const node = after.nodes.find((candidate) => candidate.id === id);
  expect(node).toMatchObject({
    kind: 'activation',
    name: 'activation',
    params: { activation: 'tanh', alpha: 1 },
  });
});
