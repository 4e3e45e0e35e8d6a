/** The engines that there are, as the app opens them here: without a graphics processor, on the real clock. */
import { expect, test } from 'vitest';
import { drivers, openEngine } from '.';
import { engineLabels, isEngineId } from './labels';
import { plannedKinds } from './plan/lower';
import { NoEngineError } from './choose';
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

test('a batch that no memory holds is refused before it is tried, with the sum of what it needs', async () => {
  const network = compiledChain([28, 28, 1], 3, [
    ['conv2d', { filters: 512, kernelSize: [1, 1], padding: 'same' }],
    ['globalAveragePooling2d'],
    ['dense', { units: 3, activation: 'softmax' }],
  ]);
  const choice = openEngine({ run: runOf(network, 4096) });
  await expect(choice).rejects.toThrow(NoEngineError);
  await expect(choice).rejects.toThrow(
    /^This network is too large for the memory of this device\. WebAssembly: This network takes [\d,]{5,} MB of memory with a batch of 4,?096/,
  );
});
