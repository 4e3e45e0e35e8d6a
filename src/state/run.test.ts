/** The run as the screen sees it: what actions send, what events show, what a reload brings back. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { EngineId } from '../engine/engine';
import { signatureOf } from '../network/weights';
import type { CheckpointStore } from '../training/checkpoints';
import type { StartRequest } from '../training/client';
import { summaryOf, type RunEvent } from '../training/protocol';
import { smallNetwork } from '../training/softmax.testing';
import { createRun, type RunStore } from './run';
import { request, epoch, progress, engine, kept, openRun, started } from './run.testing';

describe('the run', () => {
  let calls: string[];
  let requests: StartRequest[];
  let tell: ((event: RunEvent) => void)[];
  let stored: Map<string, unknown>;
  let store: CheckpointStore;
  let run: RunStore;
  let pinned: EngineId | undefined;
  const status = () => run.getState().status;

  beforeEach(() => {
    pinned = undefined;
    ({ calls, requests, tell, stored, store, run } = openRun(() => pinned));
  });

  it('goes through its stages', () => {
    const { start, pause, resume, stop } = run.getState();
    const seen: string[] = [];
    run.subscribe((state, before) => state.status !== before.status && seen.push(state.status));
    start(request);
    tell[0]!({ type: 'loading', progress: { loaded: 1, total: 2 } });
    tell[0]!({ type: 'checking', label: 'WebGPU' });
    tell[0]!({ type: 'measuring', label: 'WebGPU' });
    tell[0]!(started());
    tell[0]!({ type: 'progress', progress, points: [{ step: 1, loss: 2, accuracy: 0.1 }] });
    tell[0]!({ type: 'evaluating', progress: { loaded: 0, total: 600 } });
    tell[0]!({ type: 'epoch', result: epoch });
    pause();
    tell[0]!({ type: 'progress', progress, points: [{ step: 2, loss: 1, accuracy: 0.2 }] });
    tell[0]!({ type: 'paused' });
    resume();
    tell[0]!({ type: 'resumed' });
    stop();
    tell[0]!({ type: 'saved', checkpoint: summaryOf(kept) });
    tell[0]!({ type: 'ended', reason: 'stopped', allocations: 0 });
    expect(seen).toEqual([
      'loading',
      'checking',
      'measuring',
      'running',
      'evaluating',
      'running',
      'pausing',
      'paused',
      'running',
      'stopping',
      'stopped',
    ]);
    expect(calls).toEqual(['pause', 'resume', 'stop']);
    expect(run.getState()).toMatchObject({
      active: false,
      engine,
      progress,
      epochs: [epoch],
      points: [{ step: 1 }, { step: 2 }],
      checkpoint: { step: 8, epochsDone: 1, testAccuracy: 0.6 },
      allocations: 0,
    });
  });

  it('shows what was asked for until it is reached', () => {
    run.getState().start(request);
    run.getState().pause();
    tell[0]!({ type: 'loading', progress: { loaded: 1, total: 2 } });
    tell[0]!(started());
    expect(status()).toBe('pausing');
    run.getState().stop();
    tell[0]!({ type: 'evaluating', progress: { loaded: 0, total: 600 } });
    tell[0]!({ type: 'paused' });
    expect(status()).toBe('stopping');
    tell[0]!({ type: 'ended', reason: 'stopped', allocations: 0 });
    expect(status()).toBe('stopped');
  });

  it('goes back to where a lost device leaves it, and says so beside what was said before', () => {
    run.getState().start(request);
    tell[0]!(started());
    tell[0]!({ type: 'saveFailed', message: 'Storage is full.' });
    const points = [1, 2, 3].map((step) => ({ step, loss: 1 / step, accuracy: 0.5 }));
    tell[0]!({ type: 'progress', progress, points });
    tell[0]!({ type: 'deviceLost', message: 'The graphics processor was lost.' });
    expect(run.getState()).toMatchObject({ status: 'reopening', note: 'The graphics processor was lost.' });
    const recovered = 'The graphics processor was lost. It was opened again.';
    tell[0]!({ ...started(2), points: points.slice(0, 2), epochs: [epoch], recovered } as RunEvent);
    tell[0]!({ type: 'progress', progress, points: points.slice(2) });
    expect(run.getState()).toMatchObject({
      status: 'running',
      note: recovered,
      message: 'Storage is full.',
      points,
      epochs: [epoch],
    });
  });

  it('asks at each start for the engine that the person has set', async () => {
    run.getState().start(request);
    tell[0]!({ type: 'ended', reason: 'stopped', allocations: 0 });
    pinned = 'tfjs-cpu';
    stored.set('p', kept);
    await run.getState().openProject('p2');
    await run.getState().openProject('p');
    run.getState().resume();
    await expect.poll(() => requests.length).toBe(2);
    expect(requests.map(({ engine }) => engine)).toEqual([undefined, 'tfjs-cpu']);
    expect(run.getState().checkpoint?.signature).toBe(signatureOf(smallNetwork));
  });

  it('starts one run at a time', () => {
    run.getState().start(request);
    run.getState().start(request);
    expect(requests).toEqual([request]);
  });

  it('clears the curves of an earlier run for a fresh one, and keeps them to go on', () => {
    run.getState().start(request);
    tell[0]!(started());
    tell[0]!({ type: 'progress', progress, points: [{ step: 1, loss: 2, accuracy: 0.1 }] });
    tell[0]!({ type: 'ended', reason: 'stopped', allocations: 0 });
    run.getState().start({ ...request, fromCheckpoint: true });
    expect(run.getState().points).toHaveLength(1);
    tell[1]!({ type: 'ended', reason: 'stopped', allocations: 0 });
    run.getState().start(request);
    expect(run.getState().points).toEqual([]);
  });

  it('shows a failure, and is clean when it starts again', () => {
    run.getState().start(request);
    tell[0]!({ type: 'failed', cause: 'dataset', message: 'It is cut short.' });
    expect(run.getState()).toMatchObject({
      status: 'failed',
      active: false,
      message: 'It is cut short.',
      cause: 'dataset',
    });
    run.getState().start(request);
    expect(run.getState()).toMatchObject({ status: 'loading', message: undefined, cause: undefined });
  });

  it('says that weights cannot be kept, or were not used, and runs on', () => {
    run.getState().start(request);
    tell[0]!({ ...started(), checkpointIgnored: 'They belong to another network.' } as RunEvent);
    expect(run.getState()).toMatchObject({ status: 'running', message: 'They belong to another network.' });
    tell[0]!({ type: 'saveFailed', message: 'Storage is full.' });
    expect(run.getState()).toMatchObject({ status: 'running', message: 'Storage is full.' });
  });

  it('reports a browser that cannot start a worker', () => {
    const broken = createRun(
      () => {
        throw new Error('Workers are off.');
      },
      store,
      () => undefined,
    );
    broken.getState().start(request);
    expect(broken.getState()).toMatchObject({ status: 'failed', active: false });
    expect(broken.getState().message).toContain('Workers are off.');
  });

  describe('after a reload', () => {
    beforeEach(() => void stored.set('p', kept));

    it('shows the paused run where it stood', async () => {
      await run.getState().openProject('p');
      expect(run.getState()).toMatchObject({
        status: 'paused',
        active: false,
        progress: { epoch: 2, epochs: 3, batch: 2, batches: 6 },
        epochs: [epoch],
        points: kept.points,
        checkpoint: {
          frozen: [],
          step: 8,
          epochsDone: 1,
          testAccuracy: 0.6,
          savedAt: 1000,
          signature: kept.signature,
        },
      });
    });

    it('goes on with the network and settings that the run had', async () => {
      await run.getState().openProject('p');
      run.getState().resume();
      await expect.poll(() => requests).toEqual([{ ...request, fromCheckpoint: true }]);
      expect(run.getState()).toMatchObject({ active: true, points: kept.points });
    });

    it('does not go on with the run of a project that was left meanwhile', async () => {
      await run.getState().openProject('p');
      run.getState().resume();
      await run.getState().openProject('other');
      run.getState().start({ ...request, projectId: 'other' });
      expect(requests.map(({ projectId }) => projectId)).toEqual(['other']);
    });

    it('stops the paused run for good', async () => {
      await run.getState().openProject('p');
      run.getState().stop();
      await expect.poll(status).toBe('stopped');
      expect(stored.get('p')).toMatchObject({ outcome: 'stopped', step: 8 });
    });

    it('shows a finished run as finished', async () => {
      stored.set('p', {
        ...kept,
        outcome: 'finished',
        epochs: [1, 2, 3].map((n) => ({ ...epoch, epoch: n })),
      });
      await run.getState().openProject('p');
      expect(run.getState()).toMatchObject({
        status: 'finished',
        progress: { epoch: 3, epochs: 3, batch: 6 },
      });
    });

    it('gives the weights to whoever exports', async () => {
      expect(await run.getState().trainedWeights('p')).toEqual(kept.weights);
      expect(await run.getState().trainedWeights('other')).toBeUndefined();
    });

    it('says when what was kept is damaged, and gives no weights', async () => {
      stored.set('p', { ...kept, step: 'eight' });
      await run.getState().openProject('p');
      expect(run.getState()).toMatchObject({ status: 'failed', cause: 'storage', checkpoint: undefined });
      expect(run.getState().message).toContain('damaged');
      expect(await run.getState().trainedWeights('p')).toBeUndefined();
    });

    it('says when storage does not answer, and leaves the rest as it is', async () => {
      store.read = () => Promise.reject(new Error('blocked'));
      await run.getState().openProject('p');
      expect(run.getState()).toMatchObject({ status: 'idle' });
      expect(run.getState().message).toContain('blocked');
    });
  });

  it('stops the run of a project that is left, and hears no more of it', async () => {
    run.getState().start(request);
    tell[0]!(started());
    await run.getState().openProject('other');
    expect(calls).toEqual(['stop']);
    tell[0]!({ type: 'progress', progress, points: [{ step: 1, loss: 2, accuracy: 0.1 }] });
    tell[0]!({ type: 'ended', reason: 'stopped', allocations: 0 });
    expect(run.getState()).toMatchObject({ status: 'idle', points: [], active: false });
  });
});
