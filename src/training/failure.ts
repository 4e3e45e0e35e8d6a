/** Why a run ended that was not meant to end, in words for the person. */
import { DatasetError } from '../datasets/defineDataset';
import { NoEngineError } from '../engine/choose';
import { DeviceLostError } from '../engine/engine';
import { isMemoryError } from '../engine/memory';
import type { RunEvent } from './protocol';

export type Failed = Extract<RunEvent, { type: 'failed' }>;

/** Training ran off: the loss or a weight is infinite or not a number any more. */
export class DivergedError extends Error {
  override name = 'DivergedError';
  constructor(
    /** Both from 1. */
    readonly epoch: number,
    readonly batch: number,
    readonly learningRate: number,
  ) {
    super(`The loss was no longer a finite number at epoch ${epoch}, batch ${batch}.`);
  }
}

/** Kept weights could not be read, and starting without them would lose them. */
export class StorageError extends Error {
  override name = 'StorageError';
}

/**
 * Turns whatever stopped a run into the event that says so.
 * @param keptStep the step of the last good checkpoint of this run, or undefined where there is none.
 */
export function describeFailure(error: unknown, keptStep: number | undefined): Failed {
  const text = error instanceof Error ? error.message : String(error);
  const kept =
    keptStep === undefined
      ? 'No weights of this run were kept yet; start it again from the beginning.'
      : keptStep === 0
        ? 'The weights that it started from are kept; starting again goes on from them.'
        : `The weights after step ${keptStep.toLocaleString('en-US')} are kept; starting again goes on from there.`;
  if (error instanceof DatasetError) return { type: 'failed', cause: 'dataset', message: text };
  if (error instanceof StorageError) return { type: 'failed', cause: 'storage', message: text };
  if (error instanceof DivergedError) {
    const advice = `Try a smaller learning rate than ${error.learningRate}, for example ${smaller(error.learningRate)}.`;
    return { type: 'failed', cause: 'diverged', message: `${text} ${advice} ${kept}` };
  }
  if (error instanceof DeviceLostError) {
    const advice = isMemoryError(error) ? ' A smaller batch size needs less of it.' : '';
    return { type: 'failed', cause: 'deviceLost', message: `${text}${advice} ${kept}` };
  }
  if (error instanceof NoEngineError) return { type: 'failed', cause: 'engine', message: `${text} ${kept}` };
  if (isMemoryError(error))
    return {
      type: 'failed',
      cause: 'engine',
      message: `This device has not enough memory to train this network (${text}). Make its largest layers smaller. ${kept}`,
    };
  return {
    type: 'failed',
    cause: 'engine',
    message: `Training stopped because of an error: ${text} ${kept}`,
  };
}

/** A tenth, without the noise of binary fractions. */
function smaller(learningRate: number): number {
  return Number((learningRate / 10).toPrecision(3));
}
