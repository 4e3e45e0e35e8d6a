/** One engine that may be chosen: opened, checked against the CPU, given the run's network, and timed. */
import { compareSteps, gradientStep } from './check';
import type { AvailableProbe, EngineDriver } from './driver';
import type { Engine, Trainer, TrainerOptions } from './engine';
import type { Reference } from './reference';
import { measureSpeed } from './timing';

/** The trainer that a run takes: the batch size is known, so memory is found when it is made. */
export type RunTrainerOptions = TrainerOptions & { readonly batchSize: number };

/** An engine that has not answered the check after this time, in milliseconds, will not. */
const CHECK_PATIENCE = 90_000;
/** An engine that has not taken a few steps after this time is too slow to win. */
const TIMING_PATIENCE = 10_000;

export class Contender {
  #speed: Promise<number> | undefined;

  private constructor(
    readonly driver: EngineDriver,
    readonly engine: Engine,
    private readonly run: RunTrainerOptions,
    private trainer: Trainer | undefined,
  ) {}

  /**
   * Opens an engine and finds out whether it can be trusted with the run.
   * @param reference what it is checked against; missing: it is trusted.
   * @param signal ends the wait for it.
   * @throws Error whose message says what is wrong with it, as one sentence. It is closed then.
   */
  static async open(
    driver: EngineDriver,
    probe: AvailableProbe,
    run: RunTrainerOptions,
    reference?: Reference,
    signal?: AbortSignal,
  ): Promise<Contender> {
    const engine = await driver.open(probe);
    let trainer: Trainer | undefined;
    try {
      // First of all, so that what is too large is refused before it is computed with.
      trainer = await engine.createTrainer(run);
      if (reference) {
        const { network, seed, step } = reference;
        const taken = await inTime(
          gradientStep(engine, network, run.loss, seed, run.batchSize),
          CHECK_PATIENCE,
          new Error(`It did not finish one training step in ${CHECK_PATIENCE / 1000} seconds.`),
          signal,
        );
        const fault = compareSteps(network, taken, step);
        if (fault !== undefined) throw new Error(fault);
      }
      return new Contender(driver, engine, run, trainer);
    } catch (error) {
      trainer?.dispose();
      engine.dispose();
      throw error;
    }
  }

  /** Whether it computes on a graphics processor, real or emulated. */
  get onGpu(): boolean {
    return this.driver.id !== 'wasm' && this.driver.id !== 'tfjs-cpu';
  }

  /** Whether its speed is known. */
  get timed(): boolean {
    return this.#speed !== undefined;
  }

  /**
   * Images a second on the run's network; measured when first asked for. 0 where it takes too long to be measured.
   * @throws whatever the engine throws.
   */
  speed(now: () => number, signal?: AbortSignal): Promise<number> {
    this.#speed ??= this.#measure(now, signal);
    return this.#speed;
  }

  /** A trainer at the start of the run. Called once; it belongs to the caller then. */
  async takeTrainer(): Promise<Trainer> {
    const trainer = this.trainer ?? (await this.engine.createTrainer(this.run));
    this.trainer = undefined;
    return trainer;
  }

  close(): void {
    this.trainer?.dispose();
    this.trainer = undefined;
    this.engine.dispose();
  }

  async #measure(now: () => number, signal: AbortSignal | undefined): Promise<number> {
    // Its weights move, so the run gets another.
    const { trainer } = this;
    this.trainer = undefined;
    try {
      return await inTime(measureSpeed(trainer!, this.run, now), TIMING_PATIENCE, late, signal);
    } catch (error) {
      if (error === late) return 0;
      throw error;
    } finally {
      trainer!.dispose();
    }
  }
}

const late = new Error('It took too long to be timed.');

/** @throws `reason` where there is no answer after so many milliseconds. @throws the signal's where that is aborted. */
async function inTime<T>(
  answer: Promise<T>,
  patience: number,
  reason: Error,
  signal: AbortSignal | undefined,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort: (() => void) | undefined;
  const ended = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(reason), patience);
    abort = () => reject(signal!.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([answer, ended]);
  } finally {
    clearTimeout(timer);
    if (abort) signal?.removeEventListener('abort', abort);
  }
}
