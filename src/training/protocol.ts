/**
 * Everything that is said between the app and the training worker: two discriminated unions, plain data only.
 * One worker serves one run at a time; it answers a command it cannot take with `failed`.
 */
import type { EngineInfo } from '../engine/engine';
import type { CompiledNetwork, Weights } from '../network/compiled';
import type { LoadProgress } from '../datasets/defineDataset';
import type { TrainingSettings } from './settings';

export interface StartCommand {
  readonly type: 'start';
  /** Names the checkpoint that the run reads and writes: the project's id. */
  readonly projectId: string;
  readonly datasetId: string;
  readonly network: CompiledNetwork;
  readonly settings: TrainingSettings;
  /** Go on from the stored checkpoint where it fits the network; else from freshly drawn weights. */
  readonly fromCheckpoint: boolean;
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

/** An engine that was tried and not used, with the reason in one sentence. */
export interface RejectedEngine {
  readonly label: string;
  readonly reason: string;
}

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
  /** Means over the epoch's batches, as training saw them. */
  readonly loss: number;
  readonly accuracy: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
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
  | {
      readonly type: 'started';
      readonly engine: EngineInfo;
      readonly rejected: readonly RejectedEngine[];
      /** Steps that the checkpoint had behind it; 0 for a fresh run. */
      readonly resumedAtStep: number;
      /** The history that the checkpoint carries, so that the curves go on. */
      readonly points: readonly BatchPoint[];
      readonly epochs: readonly EpochResult[];
    }
  | { readonly type: 'progress'; readonly progress: Progress; readonly points: readonly BatchPoint[] }
  /** Test images seen so far, after an epoch. */
  | { readonly type: 'evaluating'; readonly epoch: number; readonly progress: LoadProgress }
  | { readonly type: 'epoch'; readonly result: EpochResult }
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  | { readonly type: 'saved'; readonly step: number }
  /** Ended because the epochs are done, or because of `stop`. `allocations` is what the engine still held at the end. */
  | { readonly type: 'ended'; readonly reason: 'finished' | 'stopped'; readonly allocations: number }
  | {
      readonly type: 'failed';
      /** Whether a second try may help, and whether it goes on from kept weights. */
      readonly cause: 'dataset' | 'engine' | 'deviceLost' | 'diverged' | 'storage';
      /** Whole sentences: what happened, what was kept, what to do. */
      readonly message: string;
    };

/** What the browser keeps of a run: enough to go on as if nothing had happened. One per project. */
export interface Checkpoint {
  readonly version: 1;
  readonly projectId: string;
  /** `signatureOf` the network that the weights belong to. */
  readonly signature: string;
  readonly settings: TrainingSettings;
  readonly step: number;
  readonly weights: Weights;
  readonly slots: Readonly<Record<string, Float32Array>>;
  readonly points: readonly BatchPoint[];
  readonly epochs: readonly EpochResult[];
  readonly engineLabel: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}
