/** The engine on WebAssembly: kernels compiled once, a memory for each trainer. */
import type { Engine, EngineInfo, Trainer, TrainerOptions } from '../engine';
import { compileKernels } from './module';
import { WasmTrainer } from './trainer';

export class WasmEngine implements Engine {
  readonly #trainers = new Set<Trainer>();
  #disposed = false;

  private constructor(
    readonly info: EngineInfo,
    private readonly module: WebAssembly.Module,
  ) {}

  /** Compiles the kernels. */
  static async open(info: EngineInfo): Promise<WasmEngine> {
    return new WasmEngine(info, await compileKernels());
  }

  async createTrainer(options: TrainerOptions): Promise<Trainer> {
    if (this.#disposed) throw new Error('This engine has been disposed of.');
    const trainer = await WasmTrainer.create(options, this.module);
    this.#trainers.add(trainer);
    return trainer;
  }

  dispose(): void {
    this.#disposed = true;
    for (const trainer of this.#trainers) trainer.dispose();
    this.#trainers.clear();
  }
}
