import { expect, test } from 'vitest';
import type { NeuralNetworkLayer, UpsampleLayerParams } from './messages';
import { specificationVersion } from './version';

const layer = (parts: Partial<NeuralNetworkLayer>): NeuralNetworkLayer => ({
  name: 'one',
  input: ['in'],
  output: ['out'],
  ...parts,
});
const versionWith = (upsample: UpsampleLayerParams): number =>
  specificationVersion([layer({ activation: { ReLU: {} } }), layer({ upsample })]).number;

test('networks that train need version 4, also with upsampling of the default grid', () => {
  expect(specificationVersion([])).toEqual({ number: 4, systems: 'iOS 13 and macOS 10.15' });
  expect(versionWith({ scalingFactor: [2, 2], mode: 0 })).toBe(4);
  expect(versionWith({ scalingFactor: [2, 2], mode: 1, linearUpsampleMode: 0 })).toBe(4);
});

test('the other grids of bilinear upsampling came with version 5', () => {
  expect(versionWith({ scalingFactor: [2, 2], mode: 1, linearUpsampleMode: 1 })).toBe(5);
  expect(versionWith({ scalingFactor: [2, 2], mode: 1, linearUpsampleMode: 2 })).toBe(5);
});
