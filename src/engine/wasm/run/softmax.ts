/** Softmax over rows, and its gradient. Plain loops: outputs are few. */

/** Softmax of each row of `columns`, shifted by its largest value. `to` may be `from`. */
export function softmaxRows(from: Float32Array, to: Float32Array, columns: number): void {
  for (let row = 0; row < from.length; row += columns) {
    let max = from[row]!;
    for (let i = 1; i < columns; i++) max = Math.max(max, from[row + i]!);
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += Math.exp(from[row + i]! - max);
    for (let i = 0; i < columns; i++) to[row + i] = Math.exp(from[row + i]! - max) / sum;
  }
}

/** Gradients before softmax from those after it, in place: y·(g − Σ g·y) of each row. */
export function softmaxGradient(outputs: Float32Array, gradients: Float32Array, columns: number): void {
  for (let row = 0; row < outputs.length; row += columns) {
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += gradients[row + i]! * outputs[row + i]!;
    for (let i = 0; i < columns; i++) gradients[row + i] = outputs[row + i]! * (gradients[row + i]! - sum);
  }
}
