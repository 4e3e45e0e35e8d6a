/**
 * One network in training on the WebAssembly kernels. All it has lies in one memory; where a larger batch comes than was
 * announced, it moves to a larger one.
 */
import { formatShape, sizeOf } from '../../core/shape';
import type { LabelledImages } from '../../datasets/defineDataset';
import {
  DeviceLostError,
  type StepMetrics,
  type Trainer,
  type TrainerOptions,
  type TrainerState,
} from '../engine';
import { WeightBlocks } from './layout';
import { allocate, instantiateKernels, layOut, machineOf, type Layout } from './memory';
import type { Planner } from './planning';
import type { Program, ProgramOptions, Purpose } from './program';
import { softmaxRows } from './run/softmax';
import { valuesOf, type Machine } from './run/machine';
import { passOf, type PassSettings } from './run/pass';
import { runStages } from './run/runStages';
import { command, type Opening, type ThreadPool } from './threads/pool';
import { alone, control, ThreadLostError, together, type Sync } from './threads/sync';

/** Examples that are computed at once at least, where memory allows it: fewer would leave threads idle. */
const CHUNK = 32;

/** What a trainer gets from its engine. */
export interface Compiled {
  readonly options: ProgramOptions;
  readonly planner: Planner;
  readonly program: Program;
  readonly module: WebAssembly.Module;
  /** Missing: one thread. */
  readonly pool?: ThreadPool;
  /** Called when the trainer has given everything back. */
  readonly onDispose: (trainer: Trainer) => void;
}

/** A memory in use. */
interface Place {
  readonly layout: Layout;
  readonly machine: Machine;
  readonly opening: Opening;
  readonly sync: Sync;
}

export class WasmTrainer implements Trainer {
  readonly #options: Omit<TrainerOptions, 'state'>;
  readonly #compiled: Compiled;
  readonly #blocks: WeightBlocks;
  readonly #settings: PassSettings;
  #place: Place | undefined;
  #step: number;
  #metrics: StepMetrics[] = [];

  /**
   * Makes a trainer and its memory.
   * @throws Error where a weight does not fit, or the network is larger than a memory can be.
   * @throws DeviceLostError where the device has not so much memory left.
   */
  constructor({ state, ...options }: TrainerOptions, compiled: Compiled) {
    const { network, optimizer, seed, batchSize = 1 } = options;
    this.#options = options;
    this.#compiled = compiled;
    this.#blocks = new WeightBlocks(network);
    this.#settings = { optimizer, seed, chunks: compiled.program.chunks };
    this.#step = state.step;
    try {
      // Evaluation takes more examples at once than a small batch has.
      this.#move(options.batchSize === undefined ? 1 : Math.max(batchSize, CHUNK), state);
    } catch (error) {
      if (batchSize >= CHUNK) throw error;
      this.#move(batchSize, state);
    }
  }

  step(data: LabelledImages, indices: Uint32Array): void {
    const place = this.#placeFor(indices.length);
    this.#gather(place, data, indices);
    this.#run(place, 'train', indices.length, data.scale);
    this.#step++;
    this.#metrics.push(metricsOf(place, indices.length));
  }

  metrics(): Promise<StepMetrics[]> {
    const metrics = this.#metrics;
    this.#metrics = [];
    return Promise.resolve(metrics);
  }

