/** The engine on WebGPU: one device, pipelines that its trainers share. */
import type { Engine, EngineInfo, Trainer, TrainerOptions } from '../engine';
import type { DeviceWatch } from '../watch';
import { requestAdapter } from './adapter';
import { emulated, hardware } from './kernels/tile';
import { Pipelines } from './pipelines';
import { WebGpuTrainer } from './trainer';
import { watchDevice } from './watchDevice';

/** Limits of which the device gets all that the adapter has. */
const wanted = ['maxBufferSize', 'maxStorageBufferBindingSize', 'maxStorageBuffersPerShaderStage'] as const;

export class WebGpuEngine implements Engine {
  readonly #trainers = new Set<Trainer>();
  readonly #watch: DeviceWatch;
  readonly #pipelines: Pipelines;
  #disposed = false;

  private constructor(
    readonly info: EngineInfo,
    private readonly device: GPUDevice,
  ) {
    this.#watch = watchDevice(device);
    this.#pipelines = new Pipelines(device);
  }

  /**
   * Starts a device of its own.
   * @throws Error where there is none any more.
   */
  static async open(info: EngineInfo): Promise<WebGpuEngine> {
    const adapter = await requestAdapter();
    if (!adapter) throw new Error('WebGPU finds no graphics processor that it may use.');
    const requiredLimits = Object.fromEntries(wanted.map((name) => [name, adapter.limits[name]]));
    return new WebGpuEngine(info, await adapter.requestDevice({ requiredLimits }));
  }

  async createTrainer(options: TrainerOptions): Promise<Trainer> {
    if (this.#disposed) throw new Error('This engine has been disposed of.');
    const model = this.info.software ? emulated : hardware;
    const trainer = await WebGpuTrainer.create(options, {
      device: this.device,
      watch: this.#watch,
      pipelines: this.#pipelines,
      model,
      onDispose: (disposed) => void this.#trainers.delete(disposed),
    });
    this.#trainers.add(trainer);
    return trainer;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const trainer of this.#trainers) trainer.dispose();
    this.#trainers.clear();
    this.#watch.close();
    this.device.destroy();
  }
}
