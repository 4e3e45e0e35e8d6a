/** Devices that go away in the middle of a run, and runs that run off: what is kept, and how it goes on. */
import { describe, expect, it } from 'vitest';
import type { Clock } from './clock';
import type { BatchPoint, Checkpoint, RunEvent } from './protocol';
import { memoryStore, session } from './session.testing';
import { createSoftmaxEngine, type Trouble } from './softmax.testing';

const gone = 'The graphics processor was lost.';

/** A clock that steps move on: 400 ms each, so that every third is followed by a snapshot. */
function stepClock() {
  let time = 0;
  const clock: Clock = { now: () => time, nextTask: () => Promise.resolve(), close: () => undefined };
  return { clock, onStep: () => void (time += 400) };
}

/** Loses the device at a step as often as this. */
function lost(at: number, times = Infinity, message = gone): Required<Pick<Trouble, 'loss'>> {
  let left = times;
  return { loss: (step) => (step === at && left-- > 0 ? message : undefined) };
}

/** The curve as the screen shows it: each start brings the points before it along. */
function curveOf(events: readonly RunEvent[]): readonly BatchPoint[] {
  return events.reduce<readonly BatchPoint[]>((points, event) => {
    if (event.type === 'started') return event.points;
    return event.type === 'progress' ? [...points, ...event.points] : points;
  }, []);
}

const startsOf = (events: readonly RunEvent[]) => events.filter((event) => event.type === 'started');

/** A run with that trouble, on a clock that its steps move. */
function runWith(trouble: Trouble, more: Parameters<typeof session>[0] = {}) {
  const { clock, onStep } = stepClock();
  const { environment, ...rest } = more;
  return session({ trouble: { ...trouble, onStep }, ...rest, environment: { clock, ...environment } });
}

