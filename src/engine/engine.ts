/**
 * What trains a network. The rest of the app knows this interface only; TensorFlow.js is one implementation behind it.
 * An engine gets a compiled network and the examples as bytes, and gathers and scales each batch by itself, so that
 * an engine on the GPU can keep all of it there.
 */
import type { LabelledImages } from '../datasets/defineDataset';
import type { CompiledNetwork, Weights } from '../network/compiled';

export type EngineId = 'webgpu' | 'wasm' | 'tfjs-webgpu' | 'tfjs-webgl' | 'tfjs-cpu';

export interface EngineInfo {
  readonly id: EngineId;
  /** As `labels.ts` has it. */
  readonly label: string;
  /** The adapter or the number of threads as the device reports it: "apple metal-3", "1 thread". May be empty. */
  readonly device: string;
  /** True where the "GPU" is emulated by the CPU. */
  readonly software: boolean;
}

export type Loss = 'categoricalCrossentropy' | 'meanSquaredError';

export type OptimizerSettings =
  | {
      readonly type: 'adam';
      readonly learningRate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
    }
  | { readonly type: 'sgd'; readonly learningRate: number; readonly momentum: number };

/** All that must be kept to go on exactly where training stopped. Plain data; it can be stored as it is. */
export interface TrainerState {
  /** Optimizer steps taken so far. */
  readonly step: number;
  readonly weights: Weights;
  /** By the optimizer's slot ("m", "v", "momentum") and the weight's key: "m:conv2d/kernel". */
  readonly slots: Readonly<Record<string, Float32Array>>;
}

export interface TrainerOptions {
  readonly network: CompiledNetwork;
  readonly optimizer: OptimizerSettings;
  readonly loss: Loss;
  /** Drives dropout. */
  readonly seed: number;
  readonly state: TrainerState;
  /**
   * The largest batch that `step` will get. Memory for it is found at once, so that what does not fit is refused before
   * the run. Missing: memory is found when the batch comes.
   */
  readonly batchSize?: number;
}

export interface StepMetrics {
  /** Examples in the batch. */
  readonly examples: number;
  /** Mean loss over the batch, as it was before the step. */
  readonly loss: number;
  /** How many examples were classified correctly before the step. */
  readonly correct: number;
}

export interface Trainer {
  /**
   * Takes one optimizer step on the examples at `indices`. Steps may be queued on the device; `metrics` waits for them.
   * @throws DeviceLostError where the device went away or ran out of memory.
   */
  step(data: LabelledImages, indices: Uint32Array): void;
  /** Waits for all steps since the last call and returns their metrics in order. */
  metrics(): Promise<StepMetrics[]>;
  /** Loss and accuracy of the present weights on the examples at `indices`, without training. */
  evaluate(data: LabelledImages, indices: Uint32Array): Promise<StepMetrics>;
  /**
   * Outputs of the present weights for inputs that are scaled already.
   * @param inputs `count` × size of the input shape, channels last.
   * @returns `count` × size of the output shape.
   */
  predict(inputs: Float32Array, count: number): Promise<Float32Array>;
  /** A copy of everything needed to go on later. */
  state(): Promise<TrainerState>;
  /** How many device buffers it holds, for the check that nothing leaks. */
  allocations(): number;
  dispose(): void;
}

export interface Engine {
  readonly info: EngineInfo;
  createTrainer(options: TrainerOptions): Promise<Trainer>;
  /** Gives the device back. All trainers are disposed of before. */
  dispose(): void;
}

/** The device went away, or its memory ran out, in the middle of a run. Weights of the last checkpoint are kept. */
export class DeviceLostError extends Error {
  override name = 'DeviceLostError';
}
