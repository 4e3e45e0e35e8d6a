/** A run from start to end on the small engine: what is told, what is kept, what is given back, what goes wrong. */
import { describe, expect, it } from 'vitest';
import { DatasetError, type DatasetDefinition } from '../datasets/defineDataset';
import { initialWeights } from '../network/weights';
import { adoptedCheckpoint } from './adopt';
import type { Checkpoint } from './protocol';
import { memoryStore, noGpu, session, small } from './session.testing';
import { smallNetwork, smallSettings } from './softmax.testing';

describe('a session', () => {
  it('loads, checks, trains, tests and keeps, and gives everything back', async () => {
    const store = memoryStore();
    const { events, types, last, held } = await session({ store });
    const milestones = types.filter(
      (type, i) => type !== types[i - 1] && type !== 'progress' && type !== 'evaluating',
    );
    expect(milestones).toEqual([
      'loading',
      'checking',
      'started',
      'epoch',
      'saved',
      'epoch',
      'saved',
      'epoch',
      'saved',
      'ended',
    ]);
    expect(last).toEqual({ type: 'ended', reason: 'finished', allocations: 0 });
    expect(held).toEqual([{ trainers: 0, engines: 0 }]);
    expect(events.find(({ type }) => type === 'started')).toMatchObject({
      engine: { label: 'Test' },
      rejected: [noGpu],
      resumedAtStep: 0,
    });
    expect(store.kept.get('p')).toMatchObject({ step: 18, outcome: 'finished', engineLabel: 'Test' });
  });

  it('goes on from the checkpoint with its curve and epochs', async () => {
    const store = memoryStore();
    const whole = memoryStore();
    await session({ store: whole });
    await session({
      store,
      onEvent: (event, control) => event.type === 'epoch' && event.result.epoch === 2 && control.stop(),
    });
    const { events } = await session({ store, command: { fromCheckpoint: true } });
    const started = events.find((event) => event.type === 'started')!;
    expect(started).toMatchObject({ resumedAtStep: 12, epochs: [{ epoch: 1 }, { epoch: 2 }] });
    expect(started).not.toHaveProperty('checkpointIgnored');
    const [cut, uncut] = [store.kept.get('p') as Checkpoint, whole.kept.get('p') as Checkpoint];
    expect(cut.weights).toEqual(uncut.weights);
    expect(cut.slots).toEqual(uncut.slots);
    expect(cut.points).toEqual(uncut.points);
  });

  it('starts from adopted weights as a run that has not taken a step', async () => {
    const store = memoryStore();
    const weights = initialWeights(smallNetwork, 77);
    const adopter = { projectId: 'p', datasetId: 'small', network: smallNetwork, settings: smallSettings };
    const adopted = adoptedCheckpoint(adopter, weights);
    if ('checkpoint' in adopted) await store.write(adopted.checkpoint);
    const settings = { ...smallSettings, learningRate: 1e-7 };
    const { events, last } = await session({ store, command: { fromCheckpoint: true, settings } });
    const started = events.find((event) => event.type === 'started')!;
    expect(started).toMatchObject({ resumedAtStep: 0, points: [], epochs: [] });
    expect(started).not.toHaveProperty('checkpointIgnored');
    expect(last).toMatchObject({ reason: 'finished' });
    const kept = store.kept.get('p') as Checkpoint;
    expect(kept).toMatchObject({ step: 18, outcome: 'finished' });
    kept.weights['dense/kernel']!.forEach((value, i) =>
      expect(value).toBeCloseTo(weights['dense/kernel']![i]!, 4),
    );
  });

  it('says why kept weights are not used, and starts from new ones', async () => {
    const store = memoryStore();
    await session({ store });
    const network = {
      ...smallNetwork,
      layers: smallNetwork.layers.map((l) => ({ ...l, params: { use: 'other' } })),
    };
    const other = await session({ store, command: { network, fromCheckpoint: true } });
    expect(other.events.find((event) => event.type === 'started')).toMatchObject({
      resumedAtStep: 0,
      checkpointIgnored: expect.stringContaining('another network') as string,
    });
    const none = await session({ command: { fromCheckpoint: true } });
    expect(none.events.find((event) => event.type === 'started')).toMatchObject({
      checkpointIgnored: expect.stringContaining('no kept weights') as string,
    });
  });

  it('does not start without kept weights that cannot be read', async () => {
    const store = { ...memoryStore(), read: () => Promise.reject(new Error('blocked by the browser')) };
    const { last, types } = await session({ store, command: { fromCheckpoint: true } });
    expect(last).toMatchObject({ type: 'failed', cause: 'storage' });
    expect(last).toMatchObject({ message: expect.stringContaining('blocked by the browser') as string });
    expect(types).not.toContain('started');
  });

  it('tells once that storage is full, and trains on', async () => {
    const full = new DOMException('no space', 'QuotaExceededError');
    const { events, last } = await session({
      store: { ...memoryStore(), write: () => Promise.reject(full) },
    });
    const told = events.filter((event) => event.type === 'saveFailed');
    expect(told).toHaveLength(1);
    expect(told[0]!.message).toMatch(/full.*Training goes on/);
    expect(last).toMatchObject({ type: 'ended', reason: 'finished' });
  });

  it('stops while it loads, and reports nothing held', async () => {
    const slow: DatasetDefinition = {
      ...small,
      load: (_, __, signal) =>
        new Promise((_resolve, reject) =>
          signal!.addEventListener('abort', () => reject(signal!.reason as Error)),
        ),
    };
    const { last, types } = await session({
      dataset: slow,
      onEvent: (event, control) => event.type === 'loading' && setImmediate(() => control.stop()),
    });
    expect(types).toEqual(['loading', 'ended']);
    expect(last).toEqual({ type: 'ended', reason: 'stopped', allocations: 0 });
  });

  it('stops while the engine is checked, and gives it back', async () => {
    const { last, held } = await session({
      onEvent: (event, control) => event.type === 'checking' && control.stop(),
    });
    expect(last).toEqual({ type: 'ended', reason: 'stopped', allocations: 0 });
    expect(held).toEqual([{ trainers: 0, engines: 0 }]);
  });
});

