/**
 * One network in training on the device. Steps are queued and sent when 32 are together or their metrics are wanted; the
 * machine for a larger batch is made when one comes.
 */
import { createRandom } from '../../core/random';
import { sizeOf } from '../../core/shape';
import type { LabelledImages } from '../../datasets/defineDataset';
import type { StepMetrics, Trainer, TrainerOptions, TrainerState } from '../engine';
import type { Plan } from '../plan/plan';
import { rateOf, slotNames } from '../optimizer';
import type { DeviceWatch } from '../watch';
import { DataSets } from './dataSets';
import { fittingProgram } from './fit';
import type { DeviceModel } from './kernels/tile';
import { Machine } from './machine';
import { memoryOf, memoryText } from './memory';
import type { Pipelines } from './pipelines';
import type { Program } from './program';
import { ResultReader, type ResultSink } from './results';
import { WeightBlock } from './weights';

/** Examples that are computed at once when nothing has been trained yet. */
const CHUNK = 128;

/** What a trainer gets from its engine. */
export interface TrainerParts {
  readonly device: GPUDevice;
  readonly watch: DeviceWatch;
  readonly pipelines: Pipelines;
  readonly model: DeviceModel;
  /** Called when the trainer has given everything back. */
  readonly onDispose: (trainer: Trainer) => void;
}

export class WebGpuTrainer implements Trainer {
  readonly #options: Omit<TrainerOptions, 'state'>;
  readonly #parts: TrainerParts;
  readonly #reader: ResultReader;
  readonly #data: DataSets;
  readonly #weights: WeightBlock;
  #machine: Machine | undefined;
  #step: number;
  #metrics: StepMetrics[] = [];
  #disposed = false;

  private constructor({ state, ...options }: TrainerOptions, parts: TrainerParts, plan: Plan) {
    this.#options = options;
    this.#parts = parts;
    this.#step = state.step;
    this.#reader = new ResultReader(parts.device, parts.watch);
    this.#data = new DataSets(parts.device, options.network.inputShape);
    this.#weights = new WeightBlock(parts.device, plan, slotNames(options.optimizer));
  }

  /**
   * Makes a trainer and, where the largest batch is known, all that its steps need.
   * @throws Error where a weight does not fit, or the network is larger than the device allows or has room for.
   */
  static async create(options: TrainerOptions, parts: TrainerParts): Promise<WebGpuTrainer> {
    const { device, watch, pipelines, model } = parts;
    watch.check();
    const program = fittingProgram(options, options.batchSize ?? 1, model, device.limits);
    if (options.batchSize !== undefined) {
      const { train, evaluate, predict } = program.kernels;
      await watch.race(pipelines.prepare([...train, ...evaluate, ...predict]));
    }
    device.pushErrorScope('out-of-memory');
    let trainer: WebGpuTrainer | undefined;
    try {
      trainer = new WebGpuTrainer(options, parts, program.plan);
      if (options.batchSize !== undefined) trainer.#use(program);
      trainer.#weights.write(options.state);
    } catch (error) {
      trainer?.dispose();
      void device.popErrorScope().catch(() => undefined);
      throw error;
    }
    const error = await watch.race(device.popErrorScope());
    if (error === null) return trainer;
    trainer.dispose();
    const taken = memoryText(memoryOf(program), program.plan);
    throw new Error(`${taken}, and there is not so much room. Make the batch or the network smaller.`);
  }

