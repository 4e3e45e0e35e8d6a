/** A plan on a memory: where its buffers and weights are, and the kernels to run on them. */
import type { BufferId, Plan } from '../../plan/plan';
import type { Kernels } from '../module';

/** What an operation runs on. Views are of the present memory: a memory that grew needs a new machine. */
export interface Machine {
  readonly plan: Plan;
  readonly kernels: Kernels;
  readonly floats: Float32Array;
  /** Address of the block that B is packed to. */
  readonly packed: number;
}

/** What is true of one pass. */
export interface Pass {
  readonly machine: Machine;
  /** Examples in the batch. */
  readonly count: number;
  readonly training: boolean;
  /** A seed for the layer with this index at this step. */
  readonly seed: (layer: number) => number;
}

/** Address of a buffer in bytes. */
export function address({ plan }: Machine, buffer: BufferId): number {
  return plan.buffers[buffer]!.offset;
}

/** The values of a buffer for `count` examples. */
export function valuesOf({ machine, count }: Pass, buffer: BufferId): Float32Array {
  const { offset, size, shared } = machine.plan.buffers[buffer]!;
  const start = offset / 4;
  return machine.floats.subarray(start, start + size * (shared ? 1 : count));
}

/** Floats of one example in a buffer. */
export function sizeOfBuffer({ plan }: Machine, buffer: BufferId): number {
  return plan.buffers[buffer]!.size;
}

/** Address of a weight, or of its gradient, by its place in the block. */
export function weightAddress({ plan }: Machine, start: number): number {
  return plan.blocks.weights + 4 * start;
}
export function gradientAddress({ plan }: Machine, start: number): number {
  return plan.blocks.gradients + 4 * start;
}

/** A weight of `size` floats. */
export function weightValues(machine: Machine, start: number, size: number): Float32Array {
  const from = weightAddress(machine, start) / 4;
  return machine.floats.subarray(from, from + size);
}
export function gradientValues(machine: Machine, start: number, size: number): Float32Array {
  const from = gradientAddress(machine, start) / 4;
  return machine.floats.subarray(from, from + size);
}
