/**
 * Memory layouts of weights. TensorFlow.js keeps kernels as height, width, in, out and dense weights as in, out;
 * Core ML wants out first. Each function returns a new block of floats; of no floats, none.
 */
import type { Shape } from './shape';

/** `[height, width, in, out]` to `[out, in, height, width]`. */
export function hwioToOihw(values: Float32Array, shape: Shape): Float32Array {
  const [height, width, inputs, outputs] = shape as readonly [number, number, number, number];
  const out = new Float32Array(values.length);
  if (values.length === 0) return out;
  let from = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let i = 0; i < inputs; i++)
        for (let o = 0; o < outputs; o++) out[((o * inputs + i) * height + y) * width + x] = values[from++]!;
  return out;
}

/** `[out, in, height, width]` to `[height, width, in, out]`, which is `shape`. */
export function oihwToHwio(values: Float32Array, shape: Shape): Float32Array {
  const [height, width, inputs, outputs] = shape as readonly [number, number, number, number];
  const out = new Float32Array(values.length);
  let to = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let i = 0; i < inputs; i++)
        for (let o = 0; o < outputs; o++) out[to++] = values[((o * inputs + i) * height + y) * width + x]!;
  return out;
}

/** `[rows, columns]` to `[columns, rows]`. */
export function transpose(values: Float32Array, shape: Shape): Float32Array {
  const [rows, columns] = shape as readonly [number, number];
  const out = new Float32Array(values.length);
  if (values.length === 0) return out;
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) out[c * rows + r] = values[r * columns + c]!;
  return out;
}
