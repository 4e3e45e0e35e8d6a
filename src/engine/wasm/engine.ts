/** The engine on WebAssembly: its threads, and the kernels of each network, compiled once. */
import type { Engine, EngineInfo, Trainer, TrainerOptions } from '../engine';
import { engineLabels } from '../labels';
import { compileProgram } from './module';
import { plannerOf } from './planning';
import { makeProgram, type ProgramOptions } from './program';
import { threadsInWords } from './driver';
import { ThreadPool } from './threads/pool';
import { WasmTrainer } from './trainer';

export interface WasmSettings {
  readonly threads: number;
  /** Whether to use the processor's fused multiply-add; it changes the last bits of sums. */
  readonly relaxed: boolean;
}

export class WasmEngine implements Engine {
  readonly info: EngineInfo;
  readonly #trainers = new Set<Trainer>();
  #disposed = false;

  private constructor(
    private readonly relaxed: boolean,
    private readonly pool: ThreadPool | undefined,
  ) {
    const device = threadsInWords(pool?.threads ?? 1);
    this.info = { id: 'wasm', label: engineLabels.wasm, device, software: false };
  }

  /** Starts the threads; where they do not start there are fewer. */
  static async open({ threads, relaxed }: WasmSettings): Promise<WasmEngine> {
    const pool = threads > 1 ? await ThreadPool.start(threads) : undefined;
    if (pool && pool.threads > 1) return new WasmEngine(relaxed, pool);
    return new WasmEngine(relaxed, undefined);
  }

  async createTrainer(trainerOptions: TrainerOptions): Promise<Trainer> {
    if (this.#disposed) throw new Error('This engine has been disposed of.');
    const { optimizer } = trainerOptions;
    const planner = plannerOf(trainerOptions);
    const options: ProgramOptions = { shape: planner(1, 0), optimizer, relaxed: this.relaxed };
    const program = makeProgram(options);
    const module = await compileProgram(program, this.pool !== undefined);
    const { pool } = this;
    const onDispose = (disposed: Trainer): void => void this.#trainers.delete(disposed);
    const compiled = { options, planner, program, module, onDispose, ...(pool && { pool }) };
    const trainer = new WasmTrainer(trainerOptions, compiled);
    this.#trainers.add(trainer);
    return trainer;
  }

  dispose(): void {
    this.#disposed = true;
    for (const trainer of this.#trainers) trainer.dispose();
    this.#trainers.clear();
    this.pool?.close();
  }
}
