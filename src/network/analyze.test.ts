import { describe, expect, it, vi } from 'vitest';
import { layerOf, type LayerKind } from '../layers';
import { applyRepair, addLayer, connect } from './edits';
import { analyze, type Analysis, type Task } from './analyze';
import { emptyNetwork, type Network } from './network';
import { lenet } from './templates/lenet';
import { chain } from './templates/template';

const mnist: Task = {
  inputShape: [28, 28, 1],
  classes: 10,
  loss: 'categoricalCrossentropy',
  datasetLabel: 'MNIST',
};
const output = ['dense', { units: 10, activation: 'softmax' }] as const;

/** Each problem as "layer name: code", and those of the whole network as the code alone. */
function codes(network: Network, analysis: Analysis): string[] {
  const names = new Map(network.nodes.map((node) => [node.id, node.name]));
  return analysis.problems.map(({ nodeId, problem }) =>
    nodeId === undefined ? problem.code : `${names.get(nodeId)}: ${problem.code}`,
  );
}

const problemsOf = (network: Network, task = mnist): string[] => codes(network, analyze(network, task));
const idOf = (network: Network, name: string): string => network.nodes.find((node) => node.name === name)!.id;

function repairFirst(network: Network, task = mnist): Network {
  const [first] = analyze(network, task).problems;
  return applyRepair(network, first!.nodeId!, first!.problem.repair!);
}

describe('a network that is complete', () => {
  it('LeNet has the shapes, names and counts of the reference', () => {
    const network = lenet.build();
    const { compiled, parameters } = analyze(network, mnist);
    expect(parameters).toBe(585_958);
    expect(compiled?.parameters).toBe(585_958);
    expect(
      compiled?.layers.map(({ name, outputShape, weights }) => [
        name,
        outputShape.join(),
        weights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0),
      ]),
    ).toEqual([
      ['input', '28,28,1', 0],
      ['conv2d', '26,26,32', 320],
      ['max_pooling2d', '13,13,32', 0],
      ['conv2d_1', '12,12,32', 4128],
      ['max_pooling2d_1', '6,6,32', 0],
      ['flatten', '1152', 0],
      ['dense', '500', 576_500],
      ['dense_1', '10', 5010],
    ]);
    expect(compiled?.layers.map(({ inputs }) => inputs)).toEqual([[], [0], [1], [2], [3], [4], [5], [6]]);
    expect(compiled?.inputShape).toEqual([28, 28, 1]);
    expect(compiled?.outputShape).toEqual([10]);
    const kernels = compiled!.layers.flatMap(({ weights }) =>
      weights.filter(({ name }) => name === 'kernel'),
    );
    expect(kernels.slice(0, 3).map(({ initializer }) => initializer)).toEqual([
      'heUniform',
      'heUniform',
      'heUniform',
    ]);
  });

  it('is compiled in the order of computation, whatever the order of its lists', () => {
    const network = lenet.build();
    const turned = { nodes: [...network.nodes].reverse(), edges: [...network.edges].reverse() };
    const { compiled } = analyze(turned, mnist);
    expect(compiled?.layers.map(({ name }) => name)).toEqual(network.nodes.map(({ name }) => name));
  });

  it('keeps the order of the inputs of a layer that merges', () => {
    let network = chain([['input'], ['flatten'], ['dense', { units: 4 }], ['concatenate'], output]);
    const input = idOf(network, 'flatten');
    network = connect(network, input, idOf(network, 'concatenate'));
    const { compiled } = analyze(network, mnist);
    const merge = compiled!.layers.find(({ kind }) => kind === 'concatenate')!;
    expect(merge.inputShapes).toEqual([[4], [784]]);
    expect(merge.inputs.map((i) => compiled!.layers[i]!.name)).toEqual(['dense', 'flatten']);
  });

  it('of 300 layers asks each of them for its shape once', () => {
    const middle = Array.from({ length: 296 }, () => ['conv2d', { filters: 8, padding: 'same' }] as const);
    const network = chain([['input'], ...middle, ['flatten'], output]);
    const asked = vi.spyOn(layerOf('conv2d'), 'outputShape');
    const { problems, compiled } = analyze(network, mnist);
    expect(asked).toHaveBeenCalledTimes(296);
    asked.mockRestore();
    expect(problems).toEqual([]);
    expect(compiled?.layers).toHaveLength(299);
  });
});

