/** Gradients of a convolution's kernel and bias: sums for each chunk of the batch, and what puts them together. */
import type { ConvolutionShape } from '../../plan/plan';
import { geometryOf } from '../kernels/geometry';
import { PANEL } from '../kernels/tile';
import type { Machine, Pass } from './machine';
import type { Context } from './part';

/** The panels of a kernel, by their number. */
export function panelsOf(shape: ConvolutionShape) {
  const { groups, columns, rows } = geometryOf(shape);
  const each = Math.ceil(columns / PANEL);
  return {
    count: groups * each,
    /** Floats of one. */
    size: rows * PANEL,
    /** Group, first filter in it, and filters. */
    at: (panel: number) => {
      const first = (panel % each) * PANEL;
      return { group: Math.floor(panel / each), first, width: Math.min(PANEL, columns - first) };
    },
    columns,
  };
}

/** Bytes of the sums of one chunk: those of the kernel, and those of the bias. */
export interface Sums {
  readonly at: number;
  readonly kernelBytes: number;
  readonly bytes: number;
}

/** Of a frozen layer. */
export const noSums: Sums = { at: 0, kernelBytes: 0, bytes: 0 };

/** Room for the sums of every chunk. */
export function reserveSums({ reserve, chunks }: Context, kernelFloats: number, biasFloats: number): Sums {
  const [kernelBytes, bytes] = [4 * kernelFloats, 4 * (kernelFloats + Math.ceil(biasFloats / 4) * 4)];
  return { at: reserve(chunks * bytes), kernelBytes, bytes };
}

/** Zeros a chunk's sums. @returns where they begin. */
export function begin({ floats }: Machine, { at, bytes }: Sums, chunk: number): number {
  const start = at + chunk * bytes;
  floats.fill(0, start / 4, (start + bytes) / 4);
  return start;
}

/** Puts `count` floats of all chunks together at `to`. */
export function putTogether(
  machine: Machine,
  { chunks }: Pass,
  sums: Sums,
  offset: number,
  count: number,
  to: number,
) {
  machine.kernels['sumParts']!(count, sums.at + offset, sums.bytes, chunks, to);
}
