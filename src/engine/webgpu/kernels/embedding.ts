/** The embedding: rows of a table looked up, and its gradient, for which each value of the table looks through the batch. */
import type { EmbeddingShape } from '../../plan/plan';
import { partialsOf, type Backward, type Forward, type KernelContext } from './context';
import { fixed, reads, weightAt, writes, type Kernel } from './kernel';
import { elementKernel, real } from './text';

/** The row that an index names: rounded down, and the nearest where there is none. */
const rowText = ({ rows }: EmbeddingShape): string =>
  `fn row_of(index: f32) -> u32 { return u32(clamp(floor(index), 0.0, ${real(rows - 1)})); }`;

export function embedding({ table, input, output }: Forward<'embedding'>, context: KernelContext): Kernel[] {
  const { rows, columns, bias } = table;
  const bindings = {
    indices: reads(input),
    table: weightAt(table.embeddings, rows * columns),
    ...(bias !== undefined && { biases: weightAt(bias, columns) }),
    outputs: writes(output),
  };
  const body = `  let c = i % ${columns}u;
  let row = row_of(indices[i / ${columns}u]);
  outputs[i] = table[row * ${columns}u + c]${bias === undefined ? '' : ' + biases[c]'};`;
  return [elementKernel('embedding', context.extent(output), bindings, body, rowText(table))];
}

export function embeddingGradient(
  { table, input, outputGradient }: Backward<'embeddingGradient'>,
  context: KernelContext,
): Kernel[] {
  const { rows, columns, embeddings, bias } = table;
  const of = context.gradient(embeddings, rows * columns, 1);
  const ofBias = bias === undefined ? undefined : context.gradient(bias, columns, 1);
  const bindings = {
    indices: reads(input),
    gradient: reads(outputGradient),
    partials: partialsOf(context, ofBias ? 2 : 1),
  };
  // The bias is one more row, which every index names.
  const everyIndex = ofBias ? `row == ${rows}u || ` : '';
  const place = ofBias ? `select(i, ${ofBias.start - of.start}u + c, row == ${rows}u)` : 'i';
  const body = `  let row = i / ${columns}u;
  let c = i % ${columns}u;
  var sum = 0.0;
  for (var b = 0u; b < step.count; b++) {
    if (${everyIndex}row_of(indices[b]) == row) { sum += gradient[b * ${columns}u + c]; }
  }
  partials[${place}] = sum;`;
  const total = fixed((rows + (ofBias ? 1 : 0)) * columns);
  return [elementKernel('embedding gradient', total, bindings, body, rowText(table))];
}