describe('problems are shown once, where they start', () => {
  it('an empty network needs an Input', () => {
    const { problems, compiled } = analyze(emptyNetwork, mnist);
    expect(problems).toEqual([{ problem: expect.objectContaining({ code: 'noInput' }) }]);
    expect(compiled).toBeUndefined();
  });

  it('without an Input the network says so once and its layers wait', () => {
    const network = chain([['flatten'], output]);
    const analysis = analyze(network, mnist);
    expect(codes(network, analysis)).toEqual(['noInput']);
    expect([...analysis.nodes.values()].map(({ status }) => status)).toEqual(['waiting', 'waiting']);
  });

  it('a second Input is one too many and can be removed', () => {
    const network = addLayer(lenet.build(), 'input', {}).network;
    expect(problemsOf(network)).toEqual(['input_1: severalInputs']);
    expect(repairFirst(network)).toEqual(lenet.build());
  });

  it('a layer that nothing feeds asks for a connection', () => {
    const network = addLayer(lenet.build(), 'conv2d', { position: { x: 500, y: 0 } }).network;
    const { problems } = analyze(network, mnist);
    expect(problems.map(({ problem }) => problem.message)).toEqual([
      'Conv2D needs a layer before it, and none is connected. Connect one to it.',
    ]);
  });

  it('Add with one layer before it asks for another', () => {
    const network = chain([['input'], ['add'], ['flatten'], output]);
    const analysis = analyze(network, mnist);
    expect(codes(network, analysis)).toEqual(['add: tooFewInputs']);
    expect([...analysis.nodes.values()].map(({ status }) => status)).toEqual([
      'ok',
      'problem',
      'waiting',
      'waiting',
    ]);
  });

  it('Dense after an image offers Flatten, and what follows waits', () => {
    const network = chain([['input'], ['conv2d'], ['dense', { units: 500 }], output]);
    const analysis = analyze(network, mnist);
    expect(codes(network, analysis)).toEqual(['dense: rank']);
    expect([...analysis.nodes.values()].map(({ status }) => status)).toEqual([
      'ok',
      'ok',
      'problem',
      'waiting',
    ]);
    const repaired = repairFirst(network);
    expect(problemsOf(repaired)).toEqual([]);
    expect(repaired.nodes.map(({ kind }) => kind)).toContain('flatten');
  });

  it('a kernel larger than its image is made smaller by its repair', () => {
    const network = chain([['input'], ['conv2d', { kernelSize: [40, 3] }], ['flatten'], output]);
    expect(problemsOf(network)).toEqual(['conv2d: windowTooLarge']);
    const repaired = repairFirst(network);
    expect(repaired.nodes[1]?.params['kernelSize']).toEqual([28, 3]);
    expect(problemsOf(repaired)).toEqual([]);
  });

  it('a dead end beside the output is marked and can be removed', () => {
    const network = chain([['input'], ['conv2d'], ['flatten'], output]);
    const { network: forked, id } = addLayer(network, 'dropout', { position: { x: 500, y: 200 } });
    const connected = connect(forked, idOf(network, 'conv2d'), id);
    expect(problemsOf(connected)).toEqual(['dropout: unusedOutput']);
    expect(repairFirst(connected)).toEqual(network);
  });

  it('a cycle is told on one of its layers', () => {
    const network = chain([['input'], ['conv2d'], ['conv2d'], ['flatten'], output]);
    const [, first, second] = network.nodes;
    const back = { id: 'back', source: second!.id, target: first!.id };
    const found = problemsOf({ ...network, edges: [...network.edges, back] });
    expect(found).toEqual(['conv2d: cycle']);
  });

  it('a setting outside its limits goes back to its default', () => {
    const network = lenet.build();
    const nodes = network.nodes.map((node) =>
      node.name === 'dense' ? { ...node, params: { ...node.params, units: Number.NaN } } : node,
    );
    expect(problemsOf({ ...network, nodes })).toEqual(['dense: params']);
    expect(problemsOf(repairFirst({ ...network, nodes }))).toEqual([]);
  });

  it('two layers of one name cannot be told apart', () => {
    const network = lenet.build();
    const nodes = network.nodes.map((node) => (node.name === 'dense_1' ? { ...node, name: 'dense' } : node));
    expect(problemsOf({ ...network, nodes })).toEqual(['dense: duplicateName']);
  });
});

