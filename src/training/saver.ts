/** Writes the checkpoints of a run. */
import { signatureOf } from '../network/weights';
import { describeSaveFailure, type CheckpointStore } from './checkpoints';
import type { Snapshot } from './lastGood';
import {
  summaryOf,
  type Checkpoint,
  type CheckpointOutcome,
  type RunEvent,
  type StartCommand,
} from './protocol';

/** Stores a snapshot; answers whether that worked. */
export type Save = (snapshot: Snapshot, outcome: CheckpointOutcome, engineLabel: string) => Promise<boolean>;

/**
 * Stores the checkpoints of a run, one after the other. The first that fails is told, and the run goes on.
 * @param onSaved is told the step of each that is stored.
 */
export function createSaver(
  { projectId, datasetId, network, settings }: StartCommand,
  checkpoints: CheckpointStore,
  emit: (event: RunEvent) => void,
  onSaved: (step: number) => void,
): Save {
  const signature = signatureOf(network);
  let told = false;
  return async ({ position, state }, outcome, engineLabel) => {
    const checkpoint: Checkpoint = {
      ...position,
      version: 1,
      projectId,
      datasetId,
      network,
      signature,
      settings,
      outcome,
      optimizerStep: state.step,
      weights: state.weights,
      slots: state.slots,
      engineLabel,
      savedAt: Date.now(),
    };
    try {
      await checkpoints.write(checkpoint);
    } catch (error) {
      if (!told) emit({ type: 'saveFailed', message: describeSaveFailure(error) });
      told = true;
      return false;
    }
    onSaved(position.step);
    emit({ type: 'saved', checkpoint: summaryOf(checkpoint) });
    return true;
  };
}
