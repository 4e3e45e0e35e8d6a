/**
 * What the `read` facets share. A file may lack every part of a message, and its numbers may be any: nothing here throws,
 * and what comes back is a sentence where a number is not what it must be.
 */
import type { WeightParams } from '../coreml/messages';
import type { CoreMLRead } from './defineLayer';

/** Two numbers of a list, height and width; an empty list stands for `plain`, as Core ML takes it. */
export function readPair(
  values: readonly number[] | undefined,
  what: string,
  plain: readonly [number, number],
): readonly number[] | string {
  if (values === undefined || values.length === 0) return plain;
  return values.length === 2
    ? [...values]
    : `Its ${what} takes two numbers, height and width; it has ${values.length}.`;
}

/** The numbers of a weight, of which there must be `count`: 32-bit floats. */
export function readFloats(
  weights: WeightParams | undefined,
  count: number,
  what: string,
): Float32Array | string {
  const values = weights?.floatValue;
  const expected = count.toLocaleString('en-US');
  if (count > 0 && values?.length === count) return values;
  return `Its ${what} takes ${expected} numbers of 32 bits; it has ${(values?.length ?? 0).toLocaleString('en-US')}.`;
}

/** The bias of a layer that says whether it has one; undefined where it has none. */
export function readBias({
  hasBias,
  bias,
  outputChannels,
}: {
  readonly hasBias: boolean;
  readonly bias?: WeightParams;
  readonly outputChannels: number;
}): Float32Array | string | undefined {
  return hasBias ? readFloats(bias, outputChannels, 'bias') : undefined;
}

/** A layer without parameters and weights. */
export const plainRead: CoreMLRead = { params: {}, weights: {} };

/** A list of whole numbers, whatever the file has in its place: not a list, an empty one. */
export function readNumbers(values: unknown): readonly number[] {
  return Array.isArray(values) && values.every(Number.isInteger) ? (values as readonly number[]) : [];
}
