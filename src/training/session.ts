/**
 * One run from start to end: loads the data, finds the weights to start from, chooses the engine, lets the loop run or
 * tests the weights, keeps checkpoints, goes on after a lost device, and gives everything back. What it needs of the world is passed in;
 * worker.ts passes the real thing.
 */
import { NoEngineError, type Choice, type ChoiceOptions } from '../engine/choose';
import { DeviceLostError, type EngineInfo, type TrainerState } from '../engine/engine';
import type { CheckpointStore } from './checkpoints';
import type { RunControl } from './control';
import { evaluateWeights } from './evaluateWeights';
import { describeFailure, DivergedError } from './failure';
import { findStart } from './findStart';
import { LastGood, SNAPSHOT_BYTES } from './lastGood';
import { loadData, type LoadEnvironment } from './loadData';
import { runLoop } from './loop';
import { describeRecovery, Losses } from './losses';
import type { CheckpointOutcome, StartCommand } from './protocol';
import { createSaver } from './saver';
import { optimizerOf } from './settings';

export interface SessionEnvironment extends LoadEnvironment {
  /** Opens the fastest engine that works, as `engine/index.ts` does. @throws where none does. */
  readonly openEngine: (options: ChoiceOptions) => Promise<Choice>;
  readonly checkpoints: CheckpointStore;
  /** Bytes of a state up to which the last good one stays in memory. Missing: 64 MB. */
  readonly snapshotBytes?: number;
}

/** Runs until the end and reports it by exactly one `ended` or `failed`. Never rejects. */
export async function runSession(
  command: StartCommand,
  environment: SessionEnvironment,
  control: RunControl,
): Promise<void> {
  const { emit, checkpoints, clock } = environment;
  const { network, settings } = command;
  let keptStep: number | undefined;
  let chosen: Choice | undefined;
  /** The engine that trains, or did until it was lost. */
  let engine: EngineInfo | undefined;
  const save = createSaver(command, checkpoints, emit, (step) => (keptStep = step));
  const losses = new Losses();
  const stopped = (): boolean => control.wanted === 'stop';

  const open = (state: TrainerState): Promise<Choice> =>
    environment.openEngine({
      run: {
        network,
        optimizer: optimizerOf(settings),
        loss: settings.loss,
        seed: settings.seed,
        state,
        batchSize: settings.batchSize,
      },
      pinned: command.engine,
      without: losses.without,
      onStage: (type, label) => emit({ type, label }),
      signal: control.signal,
    });

  /** Stores the last good state that is in memory, where it has learned anything. */
  async function keep({ good }: LastGood, outcome: CheckpointOutcome): Promise<void> {
    if (engine && good && good.position.step > 0) await save(good, outcome, engine.label);
  }

  async function train(): Promise<'finished' | 'stopped'> {
    const data = await loadData(command, environment, control.signal);
    let { start, ignored, checkpoint } = await findStart(command, checkpoints);
    if (checkpoint) keptStep = start.position.step;
    let lost: DeviceLostError | undefined;
    for (;;) {
      const lastGood = new LastGood(start, environment.snapshotBytes ?? SNAPSHOT_BYTES);
      const { position, state } = start;
      try {
        if (!stopped()) chosen = await open(state);
      } catch (error) {
        // Where nothing can take over, the loss is what the run ends by.
        if (!stopped()) throw lost && error instanceof NoEngineError ? lost : error;
      }
      if (stopped() || !chosen) {
        if (lost) await keep(lastGood, 'stopped');
        return 'stopped';
      }
      const { trainer, measured, rejected } = chosen;
      const { info } = chosen.engine;
      emit({
        type: 'started',
        engine: info,
        measured,
        rejected,
        resumedAtStep: position.step,
        points: position.points,
        epochs: position.epochs,
        ...(ignored === undefined ? {} : { checkpointIgnored: ignored }),
        ...(lost && engine && { recovered: describeRecovery(lost, engine, info, position.step) }),
      });
      engine = info;
      const run = { trainer, data, multiplyAdds: network.multiplyAdds, control, clock, emit };
      try {
        if (command.task === 'evaluate') return await evaluateWeights({ ...run, checkpoint, checkpoints });
        return await runLoop({
          ...run,
          settings,
          position,
          lastGood,
          save: (snapshot, outcome) => save(snapshot, outcome, info.label),
        });
      } catch (error) {
        // What is stored may be younger, and lead to nothing but the same.
        if (error instanceof DivergedError) await keep(lastGood, 'stopped');
        if (!(error instanceof DeviceLostError)) throw error;
        lost = error;
        if ((lastGood.good?.position.step ?? 0) > (keptStep ?? 0)) await keep(lastGood, 'paused');
        giveBack(chosen);
        chosen = undefined;
        if (!losses.note(info, error, clock.now())) throw error;
        emit({ type: 'deviceLost', message: error.message });
        if (lastGood.good) start = lastGood.good;
        else
          ({ start, ignored, checkpoint } = await findStart(
            { ...command, fromCheckpoint: keptStep !== undefined },
            checkpoints,
          ));
      }
    }
  }

  try {
    const reason = await train();
    chosen?.trainer.dispose();
    const allocations = chosen?.trainer.allocations() ?? 0;
    chosen?.engine.dispose();
    emit({ type: 'ended', reason, allocations });
  } catch (error) {
    giveBack(chosen);
    if (control.signal.aborted && error === control.signal.reason)
      emit({ type: 'ended', reason: 'stopped', allocations: 0 });
    else emit(describeFailure(error, keptStep));
  }
}

/** After a failure the device may be gone, and giving it back may fail too; the failure is what is told. */
function giveBack(chosen: Choice | undefined): void {
  for (const part of [chosen?.trainer, chosen?.engine]) {
    try {
      part?.dispose();
    } catch {
      // The worker is ended after a failure, and the browser frees what is left.
    }
  }
}
