/** Testing weights as the screen sees it: the run stands afterwards where it stood before, with the result. */
import { expect, it } from 'vitest';
import { epoch, kept, openRun, progress, request, started } from './run.testing';

const wish = {
  projectId: request.projectId,
  datasetId: request.datasetId,
  network: request.network,
  settings: request.settings,
} as const;
const result = { loss: 0.25, accuracy: 0.9912 };
const ended = { type: 'ended', reason: 'finished', allocations: 0 } as const;

it('asks for a test of the weights, and shows what they are worth', () => {
  const { run, requests, tell } = openRun();
  run.getState().evaluate(wish);
  expect(requests).toEqual([{ ...wish, fromCheckpoint: true, task: 'evaluate' }]);
  expect(run.getState()).toMatchObject({ status: 'loading', active: true, afterwards: 'idle' });
  tell[0]!(started());
  tell[0]!({ type: 'evaluating', progress: { loaded: 0, total: 600 } });
  expect(run.getState().status).toBe('evaluating');
  tell[0]!({ type: 'tested', result });
  tell[0]!(ended);
  expect(run.getState()).toMatchObject({
    status: 'tested',
    active: false,
    tested: result,
    afterwards: undefined,
  });
});

it('leaves a paused run paused, so that it can be resumed', async () => {
  const { run, stored, tell, requests } = openRun();
  stored.set('p', kept);
  await run.getState().openProject('p');
  const { points, epochs } = run.getState();
  run.getState().evaluate(wish);
  tell[0]!({ ...started(8), points, epochs } as ReturnType<typeof started>);
  tell[0]!({ type: 'tested', result });
  tell[0]!(ended);
  expect(run.getState()).toMatchObject({ status: 'paused', points, epochs, tested: result });
  expect(run.getState().progress).toMatchObject({ epoch: 2, batch: 2 });
  run.getState().resume();
  await expect.poll(() => requests.length).toBe(2);
  expect(requests[1]).not.toHaveProperty('task');
});

it('is what it was where the test is stopped', async () => {
  const { run, stored, tell, calls } = openRun();
  stored.set('p', { ...kept, outcome: 'finished', epochs: [1, 2, 3].map((n) => ({ ...epoch, epoch: n })) });
  await run.getState().openProject('p');
  run.getState().evaluate(wish);
  run.getState().stop();
  tell[0]!({ type: 'ended', reason: 'stopped', allocations: 0 });
  expect(calls).toEqual(['stop']);
  expect(run.getState()).toMatchObject({ status: 'finished', tested: undefined });
});

it('forgets the result once the weights train on, and shows it again after a reload', async () => {
  const { run, stored, tell } = openRun();
  run.getState().evaluate(wish);
  tell[0]!(started());
  tell[0]!({ type: 'tested', result });
  tell[0]!(ended);
  run.getState().start(request);
  tell[1]!(started());
  tell[1]!({ type: 'progress', progress, points: [] });
  expect(run.getState().tested).toBeUndefined();
  tell[1]!(ended);
  expect(run.getState().status).toBe('finished');
  stored.set('q', { ...kept, projectId: 'q', outcome: 'stopped', tested: result });
  await run.getState().openProject('q');
  expect(run.getState()).toMatchObject({
    status: 'stopped',
    tested: result,
    checkpoint: { testAccuracy: 0.9912 },
  });
});

it('does not test while a run is active', () => {
  const { run, requests } = openRun();
  run.getState().start(request);
  run.getState().evaluate(wish);
  expect(requests).toEqual([request]);
});

it('goes on after a failure from what is kept', async () => {
  const { run, stored, tell } = openRun();
  stored.set('p', kept);
  await run.getState().openProject('p');
  run.getState().evaluate(wish);
  tell[0]!({ type: 'failed', cause: 'engine', message: 'No engine works here.' });
  expect(run.getState()).toMatchObject({ status: 'failed', active: false, afterwards: undefined });
  run.getState().evaluate(wish);
  expect(run.getState().afterwards).toBe('paused');
});
