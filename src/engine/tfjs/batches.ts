/** Gathers examples into tensors: bytes to scaled floats, for one batch at a time. */
import * as core from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { formatShape, sizeOf, type Shape } from '../../core/shape';
import type { LabelledImages } from '../../datasets/defineDataset';

/** How many examples are computed at once when nothing is trained. */
export const CHUNK = 250;

export interface Batch {
  /** `[batch, ...shape]`. */
  readonly inputs: Tensor;
  /** `[batch]`, int32. */
  readonly labels: Tensor1D;
}

/**
 * The examples at `indices`. The caller disposes of both tensors.
 * @throws Error where an index or the images' size does not fit: a mistake of the caller.
 */
export function gatherBatch(data: LabelledImages, indices: Uint32Array, shape: Shape): Batch {
  const size = sizeOf(shape);
  if (sizeOf(data.shape) !== size)
    throw new Error(`The network takes ${formatShape(shape)}; the examples are ${formatShape(data.shape)}.`);
  const values = new Float32Array(indices.length * size);
  const labels = new Int32Array(indices.length);
  let to = 0;
  indices.forEach((index, i) => {
    if (index >= data.count) throw new Error(`There is no example ${index}; there are ${data.count}.`);
    labels[i] = data.labels[index]!;
    const from = index * size;
    for (let j = 0; j < size; j++) values[to++] = data.images[from + j]! * data.scale;
  });
  return { inputs: core.tensor(values, [indices.length, ...shape]), labels: core.tensor1d(labels, 'int32') };
}

/** `[0, CHUNK), [CHUNK, 2·CHUNK) …` up to `count`, as start and end. */
export function chunks(count: number): readonly (readonly [start: number, end: number])[] {
  return Array.from({ length: Math.ceil(count / CHUNK) }, (_, i) => [
    i * CHUNK,
    Math.min(count, (i + 1) * CHUNK),
  ]);
}
