/**
 * Values put in other places: a thread for each value that is written. Forward it looks up where its value comes from;
 * backward it adds up the places that its value went to.
 */
import type { WalkedAxis } from '../../plan/plan';
import type { Backward, Forward, KernelContext } from './context';
import { reads, writes, type Kernel } from './kernel';
import { divided, elementKernel } from './text';

/** Takes the number `i` apart into a place along each axis, `place_0` the outermost, and the example `b`. */
function placesText(counts: readonly number[], most: number): string {
  const lines: string[] = [];
  let rest = 'i';
  for (let axis = counts.length - 1; axis >= 0; axis--) {
    const above = axis === 0 ? 'b' : `above_${axis}`;
    lines.push(divided([above, `place_${axis}`], rest, counts[axis]!, most));
    most = Math.ceil(most / counts[axis]!);
    rest = above;
  }
  return lines.join('\n');
}

/** Values of one example in the output. */
const sizeOf = (axes: readonly WalkedAxis[]): number => axes.reduce((size, { count }) => size * count, 1);

export function rearrangement(
  { axes, input, output }: Forward<'rearrangement'>,
  context: KernelContext,
): Kernel[] {
  const { plan } = context;
  const terms = axes.map(({ stride, before }, i) => `(place_${i} - ${before}u) * ${stride}u`);
  const inside = axes.flatMap(({ count, before, inside: places }, i) =>
    places === count ? [] : [`place_${i} - ${before}u < ${places}u`],
  );
  const source = `values[b * ${plan.buffers[input]!.size}u + ${terms.join(' + ')}]`;
  const counts = axes.map(({ count }) => count);
  // Below zero, numbers wrap round and are too large.
  const body = `${placesText(counts, sizeOf(axes) * plan.batch)}
  ${inside.length === 0 ? '' : `outputs[i] = 0.0;\n  if (${inside.join(' && ')}) `}{ outputs[i] = ${source}; }`;
  const bindings = { values: reads(input), outputs: writes(output) };
  return [elementKernel('rearrangement', context.extent(output), bindings, body)];
}

export function rearrangementGradient(
  { axes, outputGradient, inputGradient, accumulate }: Backward<'rearrangementGradient'>,
  context: KernelContext,
): Kernel[] {
  if (inputGradient === undefined) return [];
  const strided = axes.map((axis, i) => ({ ...axis, out: sizeOf(axes.slice(i + 1)) }));
  // In the order in which the input lies, and those that repeat its values.
  const own = strided.filter(({ stride }) => stride > 0).sort((a, b) => b.stride - a.stride);
  const repeated = strided.filter(({ stride }) => stride === 0);
  const size = context.plan.buffers[inputGradient]!.size;
  const places = placesText(
    own.map(({ inside }) => inside),
    size * context.plan.batch,
  );
  const terms = [
    ...own.map(({ out, before }, i) => `(place_${i} + ${before}u) * ${out}u`),
    ...repeated.map(({ out }, i) => `copy_${i} * ${out}u`),
  ];
  const loops = repeated.map(
    ({ count }, i) => `for (var copy_${i} = 0u; copy_${i} < ${count}u; copy_${i}++) { `,
  );
  const body = `${places}
  var sum = ${accumulate ? 'input_gradient[i]' : '0.0'};
  ${loops.join('')}sum += gradient[b * ${sizeOf(axes)}u + ${terms.join(' + ')}];${' }'.repeat(loops.length)}
  input_gradient[i] = sum;`;
  const bindings = { gradient: reads(outputGradient), input_gradient: writes(inputGradient) };
  return [elementKernel('rearrangement gradient', context.extent(inputGradient), bindings, body)];
}
