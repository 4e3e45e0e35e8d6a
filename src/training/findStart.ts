/** Finds the weights and the place that a run starts from: those that are kept, or freshly drawn ones. */
import { initialWeights } from '../network/weights';
import { checkCheckpoint } from './checkpoint';
import type { CheckpointStore } from './checkpoints';
import { StorageError } from './failure';
import { continuedStart, freshStart, type Start } from './position';
import type { Checkpoint, StartCommand } from './protocol';

/**
 * @returns `checkpoint` is what the weights come from, and `ignored` says why kept weights that were asked for are not used.
 * @throws StorageError where kept weights are asked for and cannot be read.
 */
export async function findStart(
  { projectId, network, settings, fromCheckpoint, task }: Omit<StartCommand, 'type' | 'assetBase'>,
  checkpoints: CheckpointStore,
): Promise<{ start: Start; ignored?: string; checkpoint?: Checkpoint }> {
  const fresh = (): Start => freshStart(initialWeights(network, settings.seed));
  if (!fromCheckpoint) return { start: fresh() };
  let stored: unknown;
  try {
    stored = await checkpoints.read(projectId);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new StorageError(
      `The kept weights could not be read from this browser’s storage (${text}). Try again, or start over.`,
    );
  }
  if (stored === undefined && task === 'evaluate') return { start: fresh() };
  if (stored === undefined)
    return { start: fresh(), ignored: 'There are no kept weights; training starts from new ones.' };
  const checked = checkCheckpoint(stored, network);
  return 'checkpoint' in checked
    ? { start: continuedStart(checked.checkpoint, settings, network), checkpoint: checked.checkpoint }
    : { start: fresh(), ignored: checked.reason };
}
