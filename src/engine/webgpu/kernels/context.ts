/** What kernels are made in: the plan, the device they are for, and what they reserve besides the plan's buffers. */
import type { BackwardOperation, BufferId, ForwardOperation, Plan } from '../../plan/plan';
import { gradientsAt, perExample, type Binding, type Extent } from './kernel';
import type { DeviceModel } from './tile';

/** Floats that every weight's place is a multiple of: 256 bytes, at which every device lets a binding begin. */
export const PAGE = 64;
export const paged = (floats: number): number => Math.ceil(floats / PAGE) * PAGE;

/** Where the gradient of a weight lies until the update: `splits` partial sums, `stride` floats apart. In floats. */
export interface WeightGradient {
  /** The weight's place in the block. */
  readonly weight: number;
  readonly size: number;
  readonly start: number;
  readonly stride: number;
  readonly splits: number;
}

export class KernelContext {
  readonly #gradients: WeightGradient[] = [];
  #gradientSize = 0;
  #scratchSize = 1;

  constructor(
    readonly plan: Plan,
    readonly model: DeviceModel,
  ) {}

  /** Of all weights so far, in the order of the operations, which is that of the weights backwards. */
  get gradients(): readonly WeightGradient[] {
    return this.#gradients;
  }
  /** Floats of all gradients, and of the largest scratch. */
  get gradientSize(): number {
    return this.#gradientSize;
  }
  get scratchSize(): number {
    return this.#scratchSize;
  }

  /** Reserves a place for the gradient of the weight at `weight` in the block. */
  gradient(weight: number, size: number, splits: number): WeightGradient {
    const made = { weight, size, splits, start: this.#gradientSize, stride: paged(size) };
    this.#gradients.push(made);
    this.#gradientSize += made.stride * splits;
    return made;
  }

  /** Reserves floats that one operation keeps between its kernels. */
  reserveScratch(floats: number): void {
    this.#scratchSize = Math.max(this.#scratchSize, floats);
  }

  /** All values of a buffer. */
  extent(id: BufferId): Extent {
    return perExample(this.plan.buffers[id]!.size);
  }
}

export type Forward<T> = Extract<ForwardOperation, { type: T }>;
export type Backward<T> = Extract<BackwardOperation, { type: T }>;

/** The gradients of the last `count` weights that were reserved, which lie side by side. */
export function partialsOf({ gradients }: KernelContext, count: number): Binding {
  const last = gradients.slice(-count);
  return gradientsAt(
    last[0]!.start,
    last.reduce((sum, { stride, splits }) => sum + stride * splits, 0),
  );
}
