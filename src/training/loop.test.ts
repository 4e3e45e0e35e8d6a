/** The run on a small engine that really learns: order, tests, pauses, going on, speed, running off. */
import { describe, expect, it } from 'vitest';
import type { TrainerState } from '../engine/engine';
import { initialWeights } from '../network/weights';
import type { Clock } from './clock';
import { RunControl } from './control';
import { DivergedError } from './failure';
import { runLoop } from './loop';
import { continuedStart, freshStart, type Start } from './position';
import type { Checkpoint, CheckpointOutcome, RunEvent, RunPosition } from './protocol';
import { optimizerOf, type TrainingSettings } from './settings';
import {
  createSoftmaxTrainer,
  smallDataset,
  smallNetwork,
  smallSettings,
  type Trouble,
} from './softmax.testing';

const data = smallDataset();

interface Saved {
  readonly position: RunPosition;
  readonly state: TrainerState;
  readonly outcome: CheckpointOutcome;
}

interface Case {
  readonly settings?: TrainingSettings;
  readonly start?: Start;
  readonly trouble?: Trouble;
  /** Milliseconds that every look at the clock takes. */
  readonly tick?: number;
  readonly saveWorks?: boolean;
  /** Is called between two batches, and before the first, with the number of calls so far. */
  readonly between?: (control: RunControl, turn: number) => void;
}

/** Runs on a clock of its own and notes all that happens. */
async function run({
  settings = smallSettings,
  start,
  trouble,
  tick = 40,
  saveWorks = true,
  between,
}: Case = {}) {
  const events: RunEvent[] = [];
  const saved: Saved[] = [];
  const control = new RunControl();
  const begin = start ?? freshStart(initialWeights(smallNetwork, settings.seed));
  const trainer = createSoftmaxTrainer({ state: begin.state, optimizer: optimizerOf(settings) }, trouble);
  let time = 0;
  let turn = 0;
  const clock: Clock = {
    now: () => (time += tick),
    nextTask: async () => between?.(control, turn++),
    close: () => undefined,
  };
  const reason = await runLoop({
    trainer,
    data,
    settings,
    position: begin.position,
    control,
    clock,
    emit: (event) => events.push(event),
    save: async (position, state, outcome) => {
      if (saveWorks) saved.push({ position, state, outcome });
      return saveWorks;
    },
  }).catch((error: unknown) => error);
  const of = <T extends RunEvent['type']>(type: T) =>
    events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
  return {
    reason,
    events,
    saved,
    of,
    final: await trainer.state(),
    points: of('progress').flatMap((e) => e.points),
  };
}

