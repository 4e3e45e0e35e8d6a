/** For the tests of the choice: a small run to choose an engine for, and what became of each engine. */
import * as core from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { CompiledNetwork } from '../../network/compiled';
import { initialWeights } from '../../network/weights';
import { chooseEngine, type ChoiceOptions } from '../choose';
import type { RunTrainerOptions } from '../contender';
import type { EngineDriver } from '../driver';
import { cpu } from '../tfjs/cpu';
import { compiledChain } from './examples';

export const smallConvolution = compiledChain([6, 6, 1], 3, [
  ['conv2d', { filters: 3, kernelSize: [3, 3] }],
  ['batchNormalization'],
  ['flatten'],
  ['dense', { units: 3, activation: 'softmax' }],
]);

/** A run from freshly drawn weights. */
export function runOf(network: CompiledNetwork = smallConvolution, batchSize = 2): RunTrainerOptions {
  return {
    network,
    batchSize,
    loss: 'categoricalCrossentropy',
    seed: 1,
    optimizer: { type: 'sgd', learningRate: 0.01, momentum: 0 },
    state: { step: 0, weights: initialWeights(network, 1), slots: {} },
  };
}

/** Chooses, trains one step, and gives everything back: nothing of TensorFlow.js's is left. */
export async function chosen(drivers: readonly EngineDriver[], more: Partial<ChoiceOptions> = {}) {
  const before = core.engine().state.numTensors;
  const { engine, trainer, measured, rejected } = await chooseEngine({ run: runOf(), ...more }, drivers, cpu);
  expect((await trainer.state()).step).toBe(0);
  trainer.dispose();
  engine.dispose();
  expect(core.engine().state.numTensors).toBe(before);
  return { id: engine.info.id, measured, rejected };
}

/** The causes by label. */
export function causes({ rejected }: Awaited<ReturnType<typeof chosen>>): Record<string, string> {
  return Object.fromEntries(rejected.map(({ label, cause }) => [label, cause]));
}
