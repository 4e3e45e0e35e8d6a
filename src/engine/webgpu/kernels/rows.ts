/**
 * Work on rows of values, such as softmax and the losses: a thread for each row where rows are short, else a workgroup,
 * whose threads share the columns out and come together for sums and maxima.
 */
import { extentOf, THREADS, type Bindings, type Extent, type Kernel } from './kernel';
import { entryPoint, extentText } from './text';

/** Columns up to which one thread takes a row by itself. */
const SHORT = 32;

/** Every thread gets what all threads of the workgroup have come to, in an order that is always the same. */
const together = (name: string, combine: string): string => `
fn ${name}(value: f32, thread: u32) -> f32 {
  gathered[thread] = value;
  workgroupBarrier();
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    if (thread < half) {
      let other = gathered[thread + half];
      let own = gathered[thread];
      gathered[thread] = ${combine};
    }
    workgroupBarrier();
  }
  let all = gathered[0];
  workgroupBarrier();
  return all;
}`;

const alone = (name: string): string => `
fn ${name}(value: f32, thread: u32) -> f32 { return value; }`;

/**
 * @param rows how many there are.
 * @param body sees `row`, `thread` and `lane`; a loop over `columns` starts at `lane` and goes by LANES. `row_sum` and
 * `row_max` bring together what the threads of a row have; all threads must call them.
 */
export function rowKernel(
  name: string,
  rows: Extent,
  columns: number,
  bindings: Bindings,
  body: string,
): Kernel {
  const short = columns <= SHORT;
  const reductions = short
    ? [alone('row_sum'), alone('row_max')]
    : [
        `var<workgroup> gathered: array<f32, ${THREADS}>;`,
        together('row_sum', 'own + other'),
        together('row_max', 'max(own, other)'),
      ];
  const main = entryPoint(`  let row = ${short ? `index * ${THREADS}u + thread` : 'index'};
  let lane = ${short ? '0u' : 'thread'};
  if (row >= ${extentText(rows)}) { return; }
${body}`);
  return {
    name,
    bindings,
    code: [`const LANES = ${short ? 1 : THREADS}u;`, ...reductions, main].join('\n'),
    workgroups: (count) => (short ? Math.ceil(extentOf(rows, count) / THREADS) : extentOf(rows, count)),
  };
}
