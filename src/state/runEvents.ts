/** What each event of the worker changes in the state of the run. Pure; run.ts owns the store and the worker. */
import type { LoadProgress } from '../datasets/defineDataset';
import type { Rejection } from '../engine/choose';
import type { EngineInfo } from '../engine/engine';
import { appendPoints } from '../training/points';
import type {
  BatchPoint,
  CheckpointSummary,
  EpochResult,
  Progress,
  RunEvent,
  TestMetrics,
} from '../training/protocol';

export type RunStatus =
  | 'idle'
  | 'loading'
  | 'checking'
  | 'measuring'
  | 'reopening'
  | 'running'
  | 'pausing'
  | 'paused'
  | 'evaluating'
  | 'stopping'
  | 'finished'
  | 'stopped'
  | 'adopted'
  | 'tested'
  | 'failed';

export interface RunView {
  readonly status: RunStatus;
  /** Whether a worker holds a run, paused or not. A run that a reload brought back is paused, and not active. */
  readonly active: boolean;
  readonly load: LoadProgress | undefined;
  /** The engine whose gradient step is being checked, or that is being timed. */
  readonly candidate: string | undefined;
  readonly engine: EngineInfo | undefined;
  /** Images a second of the engine when it was timed; undefined where there was nothing to compare it with. */
  readonly measured: number | undefined;
  readonly rejected: readonly Rejection[];
  readonly progress: Progress | undefined;
  /** Test images seen, while `evaluating`. */
  readonly evaluation: LoadProgress | undefined;
  /** What the present weights are worth, where they were tested by themselves. */
  readonly tested: TestMetrics | undefined;
  readonly points: readonly BatchPoint[];
  readonly epochs: readonly EpochResult[];
  /** What the person should know: why it failed, or what could not be kept. */
  readonly message: string | undefined;
  /** What happened to the device and needs no answer: it was lost, and training goes on. */
  readonly note: string | undefined;
  /** Why it failed. */
  readonly cause: Extract<RunEvent, { type: 'failed' }>['cause'] | undefined;
  /** While weights are evaluated: what the run is afterwards. */
  readonly afterwards: RunStatus | undefined;
  /** What is stored of this project's run. */
  readonly checkpoint: CheckpointSummary | undefined;
  /** Buffers that the engine still held at the end of the last run; 0 where nothing leaks. */
  readonly allocations: number | undefined;
}

export const emptyRun: RunView = {
  status: 'idle',
  active: false,
  load: undefined,
  candidate: undefined,
  engine: undefined,
  measured: undefined,
  rejected: [],
  progress: undefined,
  evaluation: undefined,
  tested: undefined,
  points: [],
  epochs: [],
  message: undefined,
  note: undefined,
  cause: undefined,
  afterwards: undefined,
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
    case 'measuring':
      return { status: status(event.type), candidate: event.label };
    case 'started':
      return {
        status: status('running'),
        candidate: undefined,
        engine: event.engine,
        measured: event.measured,
        rejected: event.rejected,
        points: event.points,
        epochs: event.epochs,
        // In the middle of a run, what was said before still holds.
        message: event.recovered === undefined ? event.checkpointIgnored : run.message,
        note: event.recovered,
      };
    case 'deviceLost':
      return { status: status('reopening'), evaluation: undefined, note: event.message };
    case 'progress':
      return { progress: event.progress, points: appendPoints(run.points, event.points) };
    case 'evaluating':
      return { status: status('evaluating'), evaluation: event.progress };
    case 'epoch':
      return { status: status('running'), evaluation: undefined, epochs: [...run.epochs, event.result] };
    case 'tested':
      // A paused run can still be resumed.
      return { tested: event.result, afterwards: run.afterwards === 'paused' ? 'paused' : 'tested' };
    case 'paused':
      return { status: run.status === 'stopping' ? 'stopping' : 'paused' };
    case 'resumed':
      return { status: status('running') };
    case 'saved':
      return { checkpoint: event.checkpoint };
    case 'saveFailed':
      return { message: event.message };
    case 'ended':
      return {
        status: run.afterwards ?? event.reason,
        afterwards: undefined,
        active: false,
        candidate: undefined,
        evaluation: undefined,
        allocations: event.allocations,
      };
    case 'failed':
      return {
        status: 'failed',
        afterwards: undefined,
        active: false,
        candidate: undefined,
        evaluation: undefined,
        message: event.message,
        cause: event.cause,
      };
    default:
      return event satisfies never;
  }
}
