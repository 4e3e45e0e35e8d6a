/**
 * One network in training on TensorFlow.js, on whichever backend is active. The gradients are TensorFlow.js's; the step
 * around them is our own (not `model.fit`), so that its state can be taken out and put back exactly.
 */
import * as core from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../datasets/defineDataset';
import type { StepMetrics, Trainer, TrainerOptions, TrainerState } from '../engine';
import { chunks, gatherBatch, type Batch } from './batches';
import { countCorrect, lossPerExample } from './losses';
import { buildModel, dropoutSeed, type Model } from './model';
import { createOptimizer, type Optimizer } from './optimizers';
import type { DeviceWatch } from '../watch';

/** `[loss, correct]` of some examples, still on the device. */
interface Pending {
  readonly examples: number;
  readonly values: Tensor;
}

export class TfjsTrainer implements Trainer {
  readonly #options: TrainerOptions;
  readonly #watch: DeviceWatch;
  readonly #tensorsBefore = core.engine().state.numTensors;
  readonly #model: Model;
  readonly #optimizer: Optimizer;
  #step: number;
  #pending: Pending[] = [];
  #disposed = false;

  constructor(options: TrainerOptions, watch: DeviceWatch) {
    const { network, state, seed, optimizer } = options;
    this.#options = options;
    this.#watch = watch;
    this.#step = state.step;
    this.#model = buildModel(network, state.weights, (layer) => dropoutSeed(seed, this.#step, layer));
    this.#optimizer = createOptimizer(optimizer, this.#model.weights, state.slots);
  }

  step(data: LabelledImages, indices: Uint32Array): void {
    const values = this.#run(() => {
      const batch = gatherBatch(data, indices, this.#options.network.inputShape);
      const { loss, correct, gradients } = this.#gradients(batch);
      this.#optimizer.apply(this.#step + 1, gradients);
      return core.stack([loss, correct]);
    });
    this.#step++;
    this.#pending.push({ examples: indices.length, values });
  }

  async metrics(): Promise<StepMetrics[]> {
    this.#watch.check();
    const pending = this.#pending;
    this.#pending = [];
    const values = await this.#read(pending);
    return pending.map(({ examples }, i) => ({
      examples,
      loss: values[2 * i]!,
      correct: values[2 * i + 1]!,
    }));
  }

  async evaluate(data: LabelledImages, indices: Uint32Array): Promise<StepMetrics> {
    const { network } = this.#options;
    const pending = chunks(indices.length).map(([start, end]): Pending => {
      const values = this.#run(() => {
        const { inputs, labels } = gatherBatch(data, indices.subarray(start, end), network.inputShape);
        const outputs = this.#model.forward(inputs, false);
        return core.stack([core.sum(this.#losses(outputs, labels)), countCorrect(outputs, labels)]);
      });
      return { examples: end - start, values };
    });
    const values = await this.#read(pending);
    const sum = (offset: number): number =>
      pending.reduce((total, _, i) => total + values[2 * i + offset]!, 0);
    return { examples: indices.length, loss: sum(0) / indices.length, correct: sum(1) };
  }

  async predict(inputs: Float32Array, count: number): Promise<Float32Array> {
    const { inputShape } = this.#options.network;
    const size = inputs.length / count;
    const parts = chunks(count).map(([start, end]) =>
      this.#run(() => {
        const part = core.tensor(inputs.slice(start * size, end * size), [end - start, ...inputShape]);
        const outputs = this.#model.forward(part, false);
        return core.reshape(this.#model.endsInSoftmax ? core.softmax(outputs) : outputs, [-1]);
      }),
    );
    return this.#download(this.#replace(parts, () => core.concat(parts)));
  }

  async state(): Promise<TrainerState> {
    // Read from copies that share the memory: steps taken meanwhile give the variables new memory.
    const copies = this.#run(() => ({
      weights: this.#model.weights.map(({ key, variable }) => [key, variable.clone()] as const),
      slots: [...this.#optimizer.slots].map(([key, slot]) => [key, slot.clone()] as const),
    }));
    const step = this.#step;
    const read = async (entries: readonly (readonly [string, Tensor])[]) =>
      Object.fromEntries(
        await Promise.all(entries.map(async ([key, tensor]) => [key, await this.#download(tensor)] as const)),
      );
    const [weights, slots] = await Promise.all([read(copies.weights), read(copies.slots)]);
    return { step, weights, slots };
  }

  allocations(): number {
    return core.engine().state.numTensors - this.#tensorsBefore;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    core.dispose(this.#pending.map(({ values }) => values));
    this.#pending = [];
    this.#optimizer.dispose();
    this.#model.dispose();
  }

  #losses(outputs: Tensor, labels: Batch['labels']): Tensor {
    return lossPerExample(this.#options.loss, outputs, labels, this.#model.endsInSoftmax);
  }

  /** Mean loss, count of correct ones, and the gradient of the mean loss by the weights' keys. Within a tidy. */
  #gradients({ inputs, labels }: Batch) {
    const trainable = this.#model.weights.filter((weight) => weight.trainable);
    let correct: Tensor | undefined;
    const forward = (): Scalar => {
      const outputs = this.#model.forward(inputs, true);
      correct = core.keep(countCorrect(outputs, labels));
      return core.mean(this.#losses(outputs, labels));
    };
    try {
      const { value: loss, grads } =
        trainable.length > 0
          ? core.variableGrads(
              forward,
              trainable.map(({ variable }) => variable),
            )
          : { value: forward(), grads: {} };
      const gradients = new Map<string, Tensor>();
      for (const { key, variable } of trainable) {
        const gradient = grads[variable.name] as Tensor | null | undefined;
        if (gradient) gradients.set(key, gradient);
      }
      return { loss, correct: correct!.clone(), gradients };
    } finally {
      correct?.dispose();
    }
  }

  /** Runs `work` in a tidy; when it throws, what TensorFlow.js had saved for the backward pass goes too. */
  #run<T extends core.TensorContainer>(work: () => T): T {
    if (this.#disposed) throw new Error('This trainer has been disposed of.');
    return this.#watch.run(() => {
      try {
        return core.tidy(work);
      } catch (error) {
        for (const node of core.engine().state.activeTape ?? [])
          core.dispose((node.saved ?? []).filter((tensor) => !tensor.isDisposed));
        core.engine().state.activeTape = [];
        throw error;
      }
    });
  }

  /** What `join` makes of `parts`, which are disposed of. */
  #replace(parts: readonly Tensor[], join: () => Tensor): Tensor {
    try {
      return this.#run(join);
    } finally {
      core.dispose([...parts]);
    }
  }

  /** All pending values in one transfer, two for each. */
  async #read(pending: readonly Pending[]): Promise<Float32Array> {
    const parts = pending.map(({ values }) => values);
    if (parts.length === 0) return new Float32Array();
    return this.#download(this.#replace(parts, () => core.concat(parts)));
  }

  async #download(tensor: Tensor): Promise<Float32Array> {
    try {
      // Copied: the CPU backend hands out its own memory.
      return Float32Array.from(await this.#watch.race(tensor.data<'float32'>()));
    } finally {
      tensor.dispose();
    }
  }
}
