/**
 * What a kernel is before there is a device: its WGSL text, what it binds, and how many workgroups run it. Plain data, so
 * that all of it is made and tested without a graphics processor.
 */
import type { BufferId } from '../../plan/plan';

/** Threads of every workgroup: two SIMD groups of 32. */
export const THREADS = 64;
/** What WebGPU allows in one dimension of a dispatch. */
export const MOST_WORKGROUPS = 65_535;

/** What a kernel binds. Starts and sizes are in floats. */
export type Resource =
  /** A value of the plan. */
  | { readonly type: 'buffer'; readonly id: BufferId }
  /** A part of the weights or of one of the optimizer's slots. */
  | { readonly type: 'weights'; readonly start: number; readonly size: number }
  | { readonly type: 'slot'; readonly slot: number; readonly start: number; readonly size: number }
  /** A part of the weights' gradients, before they are summed. */
  | { readonly type: 'gradients'; readonly start: number; readonly size: number }
  /** Where an operation keeps what only it needs. */
  | { readonly type: 'scratch' }
  /** Of the batch: each example's class; its loss and whether it is right. */
  | { readonly type: 'labels' | 'results' }
  /** Rows of the table that says where the gradients of each page of weights lie. */
  | { readonly type: 'pages'; readonly start: number; readonly size: number }
  /** Which examples are in the batch, and the data set they are in. */
  | { readonly type: 'indices' | 'images' | 'classes' };

export interface Binding {
  readonly resource: Resource;
  readonly element: 'f32' | 'u32' | 'vec2f' | 'vec4f' | 'vec4u';
  readonly writes: boolean;
}
/** By the name of the variable in the text. */
export type Bindings = Readonly<Record<string, Binding>>;

export interface Kernel {
  readonly name: string;
  readonly bindings: Bindings;
  /** Module-scope WGSL: the entry point `main` and what it calls. */
  readonly code: string;
  /** Workgroups for a batch of this many examples. */
  readonly workgroups: (count: number) => number;
}

/** Numbers that are known but for the size of the batch: rows of a matrix, elements of a buffer. */
export interface Extent {
  readonly size: number;
  /** `size` is of each example. */
  readonly perExample: boolean;
}
export const fixed = (size: number): Extent => ({ size, perExample: false });
export const perExample = (size: number): Extent => ({ size, perExample: true });
export const extentOf = ({ size, perExample: each }: Extent, count: number): number =>
  each ? size * count : size;

const bind = (resource: Resource, element: Binding['element'], writes = false): Binding => ({
  resource,
  element,
  writes,
});
/** Bindings of values of the plan. */
export const reads = (id: BufferId): Binding => bind({ type: 'buffer', id }, 'f32');
export const writes = (id: BufferId): Binding => bind({ type: 'buffer', id }, 'f32', true);
export const positionsOf = (id: BufferId, written = false): Binding =>
  bind({ type: 'buffer', id }, 'u32', written);
/** A weight by its place in the block. */
export const weightAt = (start: number, size: number, written = false): Binding =>
  bind({ type: 'weights', start, size }, 'f32', written);
export const gradientsAt = (start: number, size: number): Binding =>
  bind({ type: 'gradients', start, size }, 'f32', true);
export const scratch = (written: boolean): Binding => bind({ type: 'scratch' }, 'f32', written);
export const batchBinding = (
  type: Extract<Resource, { type: 'labels' | 'results' | 'indices' | 'images' | 'classes' }>['type'],
  element: Binding['element'],
  written = false,
): Binding => bind({ type }, element, written);
