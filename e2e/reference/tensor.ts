/**
 * A value in the reference: numbers as doubles, channels first, as Core ML lays them out. Always three axes; a vector of
 * C numbers is C x 1 x 1. Not a tensor library.
 */

export interface Shape {
  channels: number;
  height: number;
  width: number;
}

export interface Tensor extends Shape {
  /** Element (c, h, w) at `(c * height + h) * width + w`. */
  data: Float64Array;
}

/** How many numbers a shape holds. */
export function sizeOf(shape: Shape): number {
  return shape.channels * shape.height * shape.width;
}

/** A tensor of zeros. */
export function zeros(shape: Shape): Tensor {
  const { channels, height, width } = shape;
  return { channels, height, width, data: new Float64Array(sizeOf(shape)) };
}

/** The shape in words, `C x H x W`. */
export function describeShape(shape: Shape): string {
  return `${shape.channels} x ${shape.height} x ${shape.width}`;
}

/** Whether two shapes agree on all three axes. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.channels === b.channels && a.height === b.height && a.width === b.width;
}

/**
 * The three axes of the shape of a multi-array: `[C]` or `[C, H, W]`.
 * @returns undefined for any other rank or a size below 1
 */
export function shapeOfArray(shape: readonly number[]): Shape | undefined {
  if (shape.length !== 1 && shape.length !== 3) return undefined;
  if (shape.some((size) => !Number.isInteger(size) || size < 1)) return undefined;
  const [channels = 1, height = 1, width = 1] = shape;
  return { channels, height, width };
}
