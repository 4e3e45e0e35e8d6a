/**
 * The worker of `e2e/threads.spec.ts`: runs the WebAssembly engine on real threads, with and without relaxed SIMD. Not part
 * of the app.
 */
import { lenet } from '../../network/templates/lenet';
import { initialWeights } from '../../network/weights';
import type { CompiledNetwork } from '../../network/compiled';
import type { TrainerState } from '../engine';
import { cpu } from '../tfjs/cpu';
import { WasmEngine } from '../wasm/engine';
import { hasRelaxedSimd } from '../wasm/module';
import { compareAll } from './agreement';
import { answerBy } from './answer';
import { compiled, compiledChain, examples, range } from './examples';

const shape = [28, 28, 1];
const data = examples(200, shape, 10);
const trained: Readonly<Record<string, CompiledNetwork>> = {
  lenet: compiled(lenet.build(), shape, 10, 'categoricalCrossentropy'),
  /** With everything that sums over the batch, and dropout. */
  summing: compiledChain(shape, 10, [
    ['conv2d', { filters: 12, kernelSize: [3, 3], padding: 'same' }],
    ['batchNormalization'],
    ['activation', { activation: 'relu' }],
    ['averagePooling2d'],
    ['conv2d', { filters: 20, kernelSize: [3, 3], groups: 2, activation: 'tanh' }],
    ['maxPooling2d'],
    ['dropout', { rate: 0.3 }],
    ['flatten'],
    ['dense', { units: 90, activation: 'elu' }],
    ['dense', { units: 10, activation: 'softmax' }],
  ]),
};

/** Weights, slots and losses after six steps, a partial batch among them, and an evaluation. */
async function train(name: string, threads: number, relaxed: boolean) {
  const engine = await WasmEngine.open({ threads, relaxed });
  const network = trained[name]!;
  const trainer = await engine.createTrainer({
    network,
    loss: 'categoricalCrossentropy',
    optimizer: { type: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    seed: 7,
    state: { step: 0, weights: initialWeights(network, 5), slots: {} },
    batchSize: 64,
  });
  for (let step = 0; step < 6; step++) trainer.step(data, range(step * 20, step * 20 + (step % 2 ? 64 : 37)));
  const losses = (await trainer.metrics()).map(({ loss }) => loss);
  const evaluated = await trainer.evaluate(data, range(0, data.count));
  const state = await trainer.state();
  const { device } = engine.info;
  engine.dispose();
  return { device, result: `${losses.join()} ${evaluated.loss} ${bitsOf(state)}` };
}

function bitsOf({ weights, slots }: TrainerState): number {
  let hash = 0;
  for (const values of Object.values({ ...weights, ...slots }))
    for (const word of new Uint32Array(values.buffer, values.byteOffset, values.length))
      hash = (Math.imul(hash, 31) + word) | 0;
  return hash;
}

/** On how many threads it ran, and how many different results there were. */
async function sameness(name: string, relaxed: boolean, threads: readonly number[]) {
  const runs = [];
  for (const count of [...threads, threads[0]!]) runs.push(await train(name, count, relaxed));
  return {
    devices: runs.map(({ device }) => device),
    results: new Set(runs.map(({ result }) => result)).size,
  };
}

/** What differs from the CPU on so many threads, by name. */
async function agreement(threads: number, relaxed: boolean, pattern: string): Promise<readonly string[]> {
  const reference = await cpu.open({ available: true, device: '', software: false });
  const engine = await WasmEngine.open({ threads, relaxed });
  const found = await compareAll(reference, engine, pattern);
  reference.dispose();
  engine.dispose();
  return found;
}

answerBy({ sameness, agreement, relaxed: () => hasRelaxedSimd() });
