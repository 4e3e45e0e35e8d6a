/** Weights that no run here has trained, such as those of a file, as a checkpoint: all that uses kept weights finds them. */
import type { Weights } from '../network/compiled';
import { signatureOf } from '../network/weights';
import { checkCheckpoint, type CheckedCheckpoint } from './checkpoint';
import { freshStart } from './position';
import type { Checkpoint, StartCommand, TestMetrics } from './protocol';

/** What the weights belong to: a project with its network, its data set and its settings. */
export type Adopter = Pick<StartCommand, 'projectId' | 'datasetId' | 'network' | 'settings'>;

/**
 * The checkpoint of a run that has not taken a step yet.
 * @param weights all of the network's, by their keys, in TensorFlow.js's layouts.
 * @param tested what they are worth on the test images, where that is known.
 * @returns the checkpoint, or as a sentence why the weights cannot be used: they do not fit, or are not finite.
 */
export function adoptedCheckpoint(
  adopter: Adopter,
  weights: Weights,
  tested?: TestMetrics,
): CheckedCheckpoint {
  const { projectId, datasetId, network, settings } = adopter;
  const { position } = freshStart(weights);
  const checkpoint: Checkpoint = {
    ...position,
    version: 1,
    projectId,
    datasetId,
    network,
    signature: signatureOf(network),
    settings,
    outcome: 'adopted',
    optimizerStep: 0,
    weights,
    slots: {},
    ...(tested && { tested }),
    engineLabel: '',
    savedAt: Date.now(),
  };
  return checkCheckpoint(checkpoint, network);
}
