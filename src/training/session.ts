/**
 * One run from start to end: loads the data, finds the weights to start from, chooses the engine, lets the loop run,
 * keeps checkpoints, and gives everything back. What it needs of the world is passed in; worker.ts passes the real
 * thing.
 */
import { formatShape, sameShape } from '../core/shape';
import type { DatasetDefinition, FetchAsset, LoadedDataset, LoadProgress } from '../datasets/defineDataset';
import type { Choice, ChoiceOptions } from '../engine/choose';
import type { Engine, Trainer, TrainerState } from '../engine/engine';
import { initialWeights, signatureOf } from '../network/weights';
import { checkCheckpoint } from './checkpoint';
import { describeSaveFailure, type CheckpointStore } from './checkpoints';
import type { Clock } from './clock';
import type { RunControl } from './control';
import { describeFailure, StorageError } from './failure';
import { runLoop } from './loop';
import { continuedStart, freshStart, type Start } from './position';
import {
  summaryOf,
  type Checkpoint,
  type CheckpointOutcome,
  type RunEvent,
  type RunPosition,
  type StartCommand,
} from './protocol';
import { optimizerOf } from './settings';

export interface SessionEnvironment {
  readonly emit: (event: RunEvent) => void;
  readonly datasetOf: (id: string) => DatasetDefinition | undefined;
  /** Opens the fastest engine that works, as `engine/index.ts` does. @throws where none does. */
  readonly openEngine: (options: ChoiceOptions) => Promise<Choice>;
  readonly checkpoints: CheckpointStore;
  readonly fetchAsset: FetchAsset;
  readonly clock: Clock;
}

/** Milliseconds between two events that count what is loaded. */
const LOADING_MS = 50;

/** Runs until the end and reports it by exactly one `ended` or `failed`. Never rejects. */
export async function runSession(
  command: StartCommand,
  environment: SessionEnvironment,
  control: RunControl,
): Promise<void> {
  const { emit } = environment;
  let keptStep: number | undefined;
  let engine: Engine | undefined;
  let trainer: Trainer | undefined;
  const stopped = (): boolean => control.wanted === 'stop';

  async function train(): Promise<'finished' | 'stopped'> {
    const data = await loadData(command, environment, control.signal);
    const { start, ignored } = await findStart(command, environment.checkpoints);
    if (start.position.step > 0) keptStep = start.position.step;
    if (stopped()) return 'stopped';
    const { network, settings } = command;
    const chosen = await environment.openEngine({
      network,
      loss: settings.loss,
      batchSize: settings.batchSize,
      engine: command.engine,
      onChecking: (label) => emit({ type: 'checking', label }),
    });
    engine = chosen.engine;
    if (stopped()) return 'stopped';
    trainer = await engine.createTrainer({
      network,
      optimizer: optimizerOf(settings),
      loss: settings.loss,
      seed: settings.seed,
      state: start.state,
    });
    emit({
      type: 'started',
      engine: engine.info,
      rejected: chosen.rejected,
      resumedAtStep: start.position.step,
      points: start.position.points,
      epochs: start.position.epochs,
      ...(ignored === undefined ? {} : { checkpointIgnored: ignored }),
    });
    const save = createSaver(command, environment, engine.info.label, (step) => (keptStep = step));
    return runLoop({
      trainer,
      data,
      settings,
      position: start.position,
      control,
      clock: environment.clock,
      emit,
      save,
    });
  }

  try {
    const reason = await train();
    trainer?.dispose();
    const allocations = trainer?.allocations() ?? 0;
    engine?.dispose();
    emit({ type: 'ended', reason, allocations });
  } catch (error) {
    giveBack(trainer, engine);
    if (control.signal.aborted && error === control.signal.reason)
      emit({ type: 'ended', reason: 'stopped', allocations: 0 });
    else emit(describeFailure(error, keptStep));
  }
}

/** After a failure the device may be gone, and giving it back may fail too; the failure is what is told. */
function giveBack(trainer: Trainer | undefined, engine: Engine | undefined): void {
  for (const part of [trainer, engine]) {
    try {
      part?.dispose();
    } catch {
      // The worker is ended after a failure, and the browser frees what is left.
    }
  }
}

async function loadData(
  { datasetId, network }: StartCommand,
  { datasetOf, fetchAsset, emit, clock }: SessionEnvironment,
  signal: AbortSignal,
): Promise<LoadedDataset> {
  const dataset = datasetOf(datasetId);
  if (!dataset) throw new Error(`This version of the app has no data set named "${datasetId}".`);
  if (
    !sameShape(dataset.shape, network.inputShape) ||
    !sameShape([dataset.classLabels.length], network.outputShape)
  ) {
    const wanted = `${formatShape(dataset.shape)} in and ${dataset.classLabels.length} classes out`;
    const came = `${formatShape(network.inputShape)} in and ${formatShape(network.outputShape)} out`;
    throw new Error(`${dataset.label} needs a network with ${wanted}; this one has ${came}.`);
  }
  let toldAt = -Infinity;
  const tell = (progress: LoadProgress): void => {
    if (progress.loaded < progress.total && clock.now() - toldAt < LOADING_MS) return;
    toldAt = clock.now();
    emit({ type: 'loading', progress });
  };
  tell({ loaded: 0, total: dataset.trainCount + dataset.testCount });
  return dataset.load(fetchAsset, tell, signal);
}

/** @throws StorageError where kept weights are asked for and cannot be read. */
async function findStart(
  { projectId, network, settings, fromCheckpoint }: StartCommand,
  checkpoints: CheckpointStore,
): Promise<{ start: Start; ignored?: string }> {
  const fresh = (): Start => freshStart(initialWeights(network, settings.seed));
  if (!fromCheckpoint) return { start: fresh() };
  let stored: unknown;
  try {
    stored = await checkpoints.read(projectId);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new StorageError(
      `The kept weights could not be read from this browser’s storage (${text}). Try again, or start over.`,
    );
  }
  if (stored === undefined)
    return { start: fresh(), ignored: 'There are no kept weights; training starts from new ones.' };
  const checked = checkCheckpoint(stored, network);
  return 'checkpoint' in checked
    ? { start: continuedStart(checked.checkpoint, settings) }
    : { start: fresh(), ignored: checked.reason };
}

/** Stores checkpoints one after the other. The first that fails is told, and the run goes on. */
function createSaver(
  { projectId, datasetId, network, settings }: StartCommand,
  { checkpoints, emit }: SessionEnvironment,
  engineLabel: string,
  onSaved: (step: number) => void,
) {
  const signature = signatureOf(network);
  let told = false;
  return async (position: RunPosition, state: TrainerState, outcome: CheckpointOutcome): Promise<boolean> => {
    const checkpoint: Checkpoint = {
      ...position,
      version: 1,
      projectId,
      datasetId,
      network,
      signature,
      settings,
      outcome,
      optimizerStep: state.step,
      weights: state.weights,
      slots: state.slots,
      engineLabel,
      savedAt: Date.now(),
    };
    try {
      await checkpoints.write(checkpoint);
    } catch (error) {
      if (!told) emit({ type: 'saveFailed', message: describeSaveFailure(error) });
      told = true;
      return false;
    }
    onSaved(position.step);
    emit({ type: 'saved', checkpoint: summaryOf(checkpoint) });
    return true;
  };
}
