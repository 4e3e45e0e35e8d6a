/** Lost devices of one run: which engine may be opened again, and when it is enough. Pure rules. */
import type { DeviceLostError, EngineId, EngineInfo } from '../engine/engine';
import { isMemoryError } from '../engine/memory';

/** Losses that are further apart than this, in milliseconds, have nothing to do with each other. */
const TOGETHER_MS = 60_000;
/** Losses together after which an engine is not opened again, and after which the run ends. */
const OF_ENGINE = 2;
const OF_RUN = 4;

export class Losses {
  readonly #without = new Map<EngineId, string>();
  #recent: { readonly id: EngineId; readonly at: number }[] = [];

  /** Engines not to be opened again in this run, with the reason. */
  get without(): ReadonlyMap<EngineId, string> {
    return this.#without;
  }

  /**
   * Notes a loss.
   * @param at milliseconds since some fixed moment.
   * @returns whether it makes sense to go on.
   */
  note({ id }: EngineInfo, error: DeviceLostError, at: number): boolean {
    this.#recent = [...this.#recent.filter((loss) => at - loss.at < TOGETHER_MS), { id, at }];
    const ofEngine = this.#recent.filter((loss) => loss.id === id).length;
    // What has run out of memory would do so again.
    if (isMemoryError(error)) this.#without.set(id, error.message);
    else if (ofEngine >= OF_ENGINE) this.#without.set(id, `It was lost ${ofEngine} times within a minute.`);
    return this.#recent.length < OF_RUN;
  }
}

/** What the person is told when a run goes on after a loss. */
export function describeRecovery(
  { message }: DeviceLostError,
  before: EngineInfo,
  now: EngineInfo,
  step: number,
): string {
  const how = now.id === before.id ? 'It was opened again' : `${now.label} took over`;
  return `${message} ${how}, and training went on from step ${step.toLocaleString('en-US')}.`;
}
