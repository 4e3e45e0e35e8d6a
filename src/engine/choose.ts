/**
 * Chooses the engine that trains: the fastest of those that are there, start, and pass the check of one gradient step.
 * It never throws because of an engine; it says what became of each.
 */
import { analyze } from '../network/analyze';
import type { CompiledNetwork } from '../network/compiled';
import { lenet } from '../network/templates/lenet';
import { compareSteps, gradientStep, referenceStep, type GradientStep } from './check';
import type { AvailableProbe, EngineDriver, Probe } from './driver';
import type { Engine, EngineId, Loss } from './engine';

/** Which engines are tried first, hardware and software apart. Images per second of LeNet, batch 128, on two cores
 * without a GPU: WebAssembly 2,400, WebGL 140, the CPU 15, WebGPU 10, so an emulated WebGPU comes last; on a GPU WebGPU
 * is taken for the fastest. */
const order: readonly { readonly id: EngineId; readonly software: boolean }[] = [
  { id: 'webgpu', software: false },
  { id: 'tfjs-webgpu', software: false },
  { id: 'tfjs-webgl', software: false },
  { id: 'wasm', software: false },
  { id: 'tfjs-webgl', software: true },
  { id: 'webgpu', software: true },
  { id: 'tfjs-cpu', software: false },
  { id: 'tfjs-webgpu', software: true },
];

/** Multiply-adds of one image up to which the network itself is checked: about 5 seconds on the CPU. */
const CHECKED_SIZE = 50e6;
/** An engine that has not answered the check after this time, in milliseconds, will not. */
const PATIENCE = 90_000;

/** An engine that was tried and not used, with the reason in one sentence. */
export interface Rejection {
  readonly label: string;
  readonly reason: string;
}

export interface Choice {
  readonly engine: Engine;
  readonly rejected: readonly Rejection[];
}

export interface ChoiceOptions {
  readonly network: CompiledNetwork;
  readonly loss: Loss;
  /** Examples in a training step: the check is of a step of this size. Missing: 2. */
  readonly batchSize?: number;
  /** Try this one first, whatever its speed. */
  readonly engine?: EngineId;
  /** Called before the check of each engine. */
  readonly onChecking?: (label: string) => void;
}

/** No engine works on this device; the message says why, for each. */
export class NoEngineError extends Error {
  override name = 'NoEngineError';
}

interface Candidate {
  readonly driver: EngineDriver;
  readonly probe: Probe;
}

/**
 * @param drivers the engines that there are.
 * @param reference the one that the others are checked against; it is not checked itself.
 * @throws NoEngineError where none works.
 */
export async function chooseEngine(
  options: ChoiceOptions,
  drivers: readonly EngineDriver[],
  reference: EngineDriver,
): Promise<Choice> {
  const candidates = await Promise.all(
    drivers.map(async (driver): Promise<Candidate> => ({
      driver,
      probe: await driver.probe().catch(failedProbe),
    })),
  );
  const rank = ({ driver, probe }: Candidate): number =>
    driver.id === options.engine
      ? -1
      : order.findIndex(
          ({ id, software }) => id === driver.id && software === (probe.available && probe.software),
        );
  candidates.sort((a, b) => rank(a) - rank(b));

  const rejected: Rejection[] = [];
  const check = checker(options, reference);
  for (const { driver, probe } of candidates) {
    try {
      if (!probe.available) throw new Error(probe.reason);
      if (driver !== reference) options.onChecking?.(driver.label);
      const engine = driver === reference ? await driver.open(probe) : await check(driver, probe);
      return { engine, rejected };
    } catch (error) {
      rejected.push({ label: driver.label, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  const reasons = rejected.map(({ label, reason }) => `${label}: ${reason}`).join(' ');
  throw new NoEngineError(`No engine can train on this device. ${reasons}`);
}

const failedProbe = (error: unknown): Probe => ({
  available: false,
  reason: error instanceof Error ? error.message : String(error),
});

/** Opens engines and checks them; the reference's step is computed once, when the first is to be checked. */
function checker({ network, loss, batchSize }: ChoiceOptions, reference: EngineDriver) {
  const checked = network.multiplyAdds <= CHECKED_SIZE ? network : smallNetwork();
  let expected: Promise<{ readonly step: GradientStep; readonly seed: number }> | undefined;
  return async (driver: EngineDriver, probe: AvailableProbe): Promise<Engine> => {
    // Only one engine is open at a time, so the reference is closed before the candidate opens.
    expected ??= withReference(reference, (engine) => referenceStep(engine, checked, loss));
    const { step, seed } = await expected;
    const engine = await driver.open(probe);
    try {
      const taken = await inTime(gradientStep(engine, checked, loss, seed, batchSize));
      const fault = compareSteps(checked, taken, step);
      if (fault !== undefined) throw new Error(fault);
      return engine;
    } catch (error) {
      engine.dispose();
      throw error;
    }
  };
}

async function withReference<T>(driver: EngineDriver, work: (engine: Engine) => Promise<T>): Promise<T> {
  const probe = await driver.probe();
  if (!probe.available) throw new Error(`It cannot be checked: ${probe.reason}`);
  const engine = await driver.open(probe);
  try {
    return await work(engine);
  } finally {
    engine.dispose();
  }
}

/** Stands in for a network that the CPU would take too long for: the kernels of the engine are the same. */
function smallNetwork(): CompiledNetwork {
  const task = {
    inputShape: [28, 28, 1],
    classes: 10,
    loss: 'categoricalCrossentropy',
    datasetLabel: 'MNIST',
  };
  return analyze(lenet.build(), task).compiled!;
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const seconds = PATIENCE / 1000;
    timer = setTimeout(
      () => reject(new Error(`It did not finish one training step in ${seconds} seconds.`)),
      PATIENCE,
    );
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
