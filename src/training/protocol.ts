/**
 * Everything that is said between the app and the training worker: two discriminated unions, plain data only.
 * One worker serves one run at a time; a second `start` is answered with `failed`, and commands that come when there
 * is no run any more are passed over.
 */
import type { Rejection } from '../engine/choose';
import type { EngineId, EngineInfo } from '../engine/engine';
import { frozenLayers, type CompiledNetwork, type Weights } from '../network/compiled';
import type { LoadProgress } from '../datasets/defineDataset';
import type { TrainingSettings } from './settings';

export interface StartCommand {
  readonly type: 'start';
  /** Names the checkpoint that the run reads and writes: the project's id. */
  readonly projectId: string;
  readonly datasetId: string;
  readonly network: CompiledNetwork;
  readonly settings: TrainingSettings;
  /**
   * Go on from the stored checkpoint where it fits the network; else from freshly drawn weights. A run that was cut
   * short goes on to the end that its settings name; one whose epochs are all done trains `settings.epochs` more.
   * Where the settings changed, the weights are kept: another optimizer, or another choice of frozen layers, starts
   * with fresh slots, and another order of images (seed, shuffle, batch size, number of images) starts the epoch in hand again.
   */
  readonly fromCheckpoint: boolean;
  /**
   * `evaluate`: test the weights that training would start from on the data set's test images, and take no step.
   * What they are worth is kept with the weights where they come from a checkpoint. Missing: train.
   */
  readonly task?: 'evaluate';
  /** Take this engine where it works. Missing: the fastest. */
  readonly engine?: EngineId;
  /** Where the app's assets lie, an absolute URL that ends in "/". */
  readonly assetBase: string;
}

export type Command =
  | StartCommand
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'stop' }
  /** Write a checkpoint now; the page may be about to go away. */
  | { readonly type: 'save' };

/** A point of the curves. */
export interface BatchPoint {
  /** Batches since the run's first epoch, from 1. */
  readonly step: number;
  readonly loss: number;
  /** 0 to 1. */
  readonly accuracy: number;
}

export interface EpochResult {
  /** From 1. */
  readonly epoch: number;
  /** The step at which the epoch ended. */
  readonly step: number;
  /** Means over the epoch's images, as training saw them. */
  readonly loss: number;
  readonly accuracy: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
  /** Of training and of testing, without pauses. */
  readonly seconds: number;
}

export interface Progress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Batches of this epoch that are done, and all of them. */
  readonly batch: number;
  readonly batches: number;
  /** Over the last seconds; 0 until it is known. */
  readonly imagesPerSecond: number;
  /** Until the end of the run, or undefined until it is known. */
  readonly secondsLeft: number | undefined;
}

export type RunEvent =
  | { readonly type: 'loading'; readonly progress: LoadProgress }
  /** One gradient step of this engine is being checked against the CPU. */
  | { readonly type: 'checking'; readonly label: string }
  /** A few steps on this engine are being timed, since another one may be faster. */
  | { readonly type: 'measuring'; readonly label: string }
  | {
      readonly type: 'started';
      readonly engine: EngineInfo;
      /** Images a second when it was timed; missing where there was nothing to compare it with. */
      readonly measured?: number;
      readonly rejected: readonly Rejection[];
      /** Steps that are behind it already; 0 for a fresh run. */
      readonly resumedAtStep: number;
      /** The history up to there, so that the curves go on. */
      readonly points: readonly BatchPoint[];
      readonly epochs: readonly EpochResult[];
      /** Why a checkpoint that was asked for is not used, as a sentence. */
      readonly checkpointIgnored?: string;
      /** Set where it starts again in the middle of the run, after a lost device: what happened, as sentences. */
      readonly recovered?: string;
    }
  /** The device went away; an engine is opened again, and `started` follows. */
  | { readonly type: 'deviceLost'; readonly message: string }
  | { readonly type: 'progress'; readonly progress: Progress; readonly points: readonly BatchPoint[] }
  /** Test images seen so far, after an epoch or where the weights are evaluated. */
  | { readonly type: 'evaluating'; readonly progress: LoadProgress }
  | { readonly type: 'epoch'; readonly result: EpochResult }
  /** What the weights are worth that the run was to evaluate; `ended` follows. */
  | { readonly type: 'tested'; readonly result: TestMetrics }
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  | { readonly type: 'saved'; readonly checkpoint: CheckpointSummary }
  /** The checkpoint could not be stored; the run goes on. Told once a run. */
  | { readonly type: 'saveFailed'; readonly message: string }
  /** Ended because the epochs, or the evaluation, are done, or because of `stop`. `allocations` is what the engine still held at the end. */
  | { readonly type: 'ended'; readonly reason: 'finished' | 'stopped'; readonly allocations: number }
  | {
      readonly type: 'failed';
      /** Whether a second try may help, and whether it goes on from kept weights. */
      readonly cause: 'dataset' | 'engine' | 'deviceLost' | 'diverged' | 'storage';
      /** Whole sentences: what happened, what was kept, what to do. */
      readonly message: string;
    };

