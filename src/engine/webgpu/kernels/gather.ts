/** Gathers a batch from a data set that lies on the device as bytes: scales each byte, and keeps the examples' classes. */
import type { BufferId } from '../../plan/plan';
import { batchBinding, perExample, writes, type Kernel } from './kernel';
import { elementKernel, real } from './text';

/** A part of a data set that one binding reaches. */
export interface ImagesPart {
  /** Its first example, and how many it has. */
  readonly first: number;
  readonly count: number;
  /** Bytes of an example. */
  readonly size: number;
  readonly scale: number;
}

/** Writes what of the batch lies in this part to the network's input. */
export function gatherKernel({ first, count, size, scale }: ImagesPart, input: BufferId): Kernel {
  const bindings = {
    indices: batchBinding('indices', 'u32'),
    images: batchBinding('images', 'u32'),
    classes: batchBinding('classes', 'u32'),
    labels: batchBinding('labels', 'u32', true),
    values: writes(input),
  };
  const body = `  let row = i / ${size}u;
  let example = indices[step.first + row] - ${first}u;
  if (example >= ${count}u) { return; }
  let at = example * ${size}u + i % ${size}u;
  values[i] = f32(byte_of(images[at / 4u], at)) * ${real(scale)};
  if (i % ${size}u == 0u) { labels[row] = byte_of(classes[example / 4u], example); }`;
  const byteOf = 'fn byte_of(word: u32, at: u32) -> u32 { return (word >> (8u * (at % 4u))) & 255u; }';
  return elementKernel('gather', perExample(size), bindings, body, byteOf);
}