describe('what the data set and the loss ask for', () => {
  it('an Input unlike the images takes their shape by its repair, and shapes stay visible meanwhile', () => {
    const network = chain([['input', { shape: [32, 32, 3] }], ['flatten'], output]);
    const analysis = analyze(network, mnist);
    expect(codes(network, analysis)).toEqual(['input: inputShape']);
    expect([...analysis.nodes.values()].map(({ status, outputShape }) => [status, outputShape])).toEqual([
      ['problem', [32, 32, 3]],
      ['waiting', [3072]],
      ['waiting', [10]],
    ]);
    expect(problemsOf(repairFirst(network))).toEqual([]);
  });

  it('a network that ends in an image is finished by two repairs', () => {
    const network = chain([['input'], ['conv2d']]);
    const analysis = analyze(network, mnist);
    expect(codes(network, analysis)).toEqual(['conv2d: noOutputLayer']);
    expect(analysis.problems[0]?.problem.repair?.label).toBe('Add the output layer');
    expect(analysis.nodes.get(idOf(network, 'conv2d'))?.outputShape).toEqual([26, 26, 32]);
    expect(problemsOf(repairFirst(repairFirst(network)))).toEqual([]);
  });

  it('a hidden Dense layer at the end gets the output layer after it', () => {
    const network = chain([['input'], ['flatten'], ['dense', { units: 500, activation: 'relu' }]]);
    expect(problemsOf(network)).toEqual(['dense: noOutputLayer']);
    const repaired = repairFirst(network);
    expect(repaired.nodes.map(({ name }) => name)).toEqual(['input', 'flatten', 'dense', 'dense_1']);
    expect(problemsOf(repaired)).toEqual([]);
  });

  it.each(['softmax', 'linear'])(
    'an output Dense (%s) with other units gets one for each class',
    (activation) => {
      const network = chain([['input'], ['flatten'], ['dense', { units: 12, activation }]]);
      expect(problemsOf(network)).toEqual(['dense: classes']);
      expect(repairFirst(network).nodes.at(-1)?.params['units']).toBe(10);
    },
  );

  it('wrong units before an activation are told on the Dense layer', () => {
    const network = chain([
      ['input'],
      ['flatten'],
      ['dense', { units: 12 }],
      ['activation', { activation: 'softmax' }],
    ]);
    const analysis = analyze(network, mnist);
    expect(codes(network, analysis)).toEqual(['dense: classes']);
    expect(analysis.nodes.get(idOf(network, 'activation'))?.status).toBe('waiting');
    expect(problemsOf(repairFirst(network))).toEqual([]);
  });

  it.each([
    ['an output with another activation is set to softmax', [['dense', { units: 10, activation: 'linear' }]]],
    ['an output that takes no activation gets one after it', [['dense', { units: 10 }], ['dropout']]],
  ] as const)('%s', (_, end) => {
    const network = chain([['input'], ['flatten'], ...end]);
    expect(problemsOf(network)).toEqual([expect.stringMatching(/softmax$/)]);
    expect(problemsOf(repairFirst(network))).toEqual([]);
    expect(problemsOf(network, { ...mnist, loss: 'meanSquaredError' })).toEqual([]);
  });

  it('messages say what was expected and what came', () => {
    const message = (layers: Parameters<typeof chain>[0]): string | undefined =>
      analyze(chain(layers), mnist).problems[0]?.problem.message;
    expect(message([['input'], ['conv2d'], ['maxPooling2d']])).toBe(
      'MNIST has 10 classes, so the network must end in a vector of 10; it ends in 13×13×32.',
    );
    expect(message([['input'], ['flatten'], ['dense', { units: 12 }]])).toBe(
      'MNIST has 10 classes; this Dense gives 12 values.',
    );
    expect(message([['input', { shape: [32, 32, 3] }]])).toBe(
      'The examples of MNIST are 28×28×1; Input takes 32×32×3.',
    );
  });
});

describe('graphs that the app would not make', () => {
  it.each<[string, Network]>([
    [
      'edges that point nowhere',
      { ...lenet.build(), edges: [{ id: 'e', source: 'gone', target: 'nowhere' }] },
    ],
    ['a layer that feeds itself', withEdge('dense', 'dense')],
    ['a layer of an unknown kind', withKind('transformer')],
    ['an Input that is fed', withEdge('dense', 'input')],
    ['two layers of one id', { ...lenet.build(), nodes: [...lenet.build().nodes, lenet.build().nodes[3]!] }],
  ])('%s is a problem, not an exception', (_, network) => {
    const analysis = analyze(network, mnist);
    expect(analysis.problems.length).toBeGreaterThan(0);
    expect(analysis.compiled).toBeUndefined();
    for (const { id } of network.nodes) expect(analysis.nodes.has(id)).toBe(true);
  });
});

function withEdge(source: string, target: string): Network {
  const network = lenet.build();
  const edge = { id: 'extra', source: idOf(network, source), target: idOf(network, target) };
  return { ...network, edges: [...network.edges, edge] };
}

function withKind(kind: string): Network {
  const network = lenet.build();
  const nodes = network.nodes.map((node) =>
    node.name === 'dense' ? { ...node, kind: kind as LayerKind } : node,
  );
  return { ...network, nodes: nodes };
}