function checkpointOf({ position, state, outcome }: Saved, settings = smallSettings): Checkpoint {
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

describe('a run', () => {
  it('trains every epoch, the last and smaller batch included, and tests after each', async () => {
    const sizes: number[] = [];
    const { reason, points, of } = await run({
      trouble: { onStep: (_, indices) => sizes.push(indices.length) },
    });
    expect(reason).toBe('finished');
    expect(sizes).toEqual([16, 16, 16, 16, 16, 10, 16, 16, 16, 16, 16, 10, 16, 16, 16, 16, 16, 10]);
    expect(points.map((p) => p.step)).toEqual(Array.from({ length: 18 }, (_, i) => i + 1));
    expect(of('epoch').map(({ result }) => [result.epoch, result.step])).toEqual([
      [1, 6],
      [2, 12],
      [3, 18],
    ]);
  });

  it('learns: the loss falls and the test accuracy rises', async () => {
    const { of } = await run({ settings: { ...smallSettings, epochs: 20 } });
    const [first, last] = [of('epoch')[0]!.result, of('epoch').at(-1)!.result];
    expect(last.loss).toBeLessThan(first.loss * 0.7);
    expect(last.testAccuracy).toBeGreaterThan(0.85);
    expect(last.testAccuracy).toBeGreaterThan(first.testAccuracy);
  });

  it('sees each of the first images once an epoch, in a new order each time', async () => {
    const seen: number[] = [];
    await run({ trouble: { onStep: (_, indices) => seen.push(...indices) } });
    const epochs = [seen.slice(0, 90), seen.slice(90, 180), seen.slice(180)];
    const all = Array.from({ length: 90 }, (_, i) => i);
    for (const epoch of epochs) expect([...epoch].sort((a, b) => a - b)).toEqual(all);
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect(epochs[0]).not.toEqual(all);
  });

  it('keeps the order of the set where it is not to shuffle', async () => {
    const seen: number[] = [];
    await run({
      settings: { ...smallSettings, epochs: 1, shuffle: false },
      trouble: { onStep: (_, i) => seen.push(...i) },
    });
    expect(seen).toEqual(Array.from({ length: 90 }, (_, i) => i));
  });

  it('gives the same run for the same seed, however fast the engine is, and another for another seed', async () => {
    const [slow, fast] = [await run({ tick: 40 }), await run({ tick: 0.1 })];
    expect(fast.points).toEqual(slow.points);
    expect(fast.final).toEqual(slow.final);
    const other = await run({ settings: { ...smallSettings, seed: 7 } });
    expect(other.points).not.toEqual(slow.points);
  });

  it('queues steps only where several fit in 30 ms', async () => {
    const perTurn = async (tick: number): Promise<number[]> => {
      const counts: number[] = [];
      let steps = 0;
      await run({
        tick,
        settings: { ...smallSettings, epochs: 1 },
        trouble: { onStep: () => (steps += 1) },
        between: () => {
          counts.push(steps);
          steps = 0;
        },
      });
      return counts.filter((n) => n > 0);
    };
    expect(await perTurn(20)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await perTurn(10)).toEqual([1, 3, 2]);
  });

  it('tells the test images as they are seen, to the last', async () => {
    const { of } = await run({ settings: { ...smallSettings, epochs: 1 } });
    const seen = of('evaluating').map(({ progress }) => progress.loaded);
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(600);
    expect(of('evaluating').every(({ epoch, progress }) => epoch === 1 && progress.total === 600)).toBe(true);
  });

  it('measures the speed and the time left', async () => {
    const { of } = await run();
    const { progress } = of('progress').at(-1)!;
    // Every batch of 16 takes one look at the clock before and one after: 40 ms.
    expect(progress.imagesPerSecond).toBeGreaterThan(300);
    expect(progress.imagesPerSecond).toBeLessThanOrEqual(400);
    const first = of('progress').find((event) => event.progress.secondsLeft !== undefined)!.progress;
    expect(first.secondsLeft).toBeGreaterThan(0.5);
    expect(first.secondsLeft).toBeLessThan(5);
  });
});

describe('pause, stop and going on', () => {
  const pauseAt =
    (turn: number, then: (control: RunControl) => void) =>
    (control: RunControl, now: number): void => {
      if (now !== turn) return;
      control.pause();
      // A command comes in as an event of its own, while the loop waits.
      setImmediate(() => then(control));
    };

  it('pauses after the batch in hand, keeps the weights, and goes on as if nothing had been', async () => {
    const whole = await run();
    const paused = await run({ between: pauseAt(3, (control) => control.resume()) });
    const order = paused.events.map(({ type }) => type);
    expect(order.indexOf('paused')).toBeGreaterThan(0);
    expect(order.indexOf('resumed')).toBe(order.indexOf('paused') + 1);
    expect(paused.saved[0]).toMatchObject({ outcome: 'paused', position: { step: 3 } });
    expect(paused.points).toEqual(whole.points);
    expect(paused.final).toEqual(whole.final);
  });

  it('stops after the batch in hand and keeps the weights', async () => {
    const { reason, saved, final } = await run({ between: (control, turn) => turn === 4 && control.stop() });
    expect(reason).toBe('stopped');
    expect(saved.at(-1)).toMatchObject({
      outcome: 'stopped',
      position: { step: 4, current: { batches: 4 } },
    });
    expect(saved.at(-1)!.state).toEqual(final);
  });

  it('stops out of a pause', async () => {
    const { reason, events, saved } = await run({ between: pauseAt(2, (control) => control.stop()) });
    expect(reason).toBe('stopped');
    expect(events.some(({ type }) => type === 'resumed')).toBe(false);
    expect(saved.map(({ outcome }) => outcome)).toEqual(['paused', 'stopped']);
  });

  it('stops within the test', async () => {
    const { reason, of, saved } = await run({ between: (control, turn) => turn === 8 && control.stop() });
    expect(reason).toBe('stopped');
    expect(of('evaluating').length).toBeGreaterThan(0);
    expect(of('epoch')).toEqual([]);
    expect(saved.at(-1)!.position.current.batches).toBe(6);
  });

  it.each([1, 5, 6, 8, 11, 14, 17])(
    'gives the same curve and weights when cut short after turn %d',
    async (turn) => {
      const whole = await run();
      const before = await run({ between: (control, now) => now === turn && control.stop() });
      const start = continuedStart(checkpointOf(before.saved.at(-1)!), smallSettings);
      const after = await run({ start });
      expect(after.reason).toBe('finished');
      expect([...before.points, ...after.points]).toEqual(whole.points);
      expect(after.final).toEqual(whole.final);
      expect(after.saved.at(-1)!.position.points).toEqual(whole.saved.at(-1)!.position.points);
      const results = (events: typeof whole) =>
        events.saved.at(-1)!.position.epochs.map(({ seconds: _, ...result }) => result);
      expect(results(after)).toEqual(results(whole));
    },
  );

  it('trains on for as many epochs again once all were done', async () => {
    const first = await run();
    const start = continuedStart(checkpointOf(first.saved.at(-1)!), { ...smallSettings, epochs: 2 });
    const more = await run({ start, settings: { ...smallSettings, epochs: 2 } });
    expect(more.of('epoch').map(({ result }) => result.epoch)).toEqual([4, 5]);
    expect(more.of('progress').at(-1)!.progress.epochs).toBe(5);
    expect(more.points[0]!.step).toBe(19);
    const six = await run({ settings: { ...smallSettings, epochs: 5 } });
    expect(more.final).toEqual(six.final);
  });

  it('starts another optimizer with fresh slots and the same weights', async () => {
    const first = await run({ between: (control, turn) => turn === 4 && control.stop() });
    const sgd: TrainingSettings = { ...smallSettings, optimizer: 'sgd' };
    const start = continuedStart(checkpointOf(first.saved.at(-1)!), sgd);
    expect(start.state).toEqual({ step: 0, weights: first.final.weights, slots: {} });
    const on = await run({ start, settings: sgd });
    expect(on.points[0]!.step).toBe(5);
    expect(Object.keys(on.final.slots)).toEqual(['momentum:dense/kernel', 'momentum:dense/bias']);
    expect(on.saved.at(-1)!.position.step).toBe(18);
    expect(on.saved.at(-1)!.state.step).toBe(14);
  });

  it('starts the epoch in hand again where the order of images has changed', async () => {
    const first = await run({ between: (control, turn) => turn === 4 && control.stop() });
    const other = { ...smallSettings, batchSize: 32 };
    const start = continuedStart(checkpointOf(first.saved.at(-1)!), other);
    const on = await run({ start, settings: other });
    expect(on.of('epoch')[0]!.result).toMatchObject({ epoch: 1, step: 4 + 3 });
  });
});

describe('checkpoints of a run', () => {
  it('are written after every epoch, its test included, and say when all is done', async () => {
    const { saved } = await run();
    expect(saved.map(({ position, outcome }) => [position.step, position.epochs.length, outcome])).toEqual([
      [6, 1, 'paused'],
      [12, 2, 'paused'],
      [18, 3, 'finished'],
    ]);
  });

  it('are written about every ten seconds', async () => {
    const { saved } = await run({ tick: 2500, settings: { ...smallSettings, epochs: 1 } });
    expect(saved.length).toBeGreaterThanOrEqual(4);
  });

  it('are written when asked for, and not twice for the same step', async () => {
    const { saved } = await run({
      settings: { ...smallSettings, epochs: 1 },
      between: (control, turn) => (turn === 2 || turn === 8) && control.save(),
    });
    expect(saved.map(({ position }) => [position.step, position.epochs.length])).toEqual([
      [2, 0],
      [6, 0],
      [6, 1],
    ]);
  });

  it('are not written before anything was learned', async () => {
    const { saved } = await run({ between: (control, turn) => turn === 0 && control.stop() });
    expect(saved).toEqual([]);
  });

  it('do not stop the run where they cannot be stored', async () => {
    const { reason, of } = await run({ saveWorks: false });
    expect(reason).toBe('finished');
    expect(of('epoch')).toHaveLength(3);
  });
});

describe('running off', () => {
  it('names the batch, and does not keep what came of it', async () => {
    const { reason, saved, points } = await run({ trouble: { divergeAt: 9 } });
    expect(reason).toBeInstanceOf(DivergedError);
    expect(reason).toMatchObject({ epoch: 2, batch: 3 });
    expect(saved.map(({ position }) => position.step)).toEqual([6]);
    expect(points.at(-1)!.step).toBe(8);
  });

  it('is noticed in the weights before they are stored', async () => {
    const weights = { ...initialWeights(smallNetwork, 1), 'dense/bias': Float32Array.of(0, 0, 0) };
    const start = freshStart(weights);
    const settings: TrainingSettings = { ...smallSettings, optimizer: 'sgd', learningRate: Infinity };
    const { reason, saved } = await run({
      start,
      settings,
      between: (control, turn) => turn === 1 && control.pause(),
    });
    expect(reason).toBeInstanceOf(DivergedError);
    expect(saved).toEqual([]);
  });
});
