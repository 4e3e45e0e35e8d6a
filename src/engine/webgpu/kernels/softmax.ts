/** Softmax of rows, by itself and where a layer with weights ends in it. */
import type { BufferId, Curve } from '../../plan/plan';
import { reads, writes, type Extent, type Kernel } from './kernel';
import { rowKernel } from './rows';

/** Largest value and sum of exponentials of a row, from which softmax is taken without overflow. */
export const softmaxSums = (values: string, columns: number): string => `  let start = row * ${columns}u;
  var largest = -3.4e38;
  for (var c = lane; c < ${columns}u; c += LANES) { largest = max(largest, ${values}[start + c]); }
  largest = row_max(largest, thread);
  var total = 0.0;
  for (var c = lane; c < ${columns}u; c += LANES) { total += exp(${values}[start + c] - largest); }
  total = row_sum(total, thread);`;

/** outputs = softmax(values); in place where `input` is `output`. */
export function softmaxKernel(input: BufferId, output: BufferId, columns: number, rows: Extent): Kernel {
  const inPlace = input === output;
  const from = inPlace ? 'outputs' : 'values';
  const body = `${softmaxSums(from, columns)}
  for (var c = lane; c < ${columns}u; c += LANES) {
    outputs[start + c] = exp(${from}[start + c] - largest) / total;
  }`;
  const bindings = { ...(!inPlace && { values: reads(input) }), outputs: writes(output) };
  return rowKernel('softmax', rows, columns, bindings, body);
}

/** Gradients before softmax from those after it: y·(g − Σ g·y). In place where no other place is given. */
export function softmaxGradientKernel(
  output: BufferId,
  gradient: BufferId,
  columns: number,
  rows: Extent,
  target?: { readonly buffer: BufferId; readonly accumulate: boolean },
): Kernel {
  const to = target ? 'input_gradient' : 'gradient';
  const body = `  let start = row * ${columns}u;
  var sum = 0.0;
  for (var c = lane; c < ${columns}u; c += LANES) { sum += gradient[start + c] * outputs[start + c]; }
  sum = row_sum(sum, thread);
  for (var c = lane; c < ${columns}u; c += LANES) {
    let change = outputs[start + c] * (gradient[start + c] - sum);
    ${to}[start + c] ${target?.accumulate ? '+=' : '='} change;
  }`;
  const bindings = {
    outputs: reads(output),
    gradient: target ? reads(gradient) : writes(gradient),
    ...(target && { input_gradient: writes(target.buffer) }),
  };
  return rowKernel('softmax gradient', rows, columns, bindings, body);
}

/** What comes after a product whose curve is softmax. */
export function softmaxAfter({ name }: Curve, output: BufferId, columns: number, rows: Extent): Kernel[] {
  return name === 'softmax' ? [softmaxKernel(output, output, columns, rows)] : [];
}

/** What comes before the gradients of such a product: the gradient becomes that before softmax, in place. */
export function softmaxBefore(
  { name }: Curve,
  output: BufferId,
  gradient: BufferId,
  columns: number,
  rows: Extent,
): Kernel[] {
  return name === 'softmax' ? [softmaxGradientKernel(output, gradient, columns, rows)] : [];
}
