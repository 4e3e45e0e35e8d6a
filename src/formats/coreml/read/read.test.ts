/** Reading a model back: our own files to the last byte, and what is told of files of others. */
import { describe, expect, test } from 'vitest';
import { encodeModel } from '../../../coreml/codec';
import { analyze } from '../../../network/analyze';
import type { CompiledNetwork } from '../../../network/compiled';
import type { Network } from '../../../network/network';
import type { CoreMLSettings } from '../../../project/coremlSettings';
import { modelOf } from '../../coreml';
import { mnist } from '../../../datasets/mnist';
import type { ExportSource } from '../../defineFormat';
import type { Imported } from '../../defineImport';
import { compiled, conv, dense, image, sourceOf } from '../testing';
import { openBytes } from '.';

const open = (bytes: Uint8Array, joined: number[] = []) => openBytes(bytes, 'file').read(new Set(joined));

/** What would be exported of an opened file. */
function exported({ project, weights }: Imported): ExportSource {
  const { compiled: network, problems } = analyze(project.network, {
    inputShape: mnist.shape,
    classes: 10,
    loss: project.settings.loss,
    datasetLabel: 'MNIST',
  });
  if (!network) throw new Error(problems.map(({ problem }) => problem.message).join(' '));
  return {
    name: project.name,
    network,
    weights,
    settings: project.settings,
    dataset: mnist,
    coreml: project.coreml!,
  };
}

/** The layers as people see them, without ids. */
const outline = ({ layers }: CompiledNetwork) =>
  layers.map(({ name, kind, params, inputs, trainable }) => ({
    name,
    kind,
    params,
    inputs: inputs.map((i) => layers[i]!.name),
    trainable,
  }));

const chain = compiled(
  image(),
  conv('conv2d', { filters: 3, activation: 'relu' }),
  { kind: 'maxPooling2d', name: 'max_pooling2d' },
  conv('conv2d_1', { filters: 4, kernelSize: [2, 2], activation: 'tanh' }),
  { kind: 'maxPooling2d', name: 'max_pooling2d_1' },
  { kind: 'flatten' },
  dense('dense', 6, 'relu'),
  dense('dense_1', 10, 'softmax'),
);

const residual = compiled(
  image(),
  conv('stem', { filters: 4, padding: 'same', activation: 'relu' }),
  { kind: 'batchNormalization', name: 'norm', from: ['stem'] },
  conv('inner', { filters: 4, padding: 'same' }),
  { kind: 'add', name: 'sum', from: ['stem', 'inner'] },
  { kind: 'activation', name: 'act', params: { activation: 'elu', alpha: 0.5 } },
  { kind: 'concatenate', name: 'wide', from: ['act', 'norm'] },
  { kind: 'averagePooling2d', name: 'pool' },
  { kind: 'globalAveragePooling2d', name: 'gap' },
  dense('head', 10, 'softmax'),
);

const choices: [what: string, coreml: Partial<CoreMLSettings>][] = [
  ['an array and a network', {}],
  ['an image and a classifier', { input: 'image', modelType: 'classifier' }],
  [
    'ranges, sets, words and pairs',
    {
      allowed: {
        learningRate: { type: 'range', min: 0.0001, max: 0.5 },
        epochs: { type: 'set', values: [5, 10, 20] },
        seed: { type: 'range', min: 0, max: 100 },
      },
      texts: { description: 'D', version: '3', author: 'A', license: 'L' },
      userDefined: [
        { key: 'b', value: '1' },
        { key: 'a', value: '2' },
      ],
    },
  ],
  ['names', { names: { input: 'x', output: 'y', label: 'digit', target: 't', loss: 'l' } }],
];

describe.each([
  ['a chain', chain],
  ['a residual network', residual],
] as const)('%s', (_, network) => {
  test.each(choices)(
    'with %s comes back as it was, and is written again to the last byte',
    (_what, coreml) => {
      for (const settings of [{}, { optimizer: 'sgd', momentum: 0.5, epochs: 20 } as const]) {
        const source = sourceOf(network, { seed: 7, shuffle: false, ...settings }, mnist, coreml);
        const bytes = encodeModel(modelOf(source));
        const imported = open(bytes);
        expect(imported.notes).toEqual([]);
        expect(imported.unknown).toEqual([]);
        expect(imported.compiled).toBeDefined();
        const again = exported(imported);
        expect(outline(again.network)).toEqual(
          outline(network).map((layer) => ({ ...layer, params: layer.params })),
        );
        expect(again.weights).toEqual(source.weights);
        expect(again.settings).toEqual(source.settings);
        expect(Buffer.from(encodeModel(modelOf(again))).equals(bytes)).toBe(true);
      }
    },
  );
});

test('layers that were frozen are frozen again, and no others', () => {
  const frozen = { ...chain, layers: chain.layers.map((layer, i) => (i < 5 ? freeze(layer) : layer)) };
  const bytes = encodeModel(modelOf(sourceOf(frozen, {}, mnist)));
  const imported = open(bytes);
  const fixed = (network: Network) => network.nodes.filter((n) => n.trainable === false).map((n) => n.name);
  expect(fixed(imported.project.network)).toEqual(['conv2d', 'conv2d_1']);
  expect(Buffer.from(encodeModel(modelOf(exported(imported)))).equals(bytes)).toBe(true);
});

function freeze(layer: CompiledNetwork['layers'][number]) {
  const weights = layer.weights.map((spec) => ({ ...spec, trainable: false }));
  return { ...layer, weights, trainable: false };
}