  step(data: LabelledImages, indices: Uint32Array): void {
    const { optimizer, seed } = this.#options;
    this.#enqueue('train', data, indices, this.#metrics, {
      seed: Math.floor(createRandom(seed, this.#step).next() * 2 ** 32),
      rate: rateOf(optimizer, this.#step + 1),
    });
    this.#step++;
  }

  async metrics(): Promise<StepMetrics[]> {
    const metrics = this.#metrics;
    this.#metrics = [];
    await this.#settle();
    return metrics;
  }

  async evaluate(data: LabelledImages, indices: Uint32Array): Promise<StepMetrics> {
    const chunk = Math.min(indices.length, Math.max(this.#machine?.batch ?? CHUNK, 1));
    const parts: StepMetrics[] = [];
    for (let start = 0; start < indices.length; start += chunk)
      this.#enqueue('evaluate', data, indices.subarray(start, start + chunk), parts, { seed: 0, rate: 0 });
    await this.#settle();
    const sum = (value: (part: StepMetrics) => number): number =>
      parts.reduce((total, part) => total + value(part), 0);
    const examples = indices.length;
    const loss = sum((part) => part.loss * part.examples) / examples;
    return { examples, loss, correct: sum(({ correct }) => correct) };
  }

  async predict(inputs: Float32Array, count: number): Promise<Float32Array> {
    const { inputShape, outputShape } = this.#options.network;
    const [inputSize, outputSize] = [sizeOf(inputShape), sizeOf(outputShape)];
    const outputs = new Float32Array(count * outputSize);
    const chunk = Math.min(count, this.#machine?.batch ?? CHUNK);
    for (let start = 0; start < count; start += chunk) {
      const end = Math.min(count, start + chunk);
      const part = await this.#run(() =>
        this.#machineFor(chunk).predict(inputs.subarray(start * inputSize, end * inputSize), end - start),
      );
      outputs.set(part, start * outputSize);
    }
    return outputs;
  }

  async state(): Promise<TrainerState> {
    const step = this.#step;
    const block = await this.#run(() => {
      this.#machine?.flush();
      return this.#weights.read(this.#reader);
    });
    return { step, ...block };
  }

  allocations(): number {
    return this.#weights.count + this.#data.count + this.#reader.count + (this.#machine?.allocations ?? 0);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#machine?.destroy();
    this.#machine = undefined;
    this.#reader.destroy();
    this.#data.destroy();
    this.#weights.destroy();
    this.#metrics = [];
    this.#parts.onDispose(this);
  }

  /** Queues a job whose metrics come to the next place of `metrics`. */
  #enqueue(
    task: 'train' | 'evaluate',
    data: LabelledImages,
    indices: Uint32Array,
    metrics: StepMetrics[],
    parameters: { readonly seed: number; readonly rate: number },
  ): void {
    this.#run(() => {
      const stored = this.#data.find(data, indices);
      this.#machineFor(indices.length).enqueue(
        task,
        stored,
        indices,
        { ...parameters, training: task === 'train' },
        metricsInto(metrics),
      );
    });
  }

  /** Sends what is queued and waits for all results that are to come. */
  async #settle(): Promise<void> {
    await this.#run(() => {
      this.#machine?.flush();
      return this.#reader.settled();
    });
  }

  /** Runs `work` on a device that is there. */
  #run<T>(work: () => T): T {
    if (this.#disposed) throw new Error('This trainer has been disposed of.');
    return this.#parts.watch.run(work);
  }

  #use(program: Program): Machine {
    const { device, watch, pipelines } = this.#parts;
    const parts = { device, watch, pipelines, weights: this.#weights, reader: this.#reader };
    this.#machine = new Machine(program, memoryOf(program), parts);
    return this.#machine;
  }

  /** The machine for batches up to this size. */
  #machineFor(batch: number): Machine {
    if (this.#machine && this.#machine.batch >= batch) return this.#machine;
    const { device, model } = this.#parts;
    const program = fittingProgram(this.#options, batch, model, device.limits);
    // What was sent goes on: its buffers live until the device is through with them.
    this.#machine?.flush();
    this.#machine?.destroy();
    return this.#use(program);
  }
}

/** Makes metrics of a job's results, at the place among `metrics` that is the job's. */
function metricsInto(metrics: StepMetrics[]): ResultSink {
  return (values, count) => {
    let loss = 0;
    let correct = 0;
    for (let i = 0; i < count; i++) {
      loss += values[2 * i]!;
      correct += values[2 * i + 1]!;
    }
    metrics.push({ examples: count, loss: Math.fround(loss / count), correct });
  };
}
