/** Tests the weights that a run would start from, without training, and keeps with them what they are worth. */
import type { LoadedDataset } from '../datasets/defineDataset';
import type { Trainer } from '../engine/engine';
import type { CheckpointStore } from './checkpoints';
import type { Clock } from './clock';
import type { RunControl } from './control';
import { evaluateAll } from './evaluation';
import { summaryOf, type Checkpoint, type RunEvent } from './protocol';

interface EvaluateOptions {
  /** Has the weights. */
  readonly trainer: Trainer;
  readonly data: LoadedDataset;
  /** Of the network, for one image. */
  readonly multiplyAdds: number;
  /** What the weights come from; missing where they are freshly drawn. */
  readonly checkpoint?: Checkpoint;
  readonly checkpoints: CheckpointStore;
  readonly control: RunControl;
  readonly clock: Clock;
  readonly emit: (event: RunEvent) => void;
}

/**
 * Tells the loss and the accuracy on all test images by `tested`, unless `control` says stop before.
 * @throws DeviceLostError and whatever else the trainer throws.
 */
export async function evaluateWeights(options: EvaluateOptions): Promise<'finished' | 'stopped'> {
  const { control, clock, emit, checkpoint } = options;
  const result = await evaluateAll({
    ...options,
    data: options.data.test,
    between: async () => {
      await clock.nextTask();
      return control.wanted !== 'stop';
    },
  });
  if (!result) return 'stopped';
  const { loss, accuracy } = result;
  emit({ type: 'tested', result: { loss, accuracy } });
  if (checkpoint && Number.isFinite(loss))
    await keep(options.checkpoints, { ...checkpoint, tested: { loss, accuracy } }, emit);
  return 'finished';
}

async function keep(
  checkpoints: CheckpointStore,
  checkpoint: Checkpoint,
  emit: (event: RunEvent) => void,
): Promise<void> {
  try {
    await checkpoints.write(checkpoint);
  } catch {
    // The weights are kept as they were, and the result is on the screen; it can be found again.
    return;
  }
  emit({ type: 'saved', checkpoint: summaryOf(checkpoint) });
}
