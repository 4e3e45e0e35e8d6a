/**
 * The worker of `e2e/kernels.webgpu.spec.ts`: runs our WebGPU engine beside TensorFlow.js's cpu backend, on networks of
 * every kind, and tells in words what differs. Not part of the app.
 */
import type { CompiledNetwork } from '../../network/compiled';
import { lenet } from '../../network/templates/lenet';
import { initialWeights } from '../../network/weights';
import { DeviceLostError, type Engine, type Trainer, type TrainerState } from '../engine';
import { cpu } from '../tfjs/cpu';
import { webgpu } from '../webgpu/driver';
import { compareAll, lenetLosses } from './agreement';
import { answerBy } from './answer';
import { compiled, compiledChain, examples, range } from './examples';
import { distancesFromPytorch } from './pytorch';

const device = { available: true, device: 'test' } as const;
/** The engine with the tiles that it chooses for an emulated device, or for a real one. */
const open = (software: boolean): Promise<Engine> => webgpu.open({ ...device, software });

const mnist = [28, 28, 1];
const letters = compiled(lenet.build(), mnist, 10, 'categoricalCrossentropy');
const data = examples(64, mnist, 10);

function train(
  engine: Engine,
  network: CompiledNetwork = letters,
  state?: TrainerState,
  seed = 7,
): Promise<Trainer> {
  return engine.createTrainer({
    network,
    loss: 'categoricalCrossentropy',
    optimizer: { type: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    seed,
    state: state ?? { step: 0, weights: initialWeights(network, 5), slots: {} },
    batchSize: 8,
  });
}

/** Whether the networks whose names match agree with the CPU; the differences, by name. */
async function agreement(software: boolean, pattern: string): Promise<readonly string[]> {
  const reference = await cpu.open({ ...device, software: false });
  const engine = await open(software);
  const found = await compareAll(reference, engine, pattern);
  reference.dispose();
  engine.dispose();
  return found;
}

/** Largest relative difference of the losses of twenty steps of LeNet from the CPU's, with the tiles of both devices. */
async function lenetDifferences(): Promise<readonly number[]> {
  const reference = await cpu.open({ ...device, software: false });
  const expected = await lenetLosses(reference);
  reference.dispose();
  const differences: number[] = [];
  for (const software of [true, false]) {
    const engine = await open(software);
    const actual = await lenetLosses(engine);
    engine.dispose();
    differences.push(Math.max(...expected.map((loss, i) => Math.abs(loss - actual[i]!) / loss)));
  }
  return differences;
}

/** A network with dropout and all that sums over the batch. */
const summing = compiledChain([9, 7, 3], 3, [
  ['conv2d', { filters: 6, kernelSize: [3, 3], padding: 'same', activation: 'relu' }],
  ['batchNormalization'],
  ['maxPooling2d'],
  ['dropout', { rate: 0.4 }],
  ['flatten'],
  ['dense', { units: 3, activation: 'softmax' }],
]);

/** Weights after eight steps of which so many are queued at once, as bytes. */
async function run(
  engine: Engine,
  queued: number,
  from?: TrainerState,
  seed?: number,
): Promise<TrainerState> {
  const trainer = await train(engine, summing, from, seed);
  const small = examples(30, [9, 7, 3], 3);
  const first = from?.step ?? 0;
  for (let step = first; step < 8; step++) {
    trainer.step(small, range(step * 3, step * 3 + 3 + (step % 3)));
    if ((step + 1) % queued === 0) await trainer.metrics();
    if (from === undefined && queued === 4 && step === 3) break;
  }
  const state = await trainer.state();
  trainer.dispose();
  return state;
}

const bytesOf = ({ weights, slots }: TrainerState): string =>
  Object.values({ ...weights, ...slots })
    .map((values) => Array.from(new Uint32Array(values.buffer, values.byteOffset, values.length)).join())
    .join(';');

/** How many different results there are of runs that must be alike, and of these and one with another seed. */
async function determinism() {
  const engine = await open(true);
  const once = await run(engine, 1);
  const again = await run(engine, 1);
  const together = await run(engine, 8);
  const resumed = await run(engine, 1, await run(engine, 4));
  const other = await run(engine, 1, undefined, 8);
  engine.dispose();
  const different = (states: readonly TrainerState[]): number => new Set(states.map(bytesOf)).size;
  const alike = [once, again, together, resumed];
  return { alike: different(alike), withOther: different([...alike, other]) };
}

/** Calls of the device while `work` runs. */
async function counted(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const places = [
    [GPUDevice.prototype, ['createBuffer', 'createBindGroup', 'createComputePipeline', 'createShaderModule']],
    [GPUQueue.prototype, ['submit', 'writeBuffer']],
    [GPUCommandEncoder.prototype, ['beginComputePass']],
    [GPUComputePassEncoder.prototype, ['dispatchWorkgroups']],
  ] as const;
  const undo: (() => void)[] = [];
  for (const [prototype, names] of places)
    for (const name of names) {
      const methods = prototype as unknown as Record<string, (...all: unknown[]) => unknown>;
      const original = methods[name]!;
      counts[name] = 0;
      methods[name] = function (this: unknown, ...all) {
        counts[name]! += 1;
        return original.apply(this, all);
      };
      undo.push(() => (methods[name] = original));
    }
  await work();
  for (const restore of undo) restore();
  return counts;
}

/** What eight steps of LeNet ask of the device, and what is left when the trainer is gone. */
async function calls() {
  const engine = await open(true);
  const trainer = await train(engine);
  const steps = async (): Promise<void> => {
    for (let step = 0; step < 8; step++) trainer.step(data, range(step * 8, step * 8 + 8));
    await trainer.metrics();
  };
  await steps();
  const counts = await counted(steps);
  trainer.dispose();
  const allocations = trainer.allocations();
  engine.dispose();
  return { counts, allocations };
}

/** What becomes of all that is asked of a device that is lost, and whether another one opens after it. */
async function loss() {
  let lost: GPUDevice | undefined;
  const adapters = GPUAdapter.prototype;
  const original = adapters.requestDevice;
  adapters.requestDevice = async function (this: GPUAdapter, ...all) {
    return (lost = await original.apply(this, all));
  };
  const engine = await open(true);
  adapters.requestDevice = original;
  const trainer = await train(engine);
  trainer.step(data, range(0, 8));
  const pending = [trainer.metrics(), trainer.state(), trainer.predict(new Float32Array(784), 1)];
  lost!.destroy();
  const outcomes = await Promise.allSettled([
    ...pending,
    lost!.lost.then(() => trainer.metrics()),
    lost!.lost.then(() => trainer.step(data, range(0, 8))),
    lost!.lost.then(() => trainer.evaluate(data, range(0, 8))),
    lost!.lost.then(() => train(engine)),
  ]);
  const refused = outcomes.filter(
    (outcome) => outcome.status === 'rejected' && outcome.reason instanceof DeviceLostError,
  );
  trainer.dispose();
  engine.dispose();
  const next = await open(true);
  const other = await train(next);
  other.step(data, range(0, 8));
  const [metrics] = await other.metrics();
  next.dispose();
  return {
    asked: outcomes.length,
    refused: refused.length,
    left: trainer.allocations(),
    after: metrics!.loss,
  };
}

/** Largest distance from PyTorch's losses over twenty batches of MNIST, which the page's server has. */
async function pytorch(): Promise<number> {
  const engine = await open(true);
  const distances = await distancesFromPytorch(engine, (path) =>
    fetch(new URL(`/${path}`, self.location.origin)),
  );
  engine.dispose();
  return Math.max(...distances);
}

answerBy({ agreement, lenetDifferences, determinism, calls, loss, pytorch });
