/** What cannot be planned: nothing of the catalogue. */
import { expect, test } from 'vitest';
import { layers, type LayerKind } from '../../layers';
import { compiledChain } from '../testing/examples';
import { gapsOf } from './gaps';
import { plannedKinds } from './lower';

const network = compiledChain([8, 8, 1], 3, [
  ['conv2d', { filters: 2, kernelSize: [3, 3] }],
  ['dropout'],
  ['conv2d', { filters: 2, kernelSize: [3, 3] }],
  ['dropout'],
  ['flatten'],
  ['dense', { units: 3, activation: 'softmax' }],
]);

test('every kind of the catalogue can be planned', () => {
  expect(layers.map(({ kind }) => kind).filter((kind) => !plannedKinds.has(kind))).toEqual([]);
  expect(gapsOf(network, plannedKinds)).toEqual([]);
});

test('a kind without a kernel is named once, in the network’s order', () => {
  const kinds = new Set<LayerKind>(['input', 'flatten', 'dense']);
  expect(gapsOf(network, kinds)).toEqual(['conv2d', 'dropout']);
});
