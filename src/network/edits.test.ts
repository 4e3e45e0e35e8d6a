import { describe, expect, it } from 'vitest';
import { defaultsOf } from '../core/params';
import { layerOf } from '../layers';
import { addLayer, canConnect, connect, disconnect, moveLayers, removeLayers, setParams } from './edits';
import { NODE_HEIGHT, NODE_WIDTH, ROW_GAP } from './cards';
import { emptyNetwork, type Network } from './network';
import { lenet } from './templates/lenet';
import { chain } from './templates/template';

const ROW = NODE_HEIGHT + ROW_GAP;
const find = (network: Network, name: string) => network.nodes.find((node) => node.name === name)!;
const idOf = (network: Network, name: string): string => find(network, name).id;
const edgeOf = (network: Network, source: string, target: string): string =>
  network.edges.find((e) => e.source === idOf(network, source) && e.target === idOf(network, target))!.id;

/** Connections as "source>target" by names, in the order of the list. */
function wires(network: Network): string[] {
  const names = new Map(network.nodes.map(({ id, name }) => [id, name]));
  return network.edges.map(({ source, target }) => `${names.get(source)}>${names.get(target)}`);
}

function overlaps(network: Network): string[] {
  return network.nodes.flatMap((a, i) =>
    network.nodes
      .slice(i + 1)
      .filter(
        (b) =>
          Math.abs(a.position.x - b.position.x) < NODE_WIDTH &&
          Math.abs(a.position.y - b.position.y) < NODE_HEIGHT,
      )
      .map((b) => `${a.name} ${b.name}`),
  );
}

/** input feeds conv2d, which feeds two convolutions that Add joins. */
function diamond(): Network {
  let network = chain([['input'], ['conv2d'], ['conv2d', { padding: 'same' }], ['add']]);
  const { network: wider, id } = addLayer(network, 'conv2d', { position: { x: 600, y: 150 } });
  network = connect(wider, idOf(wider, 'conv2d'), id);
  return connect(network, id, idOf(network, 'add'));
}

describe('adding a layer', () => {
  it('begins an empty network at the origin, with the defaults of its kind', () => {
    const { network } = addLayer(emptyNetwork, 'input', {});
    expect(network.nodes).toEqual([
      {
        id: 'n1',
        kind: 'input',
        name: 'input',
        params: defaultsOf(layerOf('input').params),
        position: { x: 0, y: 0 },
      },
    ]);
  });

  it('appends after the output where nothing is selected', () => {
    const { network } = addLayer(lenet.build(), 'dropout', {});
    expect(wires(network).at(-1)).toBe('dense_1>dropout');
  });

  it('after a layer goes into the connection that leads on, and the rest moves down', () => {
    const before = lenet.build();
    const { network, id } = addLayer(before, 'dropout', { after: idOf(before, 'flatten') });
    expect(wires(network)).toContain('flatten>dropout');
    expect(wires(network)).toContain('dropout>dense');
    expect(wires(network)).not.toContain('flatten>dense');
    expect(network.nodes.find((node) => node.id === id)?.position.y).toBe(
      find(before, 'flatten').position.y + ROW,
    );
    expect(find(network, 'dense').position.y).toBe(find(before, 'dense').position.y + ROW);
    expect(find(network, 'dense_1').position.y).toBe(find(before, 'dense_1').position.y + ROW);
    expect(find(network, 'conv2d').position).toEqual(find(before, 'conv2d').position);
    expect(overlaps(network)).toEqual([]);
  });

  it('moves what follows no further than needed', () => {
    const before = chain([['input'], ['conv2d'], ['flatten'], ['dense']]);
    const roomy = moveLayers(before, {
      [idOf(before, 'flatten')]: { x: 0, y: 2 * ROW + 40 },
      [idOf(before, 'dense')]: { x: 0, y: 5 * ROW },
    });
    const { network } = addLayer(roomy, 'dropout', { after: idOf(before, 'conv2d') });
    expect(find(network, 'flatten').position.y).toBe(3 * ROW);
    expect(find(network, 'dense').position.y).toBe(5 * ROW);
  });

  it('after a fork takes all that came after it', () => {
    const before = diamond();
    const { network } = addLayer(before, 'dropout', { after: idOf(before, 'conv2d') });
    expect(wires(network).sort()).toEqual(
      [
        'input>conv2d',
        'conv2d>dropout',
        'dropout>conv2d_1',
        'dropout>conv2d_2',
        'conv2d_1>add',
        'conv2d_2>add',
      ].sort(),
    );
    expect(overlaps(network)).toEqual([]);
  });

  it.each(['add', 'concatenate'] as const)('%s after a fork is merely appended', (kind) => {
    const before = diamond();
    const { network, id } = addLayer(before, kind, { after: idOf(before, 'conv2d') });
    expect(wires(network).slice(0, -1)).toEqual(wires(before));
    expect(network.edges.at(-1)).toMatchObject({ source: idOf(before, 'conv2d'), target: id });
    expect(overlaps(network)).toEqual([]);
  });

  it('on an edge keeps the order of the inputs of what follows', () => {
    const before = diamond();
    const { network } = addLayer(before, 'dropout', { edge: edgeOf(before, 'conv2d_1', 'add') });
    expect(wires(network).filter((wire) => wire.endsWith('>add'))).toEqual(['dropout>add', 'conv2d_2>add']);
    expect(overlaps(network)).toEqual([]);
  });

  it('at a place lies there, connected to nothing', () => {
    const { network, id } = addLayer(lenet.build(), 'dense', { position: { x: 700, y: 30 } });
    expect(network.nodes.at(-1)).toMatchObject({ id, name: 'dense_2', position: { x: 700, y: 30 } });
    expect(network.edges).toEqual(lenet.build().edges);
  });

  it('an Input feeds the first layer that lacks one, and lies above it', () => {
    const before = chain([['flatten'], ['dense']]);
    const { network } = addLayer(before, 'input', { after: idOf(before, 'dense') });
    expect(wires(network)).toContain('input>flatten');
    expect(find(network, 'input').position.y).toBeLessThan(find(network, 'flatten').position.y);
    expect(overlaps(network)).toEqual([]);
  });

  it('an Input is never connected from something', () => {
    const before = lenet.build();
    const [edge] = before.edges;
    for (const where of [{ after: idOf(before, 'dense') }, { edge: edge!.id }, {}])
      expect(addLayer(before, 'input', where).network.edges).toEqual(before.edges);
  });

  it('takes the smallest free automatic name', () => {
    const before = lenet.build();
    const without = removeLayers(before, [idOf(before, 'conv2d')]);
    expect(addLayer(without, 'conv2d', {}).network.nodes.at(-1)?.name).toBe('conv2d');
    expect(addLayer(before, 'conv2d', {}).network.nodes.at(-1)?.name).toBe('conv2d_2');
  });
});

