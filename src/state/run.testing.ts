/** A run as it might be, for the tests of its state: what starts it, what it tells, and what is kept of it. */
import type { EngineId } from '../engine/engine';
import { initialWeights, signatureOf } from '../network/weights';
import type { CheckpointStore } from '../training/checkpoints';
import type { StartRequest } from '../training/client';
import { emptyEpoch } from '../training/position';
import type { Checkpoint, EpochResult, Progress, RunEvent } from '../training/protocol';
import { smallNetwork, smallSettings } from '../training/softmax.testing';
import { createRun } from './run';

export const request: StartRequest = {
  projectId: 'p',
  datasetId: 'mnist',
  network: smallNetwork,
  settings: smallSettings,
  fromCheckpoint: false,
};

export const epoch: EpochResult = {
  epoch: 1,
  step: 6,
  loss: 1,
  accuracy: 0.5,
  testLoss: 0.9,
  testAccuracy: 0.6,
  seconds: 2,
};
export const progress: Progress = {
  epoch: 1,
  epochs: 3,
  batch: 2,
  batches: 6,
  imagesPerSecond: 100,
  secondsLeft: 9,
};
export const engine = { id: 'tfjs-cpu', label: 'CPU', device: '1 thread', software: false } as const;

export const kept: Checkpoint = {
  version: 1,
  projectId: 'p',
  datasetId: 'mnist',
  network: smallNetwork,
  signature: signatureOf(smallNetwork),
  settings: smallSettings,
  outcome: 'paused',
  step: 8,
  optimizerStep: 8,
  epochsBefore: 0,
  epochs: [epoch],
  current: { ...emptyEpoch, batches: 2, examples: 32 },
  points: [{ step: 8, loss: 1, accuracy: 0.5 }],
  weights: initialWeights(smallNetwork, 1),
  slots: {},
  engineLabel: 'CPU',
  savedAt: 1000,
};

export function started(resumedAtStep = 0): RunEvent {
  return { type: 'started', engine, rejected: [], resumedAtStep, points: [], epochs: [] };
}

/** A run whose worker is the test: what it is sent, a way to answer for it, and what is stored. */
export function openRun(pinned: () => EngineId | undefined = () => undefined) {
  const calls: string[] = [];
  const requests: StartRequest[] = [];
  const tell: ((event: RunEvent) => void)[] = [];
  const stored = new Map<string, unknown>();
  const store: CheckpointStore = {
    read: (id) => Promise.resolve(stored.get(id)),
    write: (checkpoint) => Promise.resolve(void stored.set(checkpoint.projectId, checkpoint)),
  };
  const run = createRun(
    (onEvent) => {
      tell.push(onEvent);
      return {
        start: (r) => void requests.push(r),
        pause: () => void calls.push('pause'),
        resume: () => void calls.push('resume'),
        stop: () => void calls.push('stop'),
        terminate: () => void calls.push('terminate'),
      };
    },
    store,
    pinned,
  );
  return { calls, requests, tell, stored, store, run };
}
