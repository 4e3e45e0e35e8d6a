/** Pauses, stops, and runs that go on from a checkpoint, on a small engine that really learns. */
import { describe, expect, it } from 'vitest';
import type { RunControl } from './control';
import { checkpointOf, run } from './loop.testing';
import { continuedStart } from './position';
import type { TrainingSettings } from './settings';
import { smallNetwork, smallSettings } from './softmax.testing';

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
        events.saved.at(-1)!.position.epochs.map((result) => ({ ...result, seconds: 0 }));
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

  it('starts with fresh slots and the same weights where other layers are frozen', async () => {
    const first = await run({ between: (control, turn) => turn === 4 && control.stop() });
    const checkpoint = checkpointOf(first.saved.at(-1)!);
    expect(continuedStart(checkpoint, smallSettings, smallNetwork).state.step).toBe(4);
    const layers = smallNetwork.layers.map((layer) => ({
      ...layer,
      weights: layer.weights.map((spec) => ({ ...spec, trainable: false })),
    }));
    const { position, state } = continuedStart(checkpoint, smallSettings, { ...smallNetwork, layers });
    expect(state).toEqual({ step: 0, weights: first.final.weights, slots: {} });
    expect(position.step).toBe(4);
  });

  it('starts the epoch in hand again where the order of images has changed', async () => {
    const first = await run({ between: (control, turn) => turn === 4 && control.stop() });
    const other = { ...smallSettings, batchSize: 32 };
    const start = continuedStart(checkpointOf(first.saved.at(-1)!), other);
    const on = await run({ start, settings: other });
    expect(on.of('epoch')[0]!.result).toMatchObject({ epoch: 1, step: 4 + 3 });
  });
});
