/** Weights that come from elsewhere, as the weights of a project. */
import { expect, it } from 'vitest';
import { initialWeights } from '../network/weights';
import { smallNetwork, smallSettings } from '../training/softmax.testing';
import { engine, kept, openRun, request, started } from './run.testing';

const adopter = {
  projectId: 'p',
  datasetId: 'mnist',
  network: smallNetwork,
  settings: smallSettings,
} as const;
const weights = initialWeights(smallNetwork, 9);

it('adopted weights are kept as those of the project, whether it is open or not', async () => {
  const { run, stored } = openRun();
  await run.getState().adoptWeights(adopter, weights, { loss: 0.1, accuracy: 0.9912 });
  expect(stored.get('p')).toMatchObject({ outcome: 'adopted', step: 0, epochs: [], slots: {} });
  expect(run.getState()).toMatchObject({ status: 'idle', checkpoint: undefined });
  await run.getState().openProject('p');
  expect(run.getState()).toMatchObject({
    status: 'adopted',
    active: false,
    progress: undefined,
    tested: { accuracy: 0.9912 },
    checkpoint: { outcome: 'adopted', step: 0, testAccuracy: 0.9912 },
  });
  expect(await run.getState().trainedWeights('p')).toEqual(weights);
});

it('adopted weights take the place of those that the open project kept', async () => {
  const { run, stored } = openRun();
  stored.set('p', kept);
  await run.getState().openProject('p');
  expect(run.getState()).toMatchObject({ status: 'paused' });
  await run.getState().adoptWeights(adopter, weights);
  expect(run.getState()).toMatchObject({ status: 'adopted', epochs: [], points: [], tested: undefined });
  expect(await run.getState().trainedWeights('p')).toEqual(weights);
});

it('training goes on from adopted weights, which then are those of a run', async () => {
  const { run, requests, tell } = openRun();
  await run.getState().openProject('p');
  await run.getState().adoptWeights(adopter, weights, { loss: 0.1, accuracy: 0.9912 });
  run.getState().start({ ...request, fromCheckpoint: true });
  expect(requests).toEqual([{ ...request, fromCheckpoint: true }]);
  tell[0]!(started());
  expect(run.getState()).toMatchObject({ status: 'running', engine, tested: undefined });
});

it('weights that do not fit, or are no numbers, are refused in words, and what was kept stays', async () => {
  const { run, stored } = openRun();
  stored.set('p', kept);
  const adopt = run.getState().adoptWeights;
  await expect(adopt(adopter, { 'dense/kernel': new Float32Array(12) })).rejects.toThrow('do not fit');
  const nan = { ...weights, 'dense/bias': Float32Array.of(0, Number.NaN, 0) };
  await expect(adopt(adopter, nan)).rejects.toThrow('not finite');
  expect(stored.get('p')).toBe(kept);
});

it('weights are not put under a run that is active', async () => {
  const { run, stored } = openRun();
  run.getState().start(request);
  await expect(run.getState().adoptWeights(adopter, weights)).rejects.toThrow('Stop it');
  expect(stored.size).toBe(0);
});

it('says where storage does not take them', async () => {
  const { run, store } = openRun();
  store.write = () => Promise.reject(new Error('blocked'));
  await expect(run.getState().adoptWeights(adopter, weights)).rejects.toThrow('blocked');
});
