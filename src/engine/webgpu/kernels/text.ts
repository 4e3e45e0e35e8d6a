/** Pieces of WGSL that every kernel is put together from: numbers, the step's parameters, bindings, the entry point. */
import { extentOf, THREADS, MOST_WORKGROUPS, type Bindings, type Extent, type Kernel } from './kernel';

/** A number as a WGSL literal of type f32, rounded to what a float holds. */
export function real(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`${value} cannot be written in WGSL.`);
  return `${Math.fround(value)}f`;
}

/** An extent as an expression of type u32. */
export const extentText = ({ size, perExample }: Extent): string =>
  perExample ? `(step.count * ${size}u)` : `${size}u`;

/** Below this, one more than a number's half fits a float's fraction with room for the rounding of a quotient. */
const MOST_EXACT = 2 ** 21;

/**
 * `n / divisor` of whole numbers as text. Devices divide whole numbers slowly, emulated ones by hundreds of cycles.
 * @param most `n` is below it.
 */
export function quotient(n: string, divisor: number, most: number): string {
  if (divisor === 1) return `(${n})`;
  if (Number.isInteger(Math.log2(divisor))) return `((${n}) >> ${Math.log2(divisor)}u)`;
  // (n + ½)/d lies at least ½/d away from every whole number; the float's error is less than that.
  return most <= MOST_EXACT ? `u32((f32(${n}) + 0.5) * ${real(1 / divisor)})` : `((${n}) / ${divisor}u)`;
}

/** Names for quotient and remainder of `n`, as two statements. */
export const divided = (
  [whole, rest]: readonly [string, string],
  n: string,
  divisor: number,
  most: number,
): string =>
  `  let ${whole} = ${quotient(n, divisor, most)};
  let ${rest} = ${n} - ${whole} * ${divisor}u;`;

/** `count` texts joined, for loops that are written out. */
export function repeat(count: number, text: (i: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, i) => text(i)).join(separator);
}

/**
 * What differs from step to step; `jobs.ts` writes it. `first` is the place of the step's examples among the indices,
 * `slot` that of its results.
 */
const step = `struct Step { count: u32, first: u32, slot: u32, training: u32, seed: u32, rate: f32, share: f32 }
@group(0) @binding(0) var<uniform> step: Step;`;

/** The whole text of a kernel's module. */
export function moduleText({ bindings, code }: Pick<Kernel, 'bindings' | 'code'>): string {
  const variables = Object.entries(bindings).map(
    ([name, { element, writes }], i) =>
      `@group(1) @binding(${i}) var<storage, ${writes ? 'read_write' : 'read'}> ${name}: array<${element}>;`,
  );
  return [step, ...variables, code].join('\n');
}

/**
 * The entry point. `body` sees the number of its workgroup as `index` and of its thread in it as `thread`; one dimension
 * of workgroups is continued in the second where there are too many.
 */
export const entryPoint = (body: string): string => `@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) thread: u32) {
  let index = id.y * ${MOST_WORKGROUPS}u + id.x;
${body}
}`;

/**
 * A kernel with one thread for each of `total` elements.
 * @param body sees its element's number as `i`.
 * @param functions what the body calls.
 */
export function elementKernel(
  name: string,
  total: Extent,
  bindings: Bindings,
  body: string,
  functions = '',
): Kernel {
  const main = entryPoint(`  let i = index * ${THREADS}u + thread;
  if (i >= ${extentText(total)}) { return; }
${body}`);
  return {
    name,
    bindings,
    code: `${functions}\n${main}`,
    workgroups: (count) => Math.ceil(extentOf(total, count) / THREADS),
  };
}
