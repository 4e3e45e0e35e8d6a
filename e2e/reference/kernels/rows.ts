/** Products of rows of numbers, the only arithmetic whose speed matters here. */

/** The sum of the products of `length` pairs; as four sums, which need not wait for each other. */
export function dot(
  weights: Float32Array,
  fromWeight: number,
  values: Float64Array,
  from: number,
  length: number,
): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let at = 0;
  for (; at + 3 < length; at += 4) {
    sum0 += weights[fromWeight + at]! * values[from + at]!;
    sum1 += weights[fromWeight + at + 1]! * values[from + at + 1]!;
    sum2 += weights[fromWeight + at + 2]! * values[from + at + 2]!;
    sum3 += weights[fromWeight + at + 3]! * values[from + at + 3]!;
  }
  for (; at < length; at++) sum0 += weights[fromWeight + at]! * values[from + at]!;
  return sum0 + sum1 + (sum2 + sum3);
}

/** Adds `factor` times a row to a row. Gradients are often 0, of which nothing comes. */
export function addRow(
  to: Float64Array,
  fromTo: number,
  factor: number,
  row: Float32Array | Float64Array,
  fromRow: number,
  length: number,
): void {
  if (factor === 0) return;
  for (let at = 0; at < length; at++) to[fromTo + at]! += factor * row[fromRow + at]!;
}
