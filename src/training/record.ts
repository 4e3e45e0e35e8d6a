/**
 * The record of a run as it grows: steps, curve, the epoch in hand and the epochs that are done. It knows no trainer
 * and no time; the loop tells it what was measured.
 */
import type { StepMetrics } from '../engine/engine';
import { appendPoints } from './points';
import { batchesPerEpoch, emptyEpoch, epochExamples } from './position';
import type { BatchPoint, EpochResult, EpochSoFar, RunPosition } from './protocol';
import type { TrainingSettings } from './settings';

export interface TestResult {
  readonly loss: number;
  readonly accuracy: number;
  readonly seconds: number;
}

export class RunRecord {
  /** The epoch after which the run is finished. */
  readonly lastEpoch: number;
  /** Batches, and images, of an epoch. */
  readonly batches: number;
  readonly examples: number;
  readonly #epochsBefore: number;
  #step: number;
  #epochs: readonly EpochResult[];
  #current: EpochSoFar;
  #points: readonly BatchPoint[];
  #fresh: BatchPoint[] = [];

  constructor(position: RunPosition, settings: TrainingSettings, trainCount: number) {
    this.#step = position.step;
    this.#epochsBefore = position.epochsBefore;
    this.#epochs = position.epochs;
    this.#current = position.current;
    this.#points = position.points;
    this.lastEpoch = position.epochsBefore + settings.epochs;
    this.batches = batchesPerEpoch(settings, trainCount);
    this.examples = epochExamples(settings, trainCount);
  }

  get step(): number {
    return this.#step;
  }

  /** The epoch in hand, from 1; past `lastEpoch` once the run is finished. */
  get epoch(): number {
    return this.#epochs.length + 1;
  }

  get finished(): boolean {
    return this.#epochs.length >= this.lastEpoch;
  }

  /** Batches of the epoch in hand that are done. */
  get batch(): number {
    return this.#current.batches;
  }

  /** Images that remain to be trained on, of this epoch and those to come. */
  get imagesLeft(): number {
    return this.examples * (this.lastEpoch - this.#epochs.length) - this.#current.examples;
  }

  addBatch({ examples, loss, correct }: StepMetrics): void {
    this.#step += 1;
    const { batches, examples: seen, lossSum, correct: right, seconds } = this.#current;
    this.#current = {
      batches: batches + 1,
      examples: seen + examples,
      lossSum: lossSum + loss * examples,
      correct: right + correct,
      seconds,
    };
    this.#fresh.push({ step: this.#step, loss, accuracy: correct / examples });
  }

  addSeconds(seconds: number): void {
    this.#current = { ...this.#current, seconds: this.#current.seconds + seconds };
  }

  endEpoch(test: TestResult): EpochResult {
    const { examples, lossSum, correct, seconds } = this.#current;
    const result: EpochResult = {
      epoch: this.epoch,
      step: this.#step,
      loss: lossSum / examples,
      accuracy: correct / examples,
      testLoss: test.loss,
      testAccuracy: test.accuracy,
      seconds: seconds + test.seconds,
    };
    this.#epochs = [...this.#epochs, result];
    this.#current = emptyEpoch;
    return result;
  }

  /** The points since the last call, for the screen; from then on they are part of the curve. */
  takePoints(): readonly BatchPoint[] {
    const fresh = this.#fresh;
    this.#points = appendPoints(this.#points, fresh);
    this.#fresh = [];
    return fresh;
  }

  position(): RunPosition {
    return {
      step: this.#step,
      epochsBefore: this.#epochsBefore,
      epochs: this.#epochs,
      current: this.#current,
      points: appendPoints(this.#points, this.#fresh),
    };
  }
}
