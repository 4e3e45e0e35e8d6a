/**
 * One network in training on the WebAssembly kernels. All it has lies in one memory; it grows when a larger batch comes,
 * and the weights at its start stay where they are.
 */
import { createRandom } from '../../core/random';
import { formatShape, sizeOf } from '../../core/shape';
import type { LabelledImages } from '../../datasets/defineDataset';
import {
  DeviceLostError,
  type StepMetrics,
  type Trainer,
  type TrainerOptions,
  type TrainerState,
} from '../engine';
import { makePlan } from '../plan/makePlan';
import type { ForwardOperation, Plan } from '../plan/plan';
import { instantiateKernels, type Kernels } from './module';
import { softmaxRows } from './run/curves';
import { loss, type LossSums } from './run/losses';
import { valuesOf, type Machine, type Pass } from './run/machine';
import { runOperation } from './run/operations';
import { PACKED_AT, PRODUCT_BYTES } from './run/products';
import { readState, slotNames, updateWeights, writeState } from './weights';

const PAGE = 65_536;
/** What 32-bit addresses reach. */
const MOST_PAGES = 65_536;
/** Examples that are computed at once when nothing has been trained yet. */
const CHUNK = 32;

export class WasmTrainer implements Trainer {
  readonly #options: TrainerOptions;
  readonly #slotNames: readonly string[];
  #memory: WebAssembly.Memory | undefined;
  #kernels: Kernels | undefined;
  #machine: Machine | undefined;
  #step: number;
  #metrics: StepMetrics[] = [];

  private constructor(options: TrainerOptions) {
    this.#options = options;
    this.#slotNames = slotNames(options.optimizer);
    this.#step = options.state.step;
  }

