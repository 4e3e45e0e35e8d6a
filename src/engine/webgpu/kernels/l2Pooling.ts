/** L2 pooling: the root of the sum of squares of each window. A border is zeros, which add nothing. */
import type { Backward, Forward } from './context';
import { perExample, reads, writes, type Kernel } from './kernel';
import { eachTap, imageKernel, outputIndex, outputPlace, outputsOf } from './pooling';
import { elementKernel } from './text';

export function l2Pooling({ window, input, output }: Forward<'l2Pooling'>): Kernel[] {
  const bindings = { values: reads(input), outputs: writes(output) };
  const body = `${outputPlace(window)}
  var sum = 0.0;
${eachTap(window, '      sum += values[at] * values[at];')}
  outputs[i] = sqrt(sum);`;
  return [elementKernel('L2 pooling', perExample(outputsOf(window)), bindings, body)];
}

/** Each value gets gradient times value / output of every window that it lies in; nothing where the output is 0. */
export function l2PoolingGradient(operation: Backward<'l2PoolingGradient'>): Kernel[] {
  const { window, input, output, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return [];
  const bindings = {
    values: reads(input),
    outputs: reads(output),
    gradient: reads(outputGradient),
    input_gradient: writes(inputGradient),
  };
  const visit = `let source = ${outputIndex(window)};
      if (outputs[source] != 0.0) { sum += gradient[source] * values[i] / outputs[source]; }`;
  return [imageKernel('L2 pooling gradient', window, bindings, visit, accumulate)];
}
