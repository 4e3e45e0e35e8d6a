/**
 * The run itself: epochs, batches, tests, pauses and checkpoints, on any engine. Same seed and same engine give the
 * same run, wherever it was paused or cut short in between. It loads nothing and stores nothing by itself; see
 * session.ts.
 */
import type { LoadedDataset } from '../datasets/defineDataset';
import type { Trainer } from '../engine/engine';
import { queueLength } from '../engine/queue';
import type { Clock } from './clock';
import type { RunControl } from './control';
import { evaluateAll } from './evaluation';
import { DivergedError } from './failure';
import { isFiniteState, type LastGood, type Snapshot } from './lastGood';
import { epochOrder } from './order';
import type { CheckpointOutcome, RunEvent, RunPosition } from './protocol';
import { RunRecord, type TestResult } from './record';
import type { TrainingSettings } from './settings';
import { createSpeed } from './speed';

export interface LoopOptions {
  /** Starts from the state that belongs to `position`. */
  readonly trainer: Trainer;
  readonly data: LoadedDataset;
  readonly settings: TrainingSettings;
  /** Of the network, for one image. */
  readonly multiplyAdds: number;
  readonly position: RunPosition;
  /** Takes what the run can go back to. */
  readonly lastGood: LastGood;
  readonly control: RunControl;
  readonly clock: Clock;
  readonly emit: (event: RunEvent) => void;
  /** Stores a checkpoint; answers whether that worked. */
  readonly save: (snapshot: Snapshot, outcome: CheckpointOutcome) => Promise<boolean>;
}

/** Milliseconds between two progress events. */
const PROGRESS_MS = 100;
/** Milliseconds between two checkpoints while it runs. */
const SAVE_MS = 10_000;
/** Milliseconds between two snapshots in memory, and how many times their own cost: half a percent of the time at most. */
const SNAPSHOT_MS = 1000;
const SNAPSHOT_COSTS = 200;

/**
 * Trains until the epochs are done or `control` says stop.
 * @throws DivergedError where a loss or a weight is no longer a finite number.
 * @throws DeviceLostError and whatever else the trainer throws.
 */
export async function runLoop(options: LoopOptions): Promise<'finished' | 'stopped'> {
  const { trainer, data, settings, control, clock, emit } = options;
  const record = new RunRecord(options.position, settings, data.train.count);
  const speed = createSpeed();
  let queued = 1;
  let lastTest: TestResult | undefined;
  let progressAt = -Infinity;
  let toldStep = -1;
  let saveAt = clock.now();
  let snapshotAt = saveAt;
  let snapshotCost = 0;
  let saving: Promise<void> | undefined;
  // What the stored checkpoint says already; nothing new is not written again.
  let saved = { step: record.step, epoch: record.epoch, outcome: undefined as CheckpointOutcome | undefined };

  function diverged(batch: number): DivergedError {
    return new DivergedError(record.epoch, batch, settings.learningRate);
  }

  function sendProgress(): void {
    const imagesPerSecond = speed.imagesPerSecond();
    const testsLeft = record.lastEpoch - record.epoch + 1;
    // A test costs about a third of training on as many images, until one was measured.
    const testSeconds = lastTest?.seconds ?? data.test.count / imagesPerSecond / 3;
    emit({
      type: 'progress',
      progress: {
        epoch: record.epoch,
        epochs: record.lastEpoch,
        batch: record.batch,
        batches: record.batches,
        imagesPerSecond,
        secondsLeft:
          imagesPerSecond > 0 ? record.imagesLeft / imagesPerSecond + testsLeft * testSeconds : undefined,
      },
      points: record.takePoints(),
    });
    progressAt = clock.now();
    toldStep = record.step;
  }

  /** What the run is now, to go back to. @throws DivergedError where a weight is no longer a finite number. */
  async function snapshot(): Promise<Snapshot> {
    const position = record.position();
    const known = options.lastGood.at(position);
    if (known) return known;
    const begun = clock.now();
    const taken = { position, state: await trainer.state() };
    if (!isFiniteState(taken.state)) throw diverged(Math.max(1, record.batch));
    options.lastGood.offer(taken);
    snapshotAt = clock.now();
    snapshotCost = snapshotAt - begun;
    return taken;
  }

  /** Begins to store a checkpoint, after the one that is being stored. The run may go on meanwhile. */
  async function beginSave(outcome: CheckpointOutcome): Promise<void> {
    await saving;
    const now = { step: record.step, epoch: record.epoch, outcome };
    const same = now.step === saved.step && now.epoch === saved.epoch && outcome === saved.outcome;
    // Before the first batch there is nothing to keep, and an earlier checkpoint may still be of use.
    if (same || record.step === 0) return;
    const taken = await snapshot();
    saveAt = clock.now();
    saving = options.save(taken, outcome).then((stored) => {
      if (stored) saved = now;
      saving = undefined;
    });
  }

  /** Stores a checkpoint and waits for it. */
  async function save(outcome: CheckpointOutcome): Promise<void> {
    await beginSave(outcome);
    await saving;
  }

  /** Lets commands come in and follows them. @returns false where the run is to stop. */
  async function obey(): Promise<boolean> {
    await clock.nextTask();
    if (control.wanted === 'pause') {
      sendProgress();
      await save('paused');
      emit({ type: 'paused' });
      while (control.wanted === 'pause') {
        await control.changed();
        if (control.takeSave()) await save('paused');
      }
      if (control.wanted === 'run') emit({ type: 'resumed' });
    }
    if (control.wanted === 'stop') {
      sendProgress();
      await save('stopped');
      return false;
    }
    const now = clock.now();
    if (control.takeSave()) await save('paused');
    else if (!saving && now - saveAt >= SAVE_MS) await beginSave('paused');
    else if (now - snapshotAt >= Math.max(SNAPSHOT_MS, SNAPSHOT_COSTS * snapshotCost)) await snapshot();
    return true;
  }

  async function trainEpoch(): Promise<boolean> {
    const order = epochOrder(settings, data.train.count, record.epoch);
    while (record.batch < record.batches) {
      const first = record.batch;
      const end = Math.min(first + queued, record.batches);
      const begun = clock.now();
      for (let batch = first; batch < end; batch++)
        trainer.step(data.train, order.slice(batch * settings.batchSize, (batch + 1) * settings.batchSize));
      const metrics = await trainer.metrics();
      const milliseconds = clock.now() - begun;
      for (const [i, batch] of metrics.entries()) {
        if (!Number.isFinite(batch.loss)) {
          sendProgress();
          throw diverged(first + i + 1);
        }
        record.addBatch(batch);
        options.lastGood.confirm();
      }
      record.addSeconds(milliseconds / 1000);
      speed.add(
        metrics.reduce((sum, { examples }) => sum + examples, 0),
        milliseconds / 1000,
      );
      queued = queueLength(metrics.length, milliseconds);
      if (clock.now() - progressAt >= PROGRESS_MS) sendProgress();
      if (!(await obey())) return false;
    }
    if (toldStep !== record.step) sendProgress();
    return true;
  }

  try {
    while (!record.finished) {
      if (!(await obey()) || !(await trainEpoch())) return 'stopped';
      lastTest = await evaluateAll({ ...options, data: data.test, between: obey });
      if (lastTest === undefined) return 'stopped';
      if (!Number.isFinite(lastTest.loss)) throw diverged(record.batches);
      emit({ type: 'epoch', result: record.endEpoch(lastTest) });
      await beginSave(record.finished ? 'finished' : 'paused');
    }
    return 'finished';
  } finally {
    await saving;
  }
}
