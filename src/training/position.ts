/** Where a run starts: at its beginning, or where a checkpoint left it. Pure rules, no storage. */
import type { TrainerState } from '../engine/engine';
import { frozenLayers, type CompiledNetwork, type Weights } from '../network/compiled';
import type { Checkpoint, EpochSoFar, Progress, RunPosition } from './protocol';
import type { TrainingSettings } from './settings';

export const emptyEpoch: EpochSoFar = { batches: 0, examples: 0, lossSum: 0, correct: 0, seconds: 0 };

export interface Start {
  readonly position: RunPosition;
  readonly state: TrainerState;
}

export function freshStart(weights: Weights): Start {
  return {
    position: { step: 0, epochsBefore: 0, epochs: [], current: emptyEpoch, points: [] },
    state: { step: 0, weights, slots: {} },
  };
}

/**
 * Goes on from a checkpoint under settings that may have changed since, by the rules of `StartCommand`.
 * @param network the checkpoint's own, where layers may have been frozen or freed since.
 */
export function continuedStart(
  checkpoint: Checkpoint,
  settings: TrainingSettings,
  network: CompiledNetwork = checkpoint.network,
): Start {
  const { step, epochs, points, weights } = checkpoint;
  const sameOptimizer =
    checkpoint.settings.optimizer === settings.optimizer &&
    String(frozenLayers(checkpoint.network)) === String(frozenLayers(network));
  const sameOrder = (['seed', 'shuffle', 'batchSize', 'trainExamples'] as const).every(
    (key) => checkpoint.settings[key] === settings[key],
  );
  const finished = epochs.length >= checkpoint.epochsBefore + settings.epochs;
  return {
    position: {
      step,
      epochsBefore: finished ? epochs.length : checkpoint.epochsBefore,
      epochs,
      current: sameOrder ? checkpoint.current : emptyEpoch,
      points,
    },
    state: sameOptimizer
      ? { step: checkpoint.optimizerStep, weights, slots: checkpoint.slots }
      : { step: 0, weights, slots: {} },
  };
}

/** Images that an epoch uses. */
export function epochExamples(settings: TrainingSettings, trainCount: number): number {
  return Math.min(settings.trainExamples, trainCount);
}

/** Batches of an epoch; the last may be smaller than the others. */
export function batchesPerEpoch(settings: TrainingSettings, trainCount: number): number {
  return Math.ceil(epochExamples(settings, trainCount) / settings.batchSize);
}

/** The progress that a run shows which is not running. */
export function restingProgress(
  position: RunPosition,
  settings: TrainingSettings,
  trainCount: number,
): Progress {
  const epochs = position.epochsBefore + settings.epochs;
  const batches = batchesPerEpoch(settings, trainCount);
  const finished = position.epochs.length >= epochs;
  return {
    epoch: finished ? epochs : position.epochs.length + 1,
    epochs,
    batch: finished ? batches : position.current.batches,
    batches,
    imagesPerSecond: 0,
    secondsLeft: undefined,
  };
}
