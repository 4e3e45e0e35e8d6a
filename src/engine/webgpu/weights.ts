/** The weights and the optimizer's slots on the device: filled from a state, read to one. */
import type { TrainerState } from '../engine';
import type { Plan, PlannedWeight } from '../plan/plan';
import { Buffers } from './buffers';
import type { ResultReader } from './results';

export class WeightBlock {
  readonly weights: GPUBuffer;
  readonly slots: readonly GPUBuffer[];
  readonly #buffers: Buffers;

  /** @param slotNames of the optimizer, in the order of `slots`. */
  constructor(
    private readonly device: GPUDevice,
    private readonly plan: Plan,
    private readonly slotNames: readonly string[],
  ) {
    this.#buffers = new Buffers(device);
    this.weights = this.#buffers.storage('weights', 4 * plan.weightSize);
    this.slots = slotNames.map((name) => this.#buffers.storage(name, 4 * plan.trainableSize));
  }

  get count(): number {
    return this.#buffers.count;
  }

  /**
   * Fills the blocks, which are zero. A slot that is missing or of another size starts at zero.
   * @throws Error where a weight is missing or of another size: a mistake of the caller.
   */
  write({ weights, slots }: TrainerState): void {
    for (const { key, size, start, trainable } of this.plan.weights) {
      const values = weights[key];
      if (values?.length !== size)
        throw new Error(`The weight ${key} takes ${size} values; ${values?.length ?? 'none'} came.`);
      this.device.queue.writeBuffer(this.weights, 4 * start, values);
      if (!trainable) continue;
      this.slotNames.forEach((name, i) => {
        const slot = slots[`${name}:${key}`];
        if (slot?.length === size) this.device.queue.writeBuffer(this.slots[i]!, 4 * start, slot);
      });
    }
  }

  /** Copies of all weights and slots as they are after everything that was submitted. */
  async read(reader: ResultReader): Promise<Pick<TrainerState, 'weights' | 'slots'>> {
    const { plan, slotNames } = this;
    const encoder = this.device.createCommandEncoder();
    const blocks = [
      { from: this.weights, bytes: 4 * plan.weightSize },
      ...this.slots.map((from) => ({ from, bytes: 4 * plan.trainableSize })),
    ].filter(({ bytes }) => bytes > 0);
    const staged = blocks.map(({ from, bytes }) => ({ bytes, staging: reader.stage(encoder, from, bytes) }));
    this.device.queue.submit([encoder.finish()]);
    const cut = (values: Float32Array, { start, size }: PlannedWeight) => values.slice(start, start + size);
    const weights: Record<string, Float32Array> = {};
    const slots: Record<string, Float32Array> = {};
    await Promise.all(
      staged.map(({ staging, bytes }, block) =>
        reader.read(staging, bytes, (values) => {
          for (const weight of plan.weights) {
            if (block === 0) weights[weight.key] = cut(values, weight);
            else if (weight.trainable) slots[`${slotNames[block - 1]}:${weight.key}`] = cut(values, weight);
          }
        }),
      ),
    );
    return { weights, slots };
  }

  destroy(): void {
    this.#buffers.destroy();
  }
}
