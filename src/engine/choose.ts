/**
 * Chooses the engine that trains. Each that may win is checked by one gradient step against the CPU and then timed on
 * the person's own network; the fastest is taken. It never throws because of an engine; it says what became of each.
 */
import type { Contender } from './contender';
import type { EngineDriver } from './driver';
import type { Engine, EngineId, Trainer } from './engine';
import { sentence, Trials, type Rejection, type TrialOptions } from './trials';

interface Place {
  readonly id: EngineId;
  /** Whether its graphics processor is emulated by the CPU. */
  readonly software: boolean;
}

/** Ours, which are tried first and timed against each other. */
const ours: readonly Place[] = [
  { id: 'webgpu', software: false },
  { id: 'wasm', software: false },
];
/** TensorFlow.js on a real GPU: the first that works is timed too, where none of ours runs on the GPU. */
const onGpu: readonly Place[] = [
  { id: 'tfjs-webgpu', software: false },
  { id: 'tfjs-webgl', software: false },
];
/** The first that works, where nothing before did. LeNet on two cores, images per second: 140, 83, 15 and 10. */
const lastResorts: readonly Place[] = [
  { id: 'tfjs-webgl', software: true },
  { id: 'webgpu', software: true },
  { id: 'tfjs-cpu', software: false },
  { id: 'tfjs-webgpu', software: true },
];

/**
 * Milliseconds that TensorFlow.js spends on a step however small: one for its own bookkeeping, measured on networks of
 * almost nothing, and several for its calls to the GPU (172 dispatches for LeNet). Where ours take less, it cannot win.
 */
const TFJS_STEP_MS = 4;
/** How many times faster a later engine must be: timings vary, and one on the GPU leaves the processor to the page. */
const CLEARLY = 1.1;

export type { Rejection } from './trials';
export type ChoiceOptions = TrialOptions;

export interface Choice {
  readonly engine: Engine;
  /** Made of the run's options, no step taken. */
  readonly trainer: Trainer;
  /** Images a second when it was timed; missing where there was nothing to compare it with. */
  readonly measured?: number;
  readonly rejected: readonly Rejection[];
}

/** No engine can train this network on this device; the message says why, for each. */
export class NoEngineError extends Error {
  override name = 'NoEngineError';
}

/**
 * @param drivers the engines that there are.
 * @param reference the one that the others are checked against; it is not checked itself.
 * @throws NoEngineError where none works, or where the network needs more memory than ours can have. @throws the reason
 * of `signal` where that is aborted.
 */
export async function chooseEngine(
  options: ChoiceOptions,
  drivers: readonly EngineDriver[],
  reference: EngineDriver,
): Promise<Choice> {
  const trials = new Trials(options, drivers, reference);
  try {
    for (;;) {
      const winner = await pick(trials, options);
      if (!winner) throw noEngine(trials);
      try {
        const trainer = await winner.takeTrainer();
        return { engine: winner.engine, trainer, ...(await leaveOthers(trials, winner, options)) };
      } catch (error) {
        trials.drop(winner, 'failed', sentence(error));
      }
    }
  } catch (error) {
    trials.close();
    throw error;
  }
}

/** The best of those that work; undefined where none does. */
async function pick(trials: Trials, options: ChoiceOptions): Promise<Contender | undefined> {
  if (options.pinned) {
    await trials.attempt(options.pinned);
    const pinned = trials.open.find(({ driver }) => driver.id === options.pinned);
    if (pinned) return pinned;
  }
  for (const place of ours) await attemptAt(trials, place);
  // TensorFlow.js takes more memory than ours do.
  if (!trials.tooLarge && (await rivalMayWin(trials, options))) await firstOf(trials, onGpu);
  const best = await fastest(trials);
  return best || trials.tooLarge ? best : firstOf(trials, lastResorts);
}

async function attemptAt(trials: Trials, { id, software }: Place): Promise<Contender | undefined> {
  const probe = await trials.probe(id);
  return probe?.software === software ? trials.attempt(id) : undefined;
}

async function firstOf(trials: Trials, places: readonly Place[]): Promise<Contender | undefined> {
  for (const place of places) {
    const contender = await attemptAt(trials, place);
    if (contender) return contender;
  }
  return undefined;
}

/** Whether TensorFlow.js on a GPU may be faster than what works so far. */
async function rivalMayWin(trials: Trials, { run }: ChoiceOptions): Promise<boolean> {
  if (trials.open.some((contender) => contender.onGpu)) return false;
  const probes = await Promise.all(onGpu.map(({ id }) => trials.probe(id)));
  if (!probes.some((probe) => probe && !probe.software)) return false;
  const [best] = trials.open;
  const speed = best && (await trials.speedOf(best));
  return speed === undefined || (run.batchSize * 1000) / speed > TFJS_STEP_MS;
}

/** The fastest of those that are open; one that has no rival is not timed. */
async function fastest(trials: Trials): Promise<Contender | undefined> {
  if (trials.open.length < 2) return trials.open[0];
  let best: { readonly contender: Contender; readonly speed: number } | undefined;
  for (const contender of [...trials.open]) {
    const speed = await trials.speedOf(contender);
    if (speed !== undefined && (!best || speed > best.speed * CLEARLY)) best = { contender, speed };
  }
  return best?.contender;
}

/** Closes all but the winner, and says why each is not used. */
async function leaveOthers(
  trials: Trials,
  winner: Contender,
  { pinned }: ChoiceOptions,
): Promise<Pick<Choice, 'measured' | 'rejected'>> {
  const measured = winner.timed ? await trials.speedOf(winner) : undefined;
  for (const other of trials.open.filter((contender) => contender !== winner)) {
    const speed = await trials.speedOf(other);
    if (speed !== undefined) trials.drop(other, 'slower', `It trained ${images(speed)} when it was timed.`);
  }
  if (winner.driver.id !== pinned) trials.leaveUntried('Engines that are faster work here.');
  return { ...(measured !== undefined && { measured }), rejected: trials.rejected };
}

const images = (speed: number): string =>
  speed > 0 ? `${Math.round(speed).toLocaleString('en-US')} images a second` : 'too slowly';

/** Engines that say the same are named together. Where memory does not suffice, those that are not there do not matter. */
function noEngine(trials: Trials): NoEngineError {
  const labels = new Map<string, string[]>();
  const told = trials.rejected.filter(({ cause }) => !(trials.tooLarge && cause === 'absent'));
  for (const { label, reason } of told) labels.set(reason, [...(labels.get(reason) ?? []), label]);
  const reasons = [...labels].map(([reason, names]) => `${names.join(', ')}: ${reason}`).join(' ');
  const what = trials.tooLarge
    ? 'This network is too large for the memory of this device.'
    : 'No engine can train on this device.';
  return new NoEngineError(`${what} ${reasons}`);
}
