/** The engines that there are, as the app opens them here: without a graphics processor, on the real clock. */
import { expect, test } from 'vitest';
import { drivers, openEngine } from '.';
import { engineLabels, isEngineId } from './labels';
import { plannedKinds } from './plan/lower';
import { runOf } from './testing/choosing';
import { compiledChain } from './testing/examples';

test('each has the name under which it can be asked for', () => {
  for (const { id, label } of drivers) expect(label).toBe(engineLabels[id]);
  expect(isEngineId('wasm')).toBe(true);
  expect(isEngineId('toString')).toBe(false);
});

test('ours train what can be planned; TensorFlow.js trains everything', () => {
  for (const { id, kinds } of drivers) expect(kinds).toBe(id.startsWith('tfjs-') ? undefined : plannedKinds);
});

test('WebAssembly is taken without a graphics processor, also for a network with dropout', async () => {
  const network = compiledChain([6, 6, 1], 3, [
    ['conv2d', { filters: 3, kernelSize: [3, 3] }],
    ['dropout', { rate: 0.5 }],
    ['flatten'],
    ['dense', { units: 3, activation: 'softmax' }],
  ]);
  const { engine, trainer, rejected } = await openEngine({ run: runOf(network, 8) });
  trainer.dispose();
  engine.dispose();
  expect(rejected.filter(({ cause }) => cause === 'failed' || cause === 'gap')).toEqual([]);
  expect(engine.info.id).toBe('wasm');
});