/** The part of an epoch that is done: sums over its batches, from which its means come. */
export interface EpochSoFar {
  readonly batches: number;
  readonly examples: number;
  readonly lossSum: number;
  readonly correct: number;
  readonly seconds: number;
}

/** Where a run stands. */
export interface RunPosition {
  /** Batches since the run's first epoch. */
  readonly step: number;
  /** Epochs that were done before `settings.epochs` began to count; above 0 once a finished run trains on. */
  readonly epochsBefore: number;
  readonly epochs: readonly EpochResult[];
  readonly current: EpochSoFar;
  readonly points: readonly BatchPoint[];
}

/**
 * How the run stands that a checkpoint was written by: `paused` also while it runs, for a page that goes away. No run
 * has written what is `adopted`: its weights come out of a file.
 */
export type CheckpointOutcome = 'paused' | 'stopped' | 'finished' | 'adopted';

/** What weights are worth on the test images. */
export interface TestMetrics {
  readonly loss: number;
  /** 0 to 1. */
  readonly accuracy: number;
}

/** What the browser keeps of a run: enough to go on as if nothing had happened. One per project. */
export interface Checkpoint extends RunPosition {
  readonly version: 1;
  readonly projectId: string;
  readonly datasetId: string;
  readonly network: CompiledNetwork;
  /** `signatureOf` the network that the weights belong to. */
  readonly signature: string;
  readonly settings: TrainingSettings;
  readonly outcome: CheckpointOutcome;
  /** Steps that the optimizer's slots have behind them; fewer than `step` where the optimizer was changed. */
  readonly optimizerStep: number;
  readonly weights: Weights;
  readonly slots: Readonly<Record<string, Float32Array>>;
  /** Of these very weights, where they were tested apart from the end of an epoch. */
  readonly tested?: TestMetrics;
  readonly engineLabel: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}

/** What the screen shows of a checkpoint. */
export interface CheckpointSummary {
  readonly signature: string;
  readonly outcome: CheckpointOutcome;
  readonly step: number;
  readonly epochsDone: number;
  /** Of these weights where they were tested by themselves, else after the last epoch; undefined before the first. */
  readonly testAccuracy: number | undefined;
  /** Names of the layers that were frozen. */
  readonly frozen: readonly string[];
  readonly savedAt: number;
}

export function summaryOf(checkpoint: Checkpoint): CheckpointSummary {
  const { signature, outcome, step, epochs, tested, network, savedAt } = checkpoint;
  return {
    signature,
    outcome,
    step,
    epochsDone: epochs.length,
    testAccuracy: tested?.accuracy ?? epochs.at(-1)?.testAccuracy,
    frozen: frozenLayers(network),
    savedAt,
  };
}