  evaluate(data: LabelledImages, indices: Uint32Array): Promise<StepMetrics> {
    return promised(() => {
      let [loss, correct] = [0, 0];
      this.#eachChunk(indices.length, (place, start, end) => {
        this.#gather(place, data, indices.subarray(start, end));
        this.#run(place, 'evaluate', end - start, data.scale);
        const metrics = metricsOf(place, end - start);
        loss += metrics.loss * metrics.examples;
        correct += metrics.correct;
      });
      return { examples: indices.length, loss: loss / indices.length, correct };
    });
  }

  predict(inputs: Float32Array, count: number): Promise<Float32Array> {
    return promised(() => {
      const { inputShape, outputShape } = this.#options.network;
      const [inputSize, outputSize] = [sizeOf(inputShape), sizeOf(outputShape)];
      const outputs = new Float32Array(count * outputSize);
      this.#eachChunk(count, (place, start, end) => {
        const { machine } = place;
        const { loss, input } = machine.plan;
        valuesOf(machine, input, 0, end - start).set(inputs.subarray(start * inputSize, end * inputSize));
        this.#run(place, 'predict', end - start, 1);
        const to = outputs.subarray(start * outputSize, end * outputSize);
        const values = valuesOf(machine, loss.outputs, 0, end - start);
        if (loss.fromLogits) softmaxRows(values, to, loss.classes);
        else to.set(values);
      });
      return outputs;
    });
  }

  state(): Promise<TrainerState> {
    return promised(() => this.#state());
  }

  allocations(): number {
    return this.#place ? 1 : 0;
  }

  dispose(): void {
    if (this.#place) this.#compiled.pool?.release(this.#place.opening);
    this.#place = undefined;
    this.#metrics = [];
    this.#compiled.onDispose(this);
  }

  #state(): TrainerState {
    const { plan, floats } = this.#placeFor(1).machine;
    return { step: this.#step, ...this.#blocks.read(plan, floats, this.#compiled.program.slots) };
  }

  /** Takes a memory for batches of this size into use. */
  #move(batch: number, state: TrainerState): Place {
    const { options, planner, program, module, pool } = this.#compiled;
    const threads = pool?.threads ?? 1;
    const layout = layOut(program, planner, batch, threads);
    const memory = allocate(layout, pool !== undefined);
    const machine = machineOf(layout, memory, instantiateKernels(module, memory), 0);
    this.#blocks.write(layout.plan, machine.floats, program.slots, state);
    const pass = passOf(this.#settings, { count: 1, step: 0, scale: 1, training: false });
    runStages(program.stages.refresh, machine, pass, alone());
    const opening = { options, seed: this.#options.seed, module, memory, layout };
    const sync = pool ? together(machine.integers, threads) : alone();
    if (this.#place) pool?.release(this.#place.opening);
    return (this.#place = { layout, machine, opening, sync });
  }

  /** The memory for batches up to this size. */
  #placeFor(batch: number): Place {
    if (!this.#place) throw new Error('This trainer has been disposed of.');
    if (this.#place.layout.plan.batch >= batch) return this.#place;
    return this.#move(batch, this.#state());
  }

  #run({ machine, opening, sync }: Place, purpose: Purpose, count: number, scale: number): void {
    const { program, pool } = this.#compiled;
    const { integers, floats } = machine;
    const step = this.#step;
    if (pool) {
      if (pool.fault !== undefined) throw new DeviceLostError(pool.fault);
      pool.open(opening);
      integers[control.count] = count;
      integers[control.step] = step;
      floats[control.scale] = scale;
      integers.fill(0, control.claims, control.claims + program.stages[purpose].length);
      command(integers, purpose);
    }
    const pass = passOf(this.#settings, { count, step, scale, training: purpose === 'train' });
    try {
      runStages(program.stages[purpose], machine, pass, sync);
    } catch (error) {
      throw error instanceof ThreadLostError ? new DeviceLostError(error.message) : error;
    }
  }

  #eachChunk(count: number, run: (place: Place, start: number, end: number) => void): void {
    const planned = this.#placeFor(1).layout.plan.batch;
    const chunk = Math.min(count, this.#options.batchSize === undefined ? Math.max(planned, CHUNK) : planned);
    for (let start = 0; start < count; start += chunk)
      run(this.#placeFor(chunk), start, Math.min(count, start + chunk));
  }

  /**
   * Copies the bytes and the classes of the examples at `indices` to the memory.
   * @throws Error where an index or the images' size does not fit: a mistake of the caller.
   */
  #gather({ machine, layout }: Place, data: LabelledImages, indices: Uint32Array): void {
    const size = layout.plan.inputSize;
    if (sizeOf(data.shape) !== size) {
      const expected = formatShape(this.#options.network.inputShape);
      throw new Error(`The network takes ${expected}; the examples are ${formatShape(data.shape)}.`);
    }
    const wrong = indices.find((index) => index >= data.count);
    if (wrong !== undefined) throw new Error(`There is no example ${wrong}; there are ${data.count}.`);
    const { images, labels } = data;
    const bytes = new Uint8Array(machine.floats.buffer);
    indices.forEach((index, i) => {
      bytes.set(images.subarray(index * size, (index + 1) * size), layout.images + i * size);
      machine.integers[layout.labels / 4 + i] = labels[index]!;
    });
  }
}

/** Sums of what the pass wrote for each example, in their order. */
function metricsOf({ machine, layout }: Place, examples: number): StepMetrics {
  const results = machine.floats.subarray(layout.results / 4, layout.results / 4 + 2 * examples);
  let [loss, correct] = [0, 0];
  for (let i = 0; i < results.length; i += 2) {
    loss += results[i]!;
    correct += results[i + 1]!;
  }
  return { examples, loss: Math.fround(loss / examples), correct };
}

/** The work is done at once; what it throws rejects the promise. */
function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}
