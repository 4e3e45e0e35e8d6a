/**
 * Devices for tests: the CPU engine under other names, with what a faulty, a slow or a small one would do differently,
 * on a clock of their own.
 */
import type { EngineDriver, Probe } from '../driver';
import type { Engine, EngineId, Trainer, TrainerOptions, TrainerState } from '../engine';
import { engineLabels } from '../labels';
import { cpu } from '../tfjs/cpu';

export const hardware: Probe = { available: true, device: 'gpu', software: false };
export const software: Probe = { available: true, device: 'SwiftShader', software: true };
export const absent: Probe = { available: false, reason: 'It is not there.' };

/** What a trainer does differently. */
export type Change = (trainer: Trainer, options: TrainerOptions) => Partial<Trainer>;

export interface Differences {
  readonly change?: Change;
  /** Milliseconds that each step takes. Missing: 10. */
  readonly stepMs?: number;
  /** Is called before a trainer is made; may throw. */
  readonly onCreate?: (options: TrainerOptions) => void;
  readonly kinds?: EngineDriver['kinds'];
}

export interface Device extends EngineDriver {
  /** How often it was probed and opened, and how many of its engines and trainers are open now. */
  readonly seen: { probes: number; opens: number; open: number; trainers: number };
}

/** Reports weights after a step as `edit` makes them of those before and after. */
export const weights =
  (edit: (key: string, after: Float32Array, before: Float32Array) => Float32Array): Change =>
  (trainer, { state }) => ({
    async state(): Promise<TrainerState> {
      const after = await trainer.state();
      const edited = Object.entries(after.weights).map(([key, values]) => [
        key,
        edit(key, values, state.weights[key]!),
      ]);
      return { ...after, weights: Object.fromEntries(edited) as TrainerState['weights'] };
    },
  });

/** Devices that share one clock and, as it happens, one processor. */
export function createDevices() {
  let time = 0;
  let shared: { engine: Engine; users: Set<EngineId> } | undefined;

  async function acquire(id: EngineId): Promise<Engine> {
    // As TensorFlow.js has it: one of its engines at a time.
    const ofTfjs = (one: EngineId) => one.startsWith('tfjs-');
    if (shared && ofTfjs(id) && [...shared.users].some(ofTfjs))
      throw new Error('Another engine is still open.');
    shared ??= {
      engine: await cpu.open({ available: true, device: '', software: false }),
      users: new Set(),
    };
    shared.users.add(id);
    return shared.engine;
  }

  function release(id: EngineId): void {
    shared!.users.delete(id);
    if (shared!.users.size > 0) return;
    shared!.engine.dispose();
    shared = undefined;
  }

  function wrap(trainer: Trainer, { stepMs = 10 }: Differences, onDispose: () => void): Trainer {
    return {
      step(data, indices) {
        time += stepMs;
        trainer.step(data, indices);
      },
      metrics: () => trainer.metrics(),
      evaluate: (data, indices) => trainer.evaluate(data, indices),
      predict: (inputs, count) => trainer.predict(inputs, count),
      state: () => trainer.state(),
      allocations: () => trainer.allocations(),
      dispose() {
        trainer.dispose();
        onDispose();
      },
    };
  }

  /** An engine that computes as the CPU does, but for the differences. */
  function device(id: EngineId, probe: Probe, differences: Differences = {}): Device {
    const label = engineLabels[id];
    const seen = { probes: 0, opens: 0, open: 0, trainers: 0 };
    return {
      id,
      label,
      kinds: differences.kinds,
      seen,
      probe() {
        seen.probes++;
        return Promise.resolve(probe);
      },
      async open() {
        const engine = await acquire(id);
        seen.opens++;
        seen.open++;
        return {
          info: { id, label, device: '', software: false },
          async createTrainer(options) {
            differences.onCreate?.(options);
            const trainer = await engine.createTrainer(options);
            seen.trainers++;
            const wrapped = wrap(trainer, differences, () => seen.trainers--);
            return { ...wrapped, ...differences.change?.(wrapped, options) };
          },
          dispose() {
            seen.open--;
            release(id);
          },
        };
      },
    };
  }

  return { device, now: () => time };
}