describe('a session that fails', () => {
  it('passes on what the data set says', async () => {
    const damaged: DatasetDefinition = {
      ...small,
      load: () => Promise.reject(new DatasetError('It is cut short. Try again.')),
    };
    const { last } = await session({ dataset: damaged });
    expect(last).toEqual({ type: 'failed', cause: 'dataset', message: 'It is cut short. Try again.' });
  });

  it('says that the network does not fit the data set', async () => {
    const { last } = await session({ command: { network: { ...smallNetwork, inputShape: [4, 4, 1] } } });
    expect(last).toMatchObject({
      type: 'failed',
      message: expect.stringContaining(
        'Small needs a network with 2×2×1 in and 3 classes out; this one has 4×4×1 in',
      ) as string,
    });
  });

  it('names the batch at which training ran off, and advises a smaller learning rate', async () => {
    const store = memoryStore();
    const { last } = await session({ store, trouble: { divergeAt: 9 } });
    expect(last).toMatchObject({ type: 'failed', cause: 'diverged' });
    expect(last).toMatchObject({
      message: expect.stringMatching(
        /epoch 2, batch 3.*smaller learning rate than 0.05, for example 0.005.*step 6 are kept/,
      ) as string,
    });
    expect(store.kept.get('p')).toMatchObject({ step: 6 });
  });

  it('says that nothing was kept where nothing was', async () => {
    const { last } = await session({ trouble: { divergeAt: 2 } });
    expect(last).toMatchObject({
      message: expect.stringContaining('No weights of this run were kept') as string,
    });
  });

  it('reports an engine that does not start', async () => {
    const { last } = await session({
      environment: { openEngine: () => Promise.reject(new Error('No engine works here.')) },
    });
    expect(last).toMatchObject({ type: 'failed', cause: 'engine' });
    expect(last).toMatchObject({ message: expect.stringContaining('No engine works here.') as string });
  });
});
