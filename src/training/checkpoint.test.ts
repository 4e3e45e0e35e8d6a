/** Which stored values are used as checkpoints, and what is said of the others. */
import { describe, expect, it } from 'vitest';
import { initialWeights, signatureOf } from '../network/weights';
import { checkCheckpoint } from './checkpoint';
import { emptyEpoch } from './position';
import type { Checkpoint } from './protocol';
import { smallNetwork, smallSettings } from './softmax.testing';

const weights = initialWeights(smallNetwork, 1);

const good: Checkpoint = {
  version: 1,
  projectId: 'p',
  datasetId: 'mnist',
  network: smallNetwork,
  signature: signatureOf(smallNetwork),
  settings: smallSettings,
  outcome: 'paused',
  step: 7,
  optimizerStep: 7,
  epochsBefore: 0,
  epochs: [{ epoch: 1, step: 6, loss: 1, accuracy: 0.5, testLoss: 1, testAccuracy: 0.5, seconds: 2 }],
  current: { ...emptyEpoch, batches: 1, examples: 16, lossSum: 16 },
  points: [{ step: 1, loss: 1, accuracy: 0.5 }],
  weights,
  slots: { 'm:dense/kernel': new Float32Array(12), 'm:dense/bias': new Float32Array(3) },
  engineLabel: 'CPU',
  savedAt: 1,
};

const reasonOf = (stored: unknown): string => {
  const checked = checkCheckpoint(stored, smallNetwork);
  return 'reason' in checked ? checked.reason : '';
};

describe('the check of a stored checkpoint', () => {
  it('accepts a good one, after the way through storage', () => {
    const stored = structuredClone(good);
    expect(checkCheckpoint(stored, smallNetwork)).toEqual({ checkpoint: good });
    expect(checkCheckpoint(stored)).toEqual({ checkpoint: good });
  });

  it('refuses the weights of another network', () => {
    const network = {
      ...smallNetwork,
      layers: smallNetwork.layers.map((l) => ({ ...l, name: `${l.name}_1` })),
    };
    expect(checkCheckpoint(good, network)).toEqual({
      reason: expect.stringContaining('another network') as string,
    });
  });

  it('names the format that it does not know', () => {
    expect(reasonOf({ ...good, version: 2 })).toContain('another version of this app (format 2; 1 is known)');
  });

  it.each<[string, unknown]>([
    ['no checkpoint', 'text'],
    ['no checkpoint', [1]],
    ['not finite numbers', { ...good, weights: { ...weights, 'dense/bias': Float32Array.of(0, NaN, 0) } }],
    ['not finite numbers', { ...good, weights: { ...weights, 'dense/bias': [0, 0, 0] } }],
    ['not finite numbers', { ...good, slots: { 'm:dense/bias': Float32Array.of(0, Infinity, 0) } }],
    ['do not fit its network', { ...good, weights: { ...weights, 'dense/bias': new Float32Array(4) } }],
    ['do not fit its network', { ...good, weights: { 'dense/kernel': weights['dense/kernel'] } }],
    ['"m:dense/bias" fits no weight', { ...good, slots: { 'm:dense/bias': new Float32Array(2) } }],
    ['"v:other/bias" fits no weight', { ...good, slots: { 'v:other/bias': new Float32Array(3) } }],
    ['whole numbers', { ...good, step: -1 }],
    ['whole numbers', { ...good, optimizerStep: 1.5 }],
    ['how the run stood', { ...good, outcome: 'lost' }],
    ['out of their limits', { ...good, settings: { ...smallSettings, batchSize: 0 } }],
    ['curve is incomplete', { ...good, points: [{ step: 1, loss: NaN, accuracy: 0 }] }],
    ['epochs are incomplete', { ...good, epochs: [{ epoch: 1 }] }],
    ['epoch in hand is incomplete', { ...good, current: undefined }],
    ['test is incomplete', { ...good, tested: { loss: 1 } }],
    ['lacks its network', { ...good, network: { layers: [] } }],
    ['lacks date or data set', { ...good, savedAt: undefined }],
  ])('says "%s" of a damaged one', (text, stored) => {
    expect(reasonOf(stored)).toContain('damaged');
    expect(reasonOf(stored)).toContain(text);
  });
});
