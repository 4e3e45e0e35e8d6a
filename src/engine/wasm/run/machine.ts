/** A plan on a memory as one thread sees it: where its buffers and weights are, and the kernels to run on them. */
import type { BufferId, Plan } from '../../plan/plan';

/** Each takes what its definition in `kernels/` says. Addresses and strides are bytes. */
export type Kernels = Readonly<Record<string, (...parameters: number[]) => void>>;

export interface Machine {
  readonly plan: Plan;
  readonly kernels: Kernels;
  readonly floats: Float32Array;
  readonly integers: Int32Array;
  /** Address of the part of the memory that is this thread's own. */
  readonly scratch: number;
  /** Addresses of what comes in and goes out: bytes of the images, their classes, and two floats an example. */
  readonly images: number;
  readonly labels: number;
  readonly results: number;
}

/** What is true of one pass over a batch. */
export interface Pass {
  /** Examples in the batch. */
  readonly count: number;
  /** Parts that the batch is cut into; see `Program.chunks`. */
  readonly chunks: number;
  readonly training: boolean;
  /** Of one byte of the images. */
  readonly scale: number;
  /** What the optimizer's update takes. */
  readonly scalars: readonly number[];
  /** A seed for an example of the batch in the layer with this index. */
  readonly seed: (layer: number, example: number) => number;
}

/** Address of a buffer's values for the example `from`. */
export function address({ plan }: Machine, buffer: BufferId, from = 0): number {
  const { offset, size, shared } = plan.buffers[buffer]!;
  return offset + (shared ? 0 : 4 * size * from);
}

/** The values of a buffer for the examples `from`..`to`. */
export function valuesOf(machine: Machine, buffer: BufferId, from: number, to: number): Float32Array {
  const start = address(machine, buffer, from) / 4;
  return machine.floats.subarray(start, start + sizeOfBuffer(machine, buffer) * (to - from));
}

/** Floats of one example in a buffer. */
export function sizeOfBuffer({ plan }: Machine, buffer: BufferId): number {
  return plan.buffers[buffer]!.size;
}

/** Addresses of a weight and of its slots by its place in the block; 0 where there is no weight, or no such slot. */
export function weightPlaces(
  { plan }: Machine,
  start: number | undefined,
): readonly [number, number, number] {
  const { weights, slots } = plan.blocks;
  if (start === undefined) return [0, 0, 0];
  const slot = (i: number): number => (slots[i] === undefined ? 0 : slots[i] + 4 * start);
  return [weights + 4 * start, slot(0), slot(1)];
}

export const weightAddress = (machine: Machine, start: number | undefined): number =>
  weightPlaces(machine, start)[0];
