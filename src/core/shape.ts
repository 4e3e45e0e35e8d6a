/**
 * Shapes of one example, without the batch dimension: `[height, width, channels]` or `[features]`.
 * Channels come last, as in Keras and TensorFlow.js; Core ML's channels-first order lives in the exporter.
 */
export type Shape = readonly number[];

/** Reads "26×26×32" for `[26, 26, 32]` and "500" for `[500]`. */
export function formatShape(shape: Shape): string {
  return shape.join('×');
}

/** Number of values in one example of this shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, n) => product * n, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/**
 * Whether examples of one shape can feed an input of another: one of the same shape, or a vector of as many values, which
 * takes an image row by row with its channels side by side.
 */
export function feeds(examples: Shape, input: Shape): boolean {
  return sameShape(examples, input) || (input.length === 1 && input[0] === sizeOf(examples));
}