describe('connecting', () => {
  const network = addLayer(diamond(), 'flatten', { position: { x: 0, y: 900 } }).network;
  it.each([
    ['self', 'conv2d', 'conv2d'],
    ['takesNoInput', 'conv2d', 'input'],
    ['duplicate', 'input', 'conv2d'],
    ['cycle', 'add', 'conv2d_1'],
    ['full', 'input', 'conv2d_1'],
  ])('is refused: %s', (code, source, target) => {
    expect(canConnect(network, idOf(network, source), idOf(network, target))?.code).toBe(code);
    expect(connect(network, idOf(network, source), idOf(network, target))).toBe(network);
  });

  it('is refused where an end is missing', () => {
    expect(canConnect(network, 'gone', idOf(network, 'flatten'))?.code).toBe('unknownLayer');
  });

  it('appends to the inputs of the target', () => {
    const connected = connect(network, idOf(network, 'add'), idOf(network, 'flatten'));
    expect(wires(connected)).toEqual([...wires(network), 'add>flatten']);
    expect(canConnect(network, idOf(network, 'input'), idOf(network, 'add'))).toBeUndefined();
  });

  it('is undone by disconnecting', () => {
    const connected = connect(network, idOf(network, 'add'), idOf(network, 'flatten'));
    expect(disconnect(connected, [edgeOf(connected, 'add', 'flatten')])).toEqual(network);
    expect(disconnect(network, ['gone'])).toBe(network);
  });
});

describe('removing layers', () => {
  it('heals the chain, also around several at once', () => {
    const before = lenet.build();
    const network = removeLayers(before, [idOf(before, 'conv2d_1'), idOf(before, 'max_pooling2d_1')]);
    expect(wires(network)).toContain('max_pooling2d>flatten');
    expect(network.nodes).toHaveLength(6);
    expect(network.edges).toHaveLength(5);
  });

  it('keeps the order of the inputs of a merge', () => {
    const before = diamond();
    const network = removeLayers(before, [idOf(before, 'conv2d_1')]);
    expect(wires(network).filter((wire) => wire.endsWith('>add'))).toEqual(['conv2d>add', 'conv2d_2>add']);
  });

  it('connects only as far as it can be: one layer before a Dense', () => {
    const start = diamond();
    const before = addLayer(start, 'flatten', { after: idOf(start, 'add') }).network;
    const network = removeLayers(before, [idOf(before, 'add')]);
    expect(wires(network).filter((wire) => wire.endsWith('>flatten'))).toEqual(['conv2d_1>flatten']);
  });

  it('of all layers leaves an empty network', () => {
    const before = diamond();
    expect(
      removeLayers(
        before,
        before.nodes.map(({ id }) => id),
      ),
    ).toEqual(emptyNetwork);
  });
});

describe('changing a layer', () => {
  const network = lenet.build();
  const dense = idOf(network, 'dense');

  it('sets what the schema admits and passes over the rest', () => {
    const changed = setParams(network, dense, {
      units: 64,
      activation: 'none',
      ['__proto__']: 1,
      filters: 3,
    });
    expect(find(changed, 'dense').params).toEqual({ ...find(network, 'dense').params, units: 64 });
    expect(setParams(network, dense, { units: 0 })).toBe(network);
    expect(setParams(network, dense, { units: Number.NaN })).toBe(network);
  });

  it('is the very network where nothing changes', () => {
    expect(setParams(network, dense, { units: 500 })).toBe(network);
    expect(setParams(network, idOf(network, 'conv2d'), { kernelSize: [3, 3] })).toBe(network);
    expect(setParams(network, 'gone', { units: 3 })).toBe(network);
    expect(moveLayers(network, { [dense]: find(network, 'dense').position })).toBe(network);
    expect(moveLayers(network, { [dense]: { x: Number.NaN, y: 0 } })).toBe(network);
  });

  it('brings what suits a choice along when it changes, but not over values that are given', () => {
    const network = chain([['input'], ['activation', { alpha: 3, beta: 3 }]]);
    const id = idOf(network, 'activation');
    const paramsAfter = (params: Parameters<typeof setParams>[2]) =>
      find(setParams(network, id, params), 'activation').params;
    expect(paramsAfter({ activation: 'scaledTanh' })).toMatchObject({ alpha: 1.7159, beta: 0.6667 });
    expect(paramsAfter({ activation: 'scaledTanh', alpha: 2 })).toMatchObject({ alpha: 2, beta: 0.6667 });
    expect(paramsAfter({ activation: 'tanh' })).toMatchObject({ alpha: 3, beta: 3 });
    expect(setParams(network, id, { activation: 'relu' })).toBe(network);
  });
});
