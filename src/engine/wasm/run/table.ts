/** Rows of values for each channel that an operation keeps outside the plan, filled up to whole vectors. */
import type { Machine } from './machine';
import type { Context } from './part';

export interface Table {
  /** Bytes from one row to the next. */
  readonly bytes: number;
  readonly at: (row: number) => number;
  readonly values: (machine: Machine, row: number) => Float32Array;
}

export function table({ reserve }: Context, channels: number, rows: number): Table {
  const bytes = 16 * Math.ceil(channels / 4);
  const start = reserve(rows * bytes);
  return {
    bytes,
    at: (row) => start + row * bytes,
    values: ({ floats }, row) =>
      floats.subarray((start + row * bytes) / 4, (start + row * bytes) / 4 + channels),
  };
}
