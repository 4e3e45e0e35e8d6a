/**
 * The run of the open project, as the screen shows it: never part of undo. It starts and ends the worker through a
 * client that is passed in; what events mean is in runEvents.ts.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { datasetOf } from '../datasets';
import type { EngineId } from '../engine/engine';
import type { Weights } from '../network/compiled';
import { adoptedCheckpoint, type Adopter } from '../training/adopt';
import { checkCheckpoint, type CheckedCheckpoint } from '../training/checkpoint';
import type { CheckpointStore } from '../training/checkpoints';
import type { StartClient, StartRequest, TrainingClient } from '../training/client';
import { restingProgress } from '../training/position';
import { summaryOf, type Checkpoint, type RunEvent, type TestMetrics } from '../training/protocol';
import { applyEvent, emptyRun, type RunView } from './runEvents';

export type { RunStatus, RunView } from './runEvents';

export interface RunActions {
  /** Starts a run; passed over while one is active. */
  start(request: StartRequest): void;
  /**
   * Tests the weights that a start would go on from, or draws new ones where none are kept that fit; trains nothing.
   * Afterwards the run is what it was, with the result. Passed over while a run is active.
   */
  evaluate(request: Omit<StartRequest, 'fromCheckpoint' | 'task'>): void;
  pause(): void;
  /** Goes on after a pause; after a reload, with the network and the settings that the paused run had. */
  resume(): void;
  stop(): void;
  /** Shows what is kept of a project's run. A run of another project is stopped, and its weights are kept. */
  openProject(projectId: string): Promise<void>;
  /** Resolves when it is known what is kept of the open project's run, or that storage does not say. */
  ready(): Promise<void>;
  /**
   * Keeps weights that come from elsewhere, such as a file, as those of a project: training goes on from them, and
   * whoever exports or tests finds them. They take the place of what was kept. The project need not be open.
   * @param tested what they are worth on the test images, where that is known.
   * Rejects with a sentence where they do not fit the network, a run of the project is active, or storage is blocked.
   */
  adoptWeights(adopter: Adopter, weights: Weights, tested?: TestMetrics): Promise<void>;
  /** The kept weights of a project; undefined where there are none fit to use. Rejects where storage is blocked. */
  trainedWeights(projectId: string): Promise<Weights | undefined>;
}

export type RunState = RunView & RunActions;
export type RunStore = StoreApi<RunState>;

/**
 * Makes the store. Nothing is started or read before an action asks for it.
 * @param pinned says at each start which engine the person has asked for; undefined takes the fastest.
 */
