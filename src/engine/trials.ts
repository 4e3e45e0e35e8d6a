/** The engines on trial: tries each at most once, keeps those that pass open, and notes what is wrong with the others. */
import { layerOf } from '../layers';
import { Contender, type RunTrainerOptions } from './contender';
import type { AvailableProbe, EngineDriver } from './driver';
import type { EngineId } from './engine';
import { engineLabels } from './labels';
import { isMemoryError } from './memory';
import { gapsOf } from './plan/gaps';
import { referenceFor } from './reference';

/** An engine that does not run, and why. */
export interface Rejection {
  readonly label: string;
  /**
   * `absent`: this device does not have it. `gap`: it has no kernel for a layer of the network. `failed`: it is not to
   * be trusted, or has not the memory. `slower`: it was timed. `untried`: others work that are known to be faster.
   */
  readonly cause: 'absent' | 'gap' | 'failed' | 'slower' | 'untried';
  /** One sentence, said of the engine. */
  readonly reason: string;
  /** Whether it is the one that the person asked for. */
  readonly pinned?: boolean;
}

export interface TrialOptions {
  /** What the run wants to train, and from where. */
  readonly run: RunTrainerOptions;
  /** Take this one where it works, whatever its speed. */
  readonly pinned?: EngineId;
  /** Engines that are not to be tried, with the reason as one sentence. */
  readonly without?: ReadonlyMap<EngineId, string>;
  /** Called before an engine is checked, and before it is timed. */
  readonly onStage?: (stage: 'checking' | 'measuring', label: string) => void;
  /** Ends the choice, also while an engine is awaited. */
  readonly signal?: AbortSignal;
  /** Milliseconds since some fixed moment. Missing: the browser's clock. */
  readonly now?: () => number;
}

export class Trials {
  /** Those that passed, in the order in which they were tried. */
  readonly open: Contender[] = [];
  /** Whether one was refused because memory does not suffice. */
  tooLarge = false;
  readonly #rejected = new Map<EngineId, Rejection>();
  readonly #probes = new Map<EngineId, Promise<AvailableProbe | undefined>>();
  readonly #tried = new Set<EngineId>();

  /** @param reference the one that the others are checked against; it is not checked itself. */
  constructor(
    private readonly options: TrialOptions,
    private readonly drivers: readonly EngineDriver[],
    private readonly reference: EngineDriver,
  ) {}

  /** Why each of the others does not run, in the order of the drivers. */
  get rejected(): readonly Rejection[] {
    const ids = [...new Set([...this.drivers.map(({ id }) => id), ...this.#rejected.keys()])];
    return ids.flatMap((id) => this.#rejected.get(id) ?? []);
  }

  /** What is known of an engine that is not started; undefined where it is not there or not to be used. */
  probe(id: EngineId): Promise<AvailableProbe | undefined> {
    const known = this.#probes.get(id) ?? this.#examine(id);
    this.#probes.set(id, known);
    return known;
  }

  /** Opens and checks an engine. @returns undefined where that failed or was done before. */
  async attempt(id: EngineId): Promise<Contender | undefined> {
    const probe = await this.probe(id);
    if (!probe || this.#tried.has(id)) return undefined;
    this.#tried.add(id);
    const { run, onStage, signal } = this.options;
    signal?.throwIfAborted();
    const driver = this.#driver(id)!;
    try {
      const checked = driver !== this.reference;
      if (checked) onStage?.('checking', driver.label);
      // Before it is opened: the reference runs on TensorFlow.js, of which one engine is open at a time.
      const expected = checked ? await referenceFor(run.network, run.loss, this.reference) : undefined;
      const contender = await Contender.open(driver, probe, run, expected, signal);
      this.open.push(contender);
      return contender;
    } catch (error) {
      signal?.throwIfAborted();
      this.tooLarge ||= isMemoryError(error);
      this.#reject(id, 'failed', sentence(error));
      return undefined;
    }
  }

  /** Images a second of an engine that is open. @returns undefined where it failed, and is closed. */
  async speedOf(contender: Contender): Promise<number | undefined> {
    const { onStage, signal, now = () => performance.now() } = this.options;
    signal?.throwIfAborted();
    if (!contender.timed) onStage?.('measuring', contender.driver.label);
    try {
      return await contender.speed(now, signal);
    } catch (error) {
      signal?.throwIfAborted();
      this.drop(contender, 'failed', sentence(error));
      return undefined;
    }
  }

  /** Closes an engine that is open. */
  drop(contender: Contender, cause: Rejection['cause'], reason: string): void {
    this.open.splice(this.open.indexOf(contender), 1);
    contender.close();
    this.#reject(contender.driver.id, cause, reason);
  }

  /** Notes the engines that nobody has asked for. */
  leaveUntried(reason: string): void {
    for (const { id } of this.drivers)
      if (!this.#tried.has(id) && !this.#rejected.has(id)) this.#reject(id, 'untried', reason);
  }

  /** Closes all. */
  close(): void {
    for (const contender of this.open.splice(0)) contender.close();
  }

  #driver(id: EngineId): EngineDriver | undefined {
    return this.drivers.find((driver) => driver.id === id);
  }

  #reject(id: EngineId, cause: Rejection['cause'], reason: string): void {
    const label = this.#driver(id)?.label ?? engineLabels[id];
    const pinned = id === this.options.pinned;
    this.#rejected.set(id, { label, cause, reason, ...(pinned && { pinned }) });
  }

  async #examine(id: EngineId): Promise<AvailableProbe | undefined> {
    const { run, without } = this.options;
    const driver = this.#driver(id);
    const excluded = without?.get(id);
    const gaps = driver?.kinds ? gapsOf(run.network, driver.kinds) : [];
    if (!driver) {
      if (id === this.options.pinned) this.#reject(id, 'absent', 'This version of the app does not have it.');
    } else if (excluded !== undefined) {
      this.#reject(id, 'failed', excluded);
    } else if (gaps.length > 0) {
      const kinds = gaps.map((kind) => layerOf(kind).label).join(', ');
      this.#reject(id, 'gap', `It has no kernel for ${kinds} yet.`);
    } else {
      const probe = await driver
        .probe()
        .catch((error: unknown) => ({ available: false, reason: sentence(error) }) as const);
      if (probe.available) return probe;
      this.#reject(id, 'absent', probe.reason);
    }
    return undefined;
  }
}

/** What an error says. */
export const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));
