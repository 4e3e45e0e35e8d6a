/** What the benchmark measures: something that takes training steps. Engines of the app become one here. */
import type { EngineDriver } from '../../driver';
import { adam, BATCH, batchOf, SEED, type BenchCase } from './data';

export interface Contender {
  /** The adapter or the threads, in the contender's own words. */
  readonly device: string;
  /** Takes a step, counted from 0; it may be queued. */
  step(n: number): void;
  /** Waits for all steps since the last call, and answers the loss of each. */
  losses(): Promise<readonly number[]>;
}

/**
 * Opens an engine of the app and a trainer on it.
 * @throws Error in one sentence where the engine is not there.
 */
export async function openContender(driver: EngineDriver, start: BenchCase): Promise<Contender> {
  const probe = await driver.probe();
  if (!probe.available) throw new Error(probe.reason);
  const engine = await driver.open(probe);
  const { network, weights, data } = start;
  const trainer = await engine.createTrainer({
    network,
    optimizer: adam,
    loss: 'categoricalCrossentropy',
    seed: SEED,
    state: { step: 0, weights, slots: {} },
    batchSize: BATCH,
  });
  return {
    device: engine.info.device,
    step: (n) => trainer.step(data, batchOf(n, data.count)),
    losses: async () => (await trainer.metrics()).map(({ loss }) => loss),
  };
}