export function createRun(
  startClient: StartClient,
  checkpoints: CheckpointStore,
  pinned: () => EngineId | undefined,
): RunStore {
  return createStore<RunState>((set, get) => {
    let project: string | undefined;
    let client: TrainingClient | undefined;
    /** The last look into the storage. */
    let reading = Promise.resolve();

    function start(next: StartRequest): void {
      if (get().active) return;
      project = next.projectId;
      const { checkpoint, points, epochs, progress, status } = get();
      const curves = next.fromCheckpoint ? { points, epochs } : {};
      const before = status === 'failed' ? (checkpoint?.outcome ?? 'idle') : status;
      const resting = progress && { ...progress, imagesPerSecond: 0, secondsLeft: undefined };
      const kept = next.task === 'evaluate' ? { progress: resting, afterwards: before } : {};
      set({ ...emptyRun, checkpoint, ...curves, ...kept, status: 'loading', active: true });
      try {
        const started = startClient((event) => {
          if (client === started) receive(event);
        });
        client = started;
        started.start({ ...next, engine: pinned() });
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        receive({
          type: 'failed',
          cause: 'engine',
          message: `Training could not be started in this browser: ${text}`,
        });
      }
    }

    function receive(event: RunEvent): void {
      if (event.type === 'ended' || event.type === 'failed') client = undefined;
      set((run) => applyEvent(run, event));
    }

    async function read(projectId: string): Promise<CheckedCheckpoint | undefined> {
      const stored = await checkpoints.read(projectId);
      return stored === undefined ? undefined : checkCheckpoint(stored);
    }

    /** Does `use` with the open project's checkpoint; a failure is told where the person looks. */
    async function withCheckpoint(use: (checkpoint: Checkpoint) => void | Promise<void>): Promise<void> {
      const asked = project;
      if (asked === undefined) return;
      try {
        const kept = await read(asked);
        // Another project was opened meanwhile, or its run was started.
        if (project !== asked || get().active) return;
        if (kept === undefined) set({ ...emptyRun, message: 'There are no kept weights any more.' });
        else if ('reason' in kept) set({ status: 'failed', cause: 'storage', message: kept.reason });
        else await use(kept.checkpoint);
      } catch (error) {
        set({ message: describeStorage(error) });
      }
    }

    async function open(projectId: string): Promise<void> {
      project = projectId;
      // The old run keeps its weights and ends by itself; nobody listens to it any more.
      client?.stop();
      client = undefined;
      set(emptyRun);
      try {
        const kept = await read(projectId);
        if (project !== projectId || get().active || kept === undefined) return;
        if ('reason' in kept) set({ status: 'failed', cause: 'storage', message: kept.reason });
        else set(restore(kept.checkpoint));
      } catch (error) {
        if (project === projectId) set({ message: describeStorage(error) });
      }
    }

    return {
      ...emptyRun,
      start,
      evaluate: (request) => start({ ...request, fromCheckpoint: true, task: 'evaluate' }),
      pause() {
        if (!client) return;
        set({ status: 'pausing' });
        client.pause();
      },
      resume() {
        const { status } = get();
        if (client) {
          if (status === 'pausing') set({ status: 'running' });
          client.resume();
        } else if (status === 'paused') {
          void withCheckpoint(({ projectId, datasetId, network, settings }) =>
            start({ projectId, datasetId, network, settings, fromCheckpoint: true }),
          );
        }
      },
      stop() {
        if (client) {
          set({ status: 'stopping' });
          client.stop();
        } else if (get().status === 'paused') {
          void withCheckpoint(async (checkpoint) => {
            const stopped: Checkpoint = { ...checkpoint, outcome: 'stopped' };
            await checkpoints.write(stopped);
            set({ status: 'stopped', checkpoint: summaryOf(stopped) });
          });
        }
      },
      openProject(projectId) {
        if (project !== projectId) reading = open(projectId);
        return reading;
      },
      async adoptWeights(adopter, weights, tested) {
        const busy = (): boolean => project === adopter.projectId && get().active;
        if (busy()) throw new Error('A run of this project is active. Stop it, then open the weights again.');
        const adopted = adoptedCheckpoint(adopter, weights, tested);
        if ('reason' in adopted) throw new Error(adopted.reason);
        await checkpoints.write(adopted.checkpoint);
        if (project === adopter.projectId && !busy()) set({ ...emptyRun, ...restore(adopted.checkpoint) });
      },
      ready: () => Promise.race([reading, patience()]),
      async trainedWeights(projectId) {
        const kept = await read(projectId);
        return kept && 'checkpoint' in kept ? kept.checkpoint.weights : undefined;
      },
    };
  });
}

/** The run as a reload finds it: where it stood, with its curves. */
function restore(checkpoint: Checkpoint): Partial<RunView> {
  const trainCount = datasetOf(checkpoint.datasetId)?.trainCount ?? checkpoint.settings.trainExamples;
  return {
    status: checkpoint.outcome,
    checkpoint: summaryOf(checkpoint),
    progress:
      checkpoint.outcome === 'adopted'
        ? undefined
        : restingProgress(checkpoint, checkpoint.settings, trainCount),
    tested: checkpoint.tested,
    points: checkpoint.points,
    epochs: checkpoint.epochs,
  };
}

/** Storage that gives no answer for this long is not waited for. */
function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 3000));
}

function describeStorage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return `This browser’s storage of trained weights does not answer (${text}). Training works, but weights may not be kept.`;
}