  /**
   * Makes a trainer and its memory.
   * @throws Error where a weight does not fit, or the network is larger than the memory can be.
   */
  static async create(options: TrainerOptions, module: WebAssembly.Module): Promise<WasmTrainer> {
    const trainer = new WasmTrainer(options);
    const plan = trainer.#plan(1);
    try {
      trainer.#memory = new WebAssembly.Memory({ initial: pages(plan), maximum: MOST_PAGES });
    } catch {
      throw new DeviceLostError(`The device ran out of memory: this network takes ${megabytes(plan)}.`);
    }
    trainer.#kernels = await instantiateKernels(module, trainer.#memory);
    trainer.#use(plan);
    writeState(plan, trainer.#machine!.floats, trainer.#slotNames, options.state);
    return trainer;
  }

  step(data: LabelledImages, indices: Uint32Array): void {
    const machine = this.#machineFor(indices.length);
    const labels = this.#gather(machine, data, indices);
    const { optimizer, seed } = this.#options;
    const step = this.#step;
    const pass: Pass = {
      machine,
      count: indices.length,
      training: true,
      seed: (layer) => createRandom(seed, step, layer).next() * 2 ** 32,
    };
    const sums = forward(pass, labels);
    for (const operation of machine.plan.backward) runOperation(operation, pass);
    updateWeights(machine, optimizer, step + 1);
    this.#step++;
    this.#metrics.push(metricsOf(sums, indices.length));
  }

  metrics(): Promise<StepMetrics[]> {
    const metrics = this.#metrics;
    this.#metrics = [];
    return Promise.resolve(metrics);
  }

  evaluate(data: LabelledImages, indices: Uint32Array): Promise<StepMetrics> {
    return promised(() => {
      let total: LossSums = { loss: 0, correct: 0 };
      this.#eachChunk(indices.length, (machine, start, end) => {
        const labels = this.#gather(machine, data, indices.subarray(start, end));
        const sums = forward(evaluation(machine, end - start), labels);
        total = { loss: total.loss + sums.loss, correct: total.correct + sums.correct };
      });
      return metricsOf(total, indices.length);
    });
  }

  predict(inputs: Float32Array, count: number): Promise<Float32Array> {
    return promised(() => {
      const { inputShape, outputShape } = this.#options.network;
      const [inputSize, outputSize] = [sizeOf(inputShape), sizeOf(outputShape)];
      const outputs = new Float32Array(count * outputSize);
      this.#eachChunk(count, (machine, start, end) => {
        const { plan } = machine;
        const pass = evaluation(machine, end - start);
        valuesOf(pass, plan.input).set(inputs.subarray(start * inputSize, end * inputSize));
        for (const operation of plan.forward) runOperation(operation, pass);
        const to = outputs.subarray(start * outputSize, end * outputSize);
        const values = valuesOf(pass, plan.loss.outputs);
        if (plan.loss.fromLogits) softmaxRows(values, to, plan.loss.classes);
        else to.set(values);
      });
      return outputs;
    });
  }

  state(): Promise<TrainerState> {
    return promised(() => {
      const { plan, floats } = this.#machineFor(1);
      return { step: this.#step, ...readState(plan, floats, this.#slotNames) };
    });
  }

  allocations(): number {
    return this.#memory ? 1 : 0;
  }

  dispose(): void {
    this.#memory = undefined;
    this.#kernels = undefined;
    this.#machine = undefined;
    this.#metrics = [];
  }

  #plan(batch: number): Plan {
    const { network, loss: lossName } = this.#options;
    const slots = this.#slotNames.length;
    const plan = makePlan({ network, loss: lossName, batch, slots, reserved: PRODUCT_BYTES });
    if (pages(plan) <= MOST_PAGES) return plan;
    throw new Error(
      `This network takes ${megabytes(plan)} of memory with a batch of ${batch}; WebAssembly has at most 4,096 MB. ` +
        `Make the batch or the network smaller.`,
    );
  }

  /** Takes a plan into use; the memory is large enough. */
  #use(plan: Plan): Machine {
    const { buffer } = this.#memory!;
    this.#machine = {
      plan,
      kernels: this.#kernels!,
      floats: new Float32Array(buffer),
      packed: PACKED_AT,
    };
    return this.#machine;
  }

  /** The machine for batches up to this size; the memory grows where it must. */
  #machineFor(batch: number): Machine {
    if (!this.#memory || !this.#machine) throw new Error('This trainer has been disposed of.');
    if (this.#machine.plan.batch >= batch) return this.#machine;
    const plan = this.#plan(batch);
    const missing = pages(plan) - this.#memory.buffer.byteLength / PAGE;
    try {
      if (missing > 0) this.#memory.grow(missing);
    } catch {
      throw new DeviceLostError(
        `The device ran out of memory: this network takes ${megabytes(plan)} with a batch of ${batch}.`,
      );
    }
    return this.#use(plan);
  }

  #eachChunk(count: number, run: (machine: Machine, start: number, end: number) => void): void {
    const planned = this.#machineFor(1).plan.batch;
    const chunk = Math.min(count, Math.max(planned, CHUNK));
    for (let start = 0; start < count; start += chunk)
      run(this.#machineFor(chunk), start, Math.min(count, start + chunk));
  }

  /**
   * Writes the examples at `indices`, scaled, to the input of the plan.
   * @returns their classes.
   * @throws Error where an index or the images' size does not fit: a mistake of the caller.
   */
  #gather({ plan, floats }: Machine, data: LabelledImages, indices: Uint32Array): Uint8Array {
    const size = plan.inputSize;
    if (sizeOf(data.shape) !== size) {
      const expected = formatShape(this.#options.network.inputShape);
      throw new Error(`The network takes ${expected}; the examples are ${formatShape(data.shape)}.`);
    }
    const wrong = indices.find((index) => index >= data.count);
    if (wrong !== undefined) throw new Error(`There is no example ${wrong}; there are ${data.count}.`);
    const { images, labels, scale } = data;
    let to = plan.buffers[plan.input]!.offset / 4;
    for (const index of indices)
      for (let from = index * size, end = from + size; from < end; from++)
        floats[to++] = images[from]! * scale;
    return Uint8Array.from(indices, (index) => labels[index]!);
  }
}

const pages = ({ bytes }: Plan): number => Math.ceil(bytes / PAGE);
const megabytes = ({ bytes }: Plan): string => `${Math.ceil(bytes / 2 ** 20).toLocaleString('en-US')} MB`;

/** Runs the operations forward and the loss. */
function forward(pass: Pass, labels: Uint8Array): LossSums {
  const { plan } = pass.machine;
  const operations: readonly ForwardOperation[] = plan.forward;
  for (const operation of operations) runOperation(operation, pass);
  return loss(plan.loss, pass, labels);
}

const evaluation = (machine: Machine, count: number): Pass => ({
  machine,
  count,
  training: false,
  seed: () => 0,
});

function metricsOf({ loss: sum, correct }: LossSums, examples: number): StepMetrics {
  return { examples, loss: Math.fround(sum / examples), correct };
}

/** The work is done at once; what it throws rejects the promise. */
function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}
