/** What each event of the worker changes in the state of the run. Pure; run.ts owns the store and the worker. */
import type { LoadProgress } from '../datasets/defineDataset';
import type { EngineInfo } from '../engine/engine';
import { appendPoints } from '../training/points';
import type {
  BatchPoint,
  CheckpointSummary,
  EpochResult,
  Progress,
  RejectedEngine,
  RunEvent,
} from '../training/protocol';

export type RunStatus =
  | 'idle'
  | 'loading'
  | 'checking'
  | 'running'
  | 'pausing'
  | 'paused'
  | 'evaluating'
  | 'stopping'
  | 'finished'
  | 'stopped'
  | 'failed';

export interface RunView {
  readonly status: RunStatus;
  /** Whether a worker holds a run, paused or not. A run that a reload brought back is paused, and not active. */
  readonly active: boolean;
  readonly load: LoadProgress | undefined;
  /** The engine whose gradient step is being checked. */
  readonly checking: string | undefined;
  readonly engine: EngineInfo | undefined;
  readonly rejected: readonly RejectedEngine[];
  readonly progress: Progress | undefined;
  /** Test images seen, while `evaluating`. */
  readonly evaluation: LoadProgress | undefined;
  readonly points: readonly BatchPoint[];
  readonly epochs: readonly EpochResult[];
  /** What the person should know: why it failed, or what could not be kept. */
  readonly message: string | undefined;
  /** Why it failed. */
  readonly cause: Extract<RunEvent, { type: 'failed' }>['cause'] | undefined;
  /** What is stored of this project's run. */
  readonly checkpoint: CheckpointSummary | undefined;
  /** Tensors that the engine still held at the end of the last run; 0 where nothing leaks. */
  readonly allocations: number | undefined;
}

export const emptyRun: RunView = {
  status: 'idle',
  active: false,
  load: undefined,
  checking: undefined,
  engine: undefined,
  rejected: [],
  progress: undefined,
  evaluation: undefined,
  points: [],
  epochs: [],
  message: undefined,
  cause: undefined,
  checkpoint: undefined,
  allocations: undefined,
};

/** The fields that an event changes. */
export function applyEvent(run: RunView, event: RunEvent): Partial<RunView> {
  // What the person asked for shows until it is reached, whatever still comes in.
  const status = (next: RunStatus): RunStatus =>
    run.status === 'pausing' || run.status === 'stopping' ? run.status : next;
  switch (event.type) {
    case 'loading':
      return { status: status('loading'), load: event.progress };
    case 'checking':
      return { status: status('checking'), checking: event.label };
    case 'started':
      return {
        status: status('running'),
        engine: event.engine,
        rejected: event.rejected,
        points: event.points,
        epochs: event.epochs,
        message: event.checkpointIgnored,
      };
    case 'progress':
      return { progress: event.progress, points: appendPoints(run.points, event.points) };
    case 'evaluating':
      return { status: status('evaluating'), evaluation: event.progress };
    case 'epoch':
      return { status: status('running'), evaluation: undefined, epochs: [...run.epochs, event.result] };
    case 'paused':
      return { status: run.status === 'stopping' ? 'stopping' : 'paused' };
    case 'resumed':
      return { status: status('running') };
    case 'saved':
      return { checkpoint: event.checkpoint };
    case 'saveFailed':
      return { message: event.message };
    case 'ended':
      return { status: event.reason, active: false, evaluation: undefined, allocations: event.allocations };
    case 'failed':
      return {
        status: 'failed',
        active: false,
        evaluation: undefined,
        message: event.message,
        cause: event.cause,
      };
    default:
      return event satisfies never;
  }
}
