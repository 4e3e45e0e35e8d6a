/** What a pass needs to know, made the same on every thread from a few numbers. */
import { createRandom } from '../../../core/random';
import type { OptimizerSettings } from '../../engine';
import { scalarsOf } from '../kernels/optimizers';
import { chunksOf } from './chunks';
import type { Pass } from './machine';

export interface PassSettings {
  readonly optimizer: OptimizerSettings;
  /** Drives dropout. */
  readonly seed: number;
  /** Chunks that a batch is cut into at most. */
  readonly chunks: number;
}

/** @param step optimizer steps before this one. */
export function passOf(
  { optimizer, seed, chunks }: PassSettings,
  { count, step, scale, training }: Pick<Pass, 'count' | 'scale' | 'training'> & { readonly step: number },
): Pass {
  return {
    ...{ count, scale, training },
    chunks: chunksOf(count, chunks),
    scalars: scalarsOf(optimizer, step + 1),
    seed: (layer, example) => createRandom(seed, step, layer, example).next() * 2 ** 32,
  };
}
