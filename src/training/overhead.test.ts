/**
 * What a run does besides training: turns of the event loop, progress, snapshots, checkpoints. Counted on a clock that
 * each of them moves by what it was measured to cost in Node on two busy cores, for LeNet.
 */
import { expect, it } from 'vitest';
import type { LabelledImages } from '../datasets/defineDataset';
import type { StepMetrics, Trainer } from '../engine/engine';
import type { Clock } from './clock';
import { RunControl } from './control';
import { LastGood, SNAPSHOT_BYTES } from './lastGood';
import { runLoop } from './loop';
import { freshStart } from './position';
import { smallSettings } from './softmax.testing';

/** Milliseconds of a turn, of an event, of a copy of weights and slots, and of handing them to the storage. */
const cost = { turn: 0.1, event: 0.1, state: 10, save: 7 };

const images = (count: number): LabelledImages => ({
  images: new Uint8Array(0),
  labels: new Uint8Array(0),
  count,
  shape: [28, 28, 1],
  scale: 1 / 255,
  classes: 10,
});

/** Trains for two minutes of the clock. @returns the share of the time that was not spent on the trainer. */
async function shareOfTheRest(stepMs: number): Promise<number> {
  let time = 0;
  let work = 0;
  let waiting: StepMetrics[] = [];
  const train = (milliseconds: number): void => {
    time += milliseconds;
    work += milliseconds;
  };
  const trainer: Trainer = {
    step(_, { length }) {
      train(stepMs);
      waiting.push({ examples: length, loss: 1, correct: 0 });
    },
    metrics() {
      const ready = waiting;
      waiting = [];
      return Promise.resolve(ready);
    },
    evaluate(_, { length }) {
      train((stepMs * length) / 128 / 3);
      return Promise.resolve({ examples: length, loss: 1, correct: 0 });
    },
    predict: () => Promise.reject(new Error('Nobody asks.')),
    state() {
      time += cost.state;
      return Promise.resolve({ step: 0, weights: {}, slots: {} });
    },
    allocations: () => 0,
    dispose: () => undefined,
  };
  const control = new RunControl();
  const clock: Clock = {
    now: () => time,
    nextTask() {
      time += cost.turn;
      if (time > 120_000) control.stop();
      return Promise.resolve();
    },
    close: () => undefined,
  };
  const start = freshStart({});
  await runLoop({
    trainer,
    data: { train: images(60_000), test: images(10_000) },
    settings: { ...smallSettings, epochs: 1000, batchSize: 128, trainExamples: 60_000 },
    multiplyAdds: 1.36e6,
    position: start.position,
    lastGood: new LastGood(start, SNAPSHOT_BYTES),
    control,
    clock,
    emit: () => void (time += cost.event),
    save() {
      time += cost.save;
      return Promise.resolve(true);
    },
  });
  return 1 - work / time;
}

it.each([200, 20, 5])('costs less than two percent where a batch takes %d ms', async (stepMs) => {
  expect(await shareOfTheRest(stepMs)).toBeLessThan(0.02);
});