describe('a device that is lost', () => {
  it('is opened again, and the run goes on from the last good weights as if nothing had been', async () => {
    const [store, whole] = [memoryStore(), memoryStore()];
    const { events, last, opened, held } = await runWith(lost(11, 1), { store });
    await session({ store: whole });
    expect(last).toEqual({ type: 'ended', reason: 'finished', allocations: 0 });
    expect(opened).toEqual(['Test', 'Test']);
    expect(held).toEqual([{ trainers: 0, engines: 0 }]);
    expect(startsOf(events)[1]).toMatchObject({
      resumedAtStep: 9,
      recovered: `${gone} It was opened again, and training went on from step 9.`,
      epochs: [{ epoch: 1 }],
    });
    const [cut, uncut] = [store.kept.get('p') as Checkpoint, whole.kept.get('p') as Checkpoint];
    expect(cut.weights).toEqual(uncut.weights);
    expect(cut.points).toEqual(uncut.points);
    expect(curveOf(events)).toEqual(uncut.points);
  });

  it('is told before an engine is opened again', async () => {
    const { types, events } = await runWith(lost(11, 1));
    const at = types.indexOf('deviceLost');
    expect(events[at]).toEqual({ type: 'deviceLost', message: gone });
    expect(types.slice(at, at + 3)).toEqual(['deviceLost', 'checking', 'started']);
  });

  it('before anything was learned starts the run again', async () => {
    const { events, last } = await runWith(lost(2, 1));
    expect(startsOf(events).map(({ resumedAtStep }) => resumedAtStep)).toEqual([0, 0]);
    expect(last).toMatchObject({ type: 'ended', reason: 'finished' });
  });

  it('again and again is left alone, and another engine takes over', async () => {
    const { clock, onStep } = stepClock();
    const info = { device: '', software: false } as const;
    const engines = [
      createSoftmaxEngine({ ...lost(11), onStep }, { id: 'webgpu', label: 'WebGPU', ...info }),
      createSoftmaxEngine({ onStep }, { id: 'wasm', label: 'WebAssembly', ...info }),
    ];
    const { events, last, opened, held } = await session({ engines, environment: { clock } });
    expect(opened).toEqual(['WebGPU', 'WebGPU', 'WebAssembly']);
    expect(startsOf(events).at(-1)).toMatchObject({
      engine: { id: 'wasm' },
      recovered: `${gone} WebAssembly took over, and training went on from step 9.`,
    });
    expect(last).toMatchObject({ type: 'ended', reason: 'finished' });
    expect(held).toEqual([
      { trainers: 0, engines: 0 },
      { trainers: 0, engines: 0 },
    ]);
  });

  it('for which nothing can take over stops the run in words, and keeps the weights to go on from', async () => {
    const store = memoryStore();
    const { last, opened, held } = await runWith(lost(11), { store });
    expect(opened).toEqual(['Test', 'Test']);
    expect(last).toMatchObject({
      type: 'failed',
      cause: 'deviceLost',
      message: expect.stringMatching(/^The graphics processor was lost\..*step 9 are kept/) as string,
    });
    expect(held).toEqual([{ trainers: 0, engines: 0 }]);
    const on = await session({ store, command: { fromCheckpoint: true } });
    const whole = memoryStore();
    await session({ store: whole });
    expect(startsOf(on.events)[0]).toMatchObject({ resumedAtStep: 9 });
    expect((store.kept.get('p') as Checkpoint).weights).toEqual((whole.kept.get('p') as Checkpoint).weights);
  });

  it('for want of memory is not opened again, and a smaller batch is advised', async () => {
    const { last, opened } = await runWith(lost(11, 1, 'The graphics processor ran out of memory.'));
    expect(opened).toEqual(['Test']);
    expect(last).toMatchObject({ message: expect.stringContaining('A smaller batch size') as string });
  });

  it.each([
    ['of this run', 9, 1, 6],
    ['that the run went on from', 4, 2, 1],
    ['which there is none of, so the weights are drawn anew', 4, 1, 0],
  ])(
    'is followed by the stored checkpoint, where weights are too large for copies: one %s',
    async (...row) => {
      const [, at, runs, step] = row;
      const store = memoryStore();
      if (runs === 2)
        await runWith(
          {},
          { store, onEvent: (event, control) => event.type === 'progress' && control.stop() },
        );
      const { events, last } = await runWith(lost(at, 1), {
        store,
        command: { fromCheckpoint: runs === 2 },
        environment: { snapshotBytes: 0 },
      });
      expect(startsOf(events)[1]).toMatchObject({ resumedAtStep: step });
      expect(last).toMatchObject({ type: 'ended', reason: 'finished' });
    },
  );

  it('while the run is to stop ends it, and keeps the weights', async () => {
    const store = memoryStore();
    const { last, opened } = await runWith(lost(11, 1), {
      store,
      onEvent: (event, control) => event.type === 'deviceLost' && control.stop(),
    });
    expect(opened).toEqual(['Test']);
    expect(last).toMatchObject({ type: 'ended', reason: 'stopped' });
    expect(store.kept.get('p')).toMatchObject({ step: 9, outcome: 'stopped' });
  });
});

describe('a run that runs off', () => {
  it('stops at the batch, and keeps the last weights that gave a finite loss', async () => {
    const store = memoryStore();
    const { last, events } = await runWith({ divergeAt: 12 }, { store });
    expect(last).toMatchObject({
      type: 'failed',
      cause: 'diverged',
      message: expect.stringMatching(
        /epoch 2, batch 6.*smaller learning rate than 0.05, for example 0.005.*step 9 are kept/,
      ) as string,
    });
    expect(store.kept.get('p')).toMatchObject({ step: 9, outcome: 'stopped', epochs: [{ epoch: 1 }] });
    const shown = events.flatMap((event) => (event.type === 'progress' ? event.points : []));
    expect(shown.at(-1)!.step).toBe(11);
  });

  it('does not keep weights that were stored just before and gave no finite loss', async () => {
    const store = memoryStore();
    const { last } = await runWith(
      { divergeAt: 12 },
      {
        store,
        onEvent: (event, control) =>
          event.type === 'progress' && event.points.some(({ step }) => step === 11) && control.save(),
      },
    );
    expect(last).toMatchObject({ message: expect.stringContaining('step 9 are kept') as string });
    expect(store.kept.get('p')).toMatchObject({ step: 9 });
  });
});
