/**
 * The worker of `scripts/bench-engines.mjs`: trains LeNet on one engine and says how fast. It sees noise of MNIST's size:
 * the arithmetic is the same. Not part of the app.
 */
import { initialWeights } from '../../network/weights';
import { lenet } from '../../network/templates/lenet';
import { compareSteps, gradientStep, referenceStep } from '../check';
import type { EngineDriver } from '../driver';
import type { EngineId, Trainer } from '../engine';
import { drivers } from '..';
import { compiled, examples, range } from './examples';

declare const self: DedicatedWorkerGlobalScope;

const BATCH = 128;
/** Steps before the clock starts: shaders are compiled and memory is found. */
const WARM_UP = 2;

export interface BenchRequest {
  readonly engine: EngineId;
  /** How long to measure, at least. */
  readonly seconds: number;
}

export interface BenchResult {
  readonly device: string;
  readonly software: boolean;
  /** Milliseconds to start the engine, and for the first step. */
  readonly startMs: number;
  readonly firstStepMs: number;
  readonly imagesPerSecond: number;
  /** Of evaluation, forward only. */
  readonly evaluatedPerSecond: number;
  /** After five steps from the same weights; engines must agree. */
  readonly loss: number;
  /** What the gradient check says; undefined is good. */
  readonly fault: string | undefined;
  readonly checkMs: number;
  readonly allocations: number;
}

const network = compiled(lenet.build(), [28, 28, 1], 10, 'categoricalCrossentropy');
const data = examples(BATCH * 8, [28, 28, 1], 10);

async function open(driver: EngineDriver) {
  const probe = await driver.probe();
  if (!probe.available) throw new Error(probe.reason);
  return { engine: await driver.open(probe), probe };
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const start = performance.now();
  return [await work(), performance.now() - start];
}

function step(trainer: Trainer, n: number): void {
  const from = (n % 8) * BATCH;
  trainer.step(data, range(from, from + BATCH));
}

async function bench({ engine: id, seconds }: BenchRequest): Promise<BenchResult> {
  const reference = await open(drivers.find((driver) => driver.id === 'tfjs-cpu')!);
  const expected = await referenceStep(reference.engine, network, 'categoricalCrossentropy');
  reference.engine.dispose();

  const [{ engine, probe }, startMs] = await timed(() => open(drivers.find((driver) => driver.id === id)!));
  const [taken, checkMs] = await timed(() =>
    gradientStep(engine, network, 'categoricalCrossentropy', expected.seed, BATCH),
  );
  const fault = compareSteps(network, taken, expected.step);

  const trainer = await engine.createTrainer({
    network,
    optimizer: { type: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    loss: 'categoricalCrossentropy',
    seed: 42,
    state: { step: 0, weights: initialWeights(network, 42), slots: {} },
  });
  let steps = 0;
  const take = async (count: number): Promise<number> => {
    for (let i = 0; i < count; i++) step(trainer, steps++);
    const metrics = await trainer.metrics();
    return metrics.at(-1)!.loss;
  };
  const [, firstStepMs] = await timed(() => take(1));
  await take(WARM_UP);
  const loss = await take(2);
  const start = performance.now();
  const first = steps;
  while (performance.now() - start < seconds * 1000) await take(2);
  const imagesPerSecond = ((steps - first) * BATCH * 1000) / (performance.now() - start);
  const [, evaluationMs] = await timed(() => trainer.evaluate(data, range(0, 500)));
  trainer.dispose();
  const allocations = trainer.allocations();
  engine.dispose();
  return {
    device: probe.device,
    software: probe.software,
    startMs,
    firstStepMs,
    imagesPerSecond,
    evaluatedPerSecond: (500 * 1000) / evaluationMs,
    loss,
    fault,
    checkMs,
    allocations,
  };
}

self.addEventListener('message', ({ data: request }: MessageEvent<BenchRequest>) => {
  bench(request).then(
    (result) => self.postMessage({ result }),
    (error: unknown) => self.postMessage({ error: error instanceof Error ? error.message : String(error) }),
  );
});
