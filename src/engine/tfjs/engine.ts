/**
 * An engine on one TensorFlow.js backend. TensorFlow.js has one active backend for the whole worker, so one engine is
 * open at a time.
 */
import * as core from '@tensorflow/tfjs-core';
import type { Engine, EngineInfo, Trainer, TrainerOptions } from '../engine';
import { TfjsTrainer } from './trainer';
import type { DeviceWatch } from '../watch';

export interface Backend {
  /** TensorFlow.js's name: "webgpu". */
  readonly name: string;
  readonly watch: DeviceWatch;
  /** Gives the device back, after TensorFlow.js has let go of it. */
  readonly release: () => void;
}

let open: string | undefined;

/**
 * Makes a registered backend the active one.
 * @throws Error where it does not start, or another engine is still open (a mistake of the caller).
 */
export async function startBackend(name: string, label: string): Promise<void> {
  if (open !== undefined) throw new Error(`The engine on ${open} is still open; dispose of it first.`);
  open = name;
  // It answers false where the backend fails, and may leave another one active.
  const started = await core.setBackend(name).catch(() => false);
  if (started && core.getBackend() === name) return;
  stopBackend(name);
  throw new Error(`${label} did not start on this device.`);
}

/** Ends a backend and leaves it registered, so that it can be started again. */
function stopBackend(name: string): void {
  open = undefined;
  const factory = core.findBackendFactory(name);
  core.removeBackend(name);
  core.registerBackend(name, factory);
}

export class TfjsEngine implements Engine {
  readonly #trainers = new Set<Trainer>();
  #disposed = false;

  constructor(
    readonly info: EngineInfo,
    private readonly backend: Backend,
  ) {}

  async createTrainer(options: TrainerOptions): Promise<Trainer> {
    if (this.#disposed) throw new Error('This engine has been disposed of.');
    const { registeredVariables } = core.engine().state;
    const before = new Set(Object.keys(registeredVariables));
    try {
      const trainer = this.backend.watch.run(() => new TfjsTrainer(options, this.backend.watch));
      this.#trainers.add(trainer);
      return await Promise.resolve(trainer);
    } catch (error) {
      for (const name of Object.keys(registeredVariables).filter((key) => !before.has(key)))
        registeredVariables[name]?.dispose();
      throw error;
    }
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const trainer of this.#trainers) trainer.dispose();
    this.backend.watch.close();
    stopBackend(this.backend.name);
    this.backend.release();
  }
}
