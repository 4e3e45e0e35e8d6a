/** For tests only: runs the loop on the small engine, on a clock of its own, and notes all that happens. */
import { initialWeights } from '../network/weights';
import type { Clock } from './clock';
import { RunControl } from './control';
import { LastGood, SNAPSHOT_BYTES, type Snapshot } from './lastGood';
import { runLoop } from './loop';
import { freshStart, type Start } from './position';
import type { Checkpoint, CheckpointOutcome, RunEvent } from './protocol';
import { optimizerOf, type TrainingSettings } from './settings';
import {
  createSoftmaxTrainer,
  smallDataset,
  smallNetwork,
  smallSettings,
  type Trouble,
} from './softmax.testing';

const data = smallDataset();

interface Saved extends Snapshot {
  readonly outcome: CheckpointOutcome;
}

interface Case {
  readonly settings?: TrainingSettings;
  readonly start?: Start;
  readonly trouble?: Trouble;
  /** Milliseconds that every look at the clock takes. */
  readonly tick?: number;
  readonly saveWorks?: boolean;
  /** Is waited for by every save. */
  readonly storage?: () => Promise<unknown>;
  /** Is called between two batches, and before the first, with the number of calls so far. */
  readonly between?: (control: RunControl, turn: number) => void;
}

/** Runs on a clock of its own and notes all that happens. */
export async function run({
  settings = smallSettings,
  start,
  trouble,
  tick = 40,
  saveWorks = true,
  storage,
  between,
}: Case = {}) {
  const events: RunEvent[] = [];
  const saved: Saved[] = [];
  const control = new RunControl();
  const begin = start ?? freshStart(initialWeights(smallNetwork, settings.seed));
  const trainer = createSoftmaxTrainer({ state: begin.state, optimizer: optimizerOf(settings) }, trouble);
  let time = 0;
  let turn = 0;
  const lastGood = new LastGood(begin, SNAPSHOT_BYTES);
  const clock: Clock = {
    now: () => (time += tick),
    nextTask: () => Promise.resolve(between?.(control, turn++)),
    close: () => undefined,
  };
  const reason = await runLoop({
    trainer,
    data,
    settings,
    multiplyAdds: smallNetwork.multiplyAdds,
    position: begin.position,
    lastGood,
    control,
    clock,
    emit: (event) => events.push(event),
    save: async (snapshot, outcome) => {
      await storage?.();
      if (saveWorks) saved.push({ ...snapshot, outcome });
      return saveWorks;
    },
  }).catch((error: unknown) => error);
  const of = <T extends RunEvent['type']>(type: T) =>
    events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
  return {
    reason,
    events,
    saved,
    good: lastGood.good,
    of,
    final: await trainer.state(),
    points: of('progress').flatMap((e) => e.points),
  };
}

export function checkpointOf({ position, state, outcome }: Saved, settings = smallSettings): Checkpoint {
  return {
    ...position,
    version: 1,
    projectId: 'p',
    datasetId: 'small',
    network: smallNetwork,
    signature: '',
    settings,
    outcome,
    optimizerStep: state.step,
    weights: state.weights,
    slots: state.slots,
    engineLabel: 'Test',
    savedAt: 1,
  };
}
