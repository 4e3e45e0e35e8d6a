/** In which order an epoch sees the images. Depends on seed and epoch only, so that a run can go on within an epoch. */
import { createRandom, permutation } from '../core/random';
import { epochExamples } from './position';
import type { TrainingSettings } from './settings';

/**
 * Indices of the images of one epoch: the first `trainExamples` of the set, each once.
 * @param epoch from 1; every epoch has its own order where `shuffle` is on.
 */
export function epochOrder(settings: TrainingSettings, trainCount: number, epoch: number): Uint32Array {
  const count = epochExamples(settings, trainCount);
  return settings.shuffle
    ? permutation(count, createRandom(settings.seed, epoch))
    : Uint32Array.from({ length: count }, (_, i) => i);
}
