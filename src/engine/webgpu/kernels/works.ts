/** Kernels of one or several products that do not wait for each other: each takes its share of the workgroups. */
import type { Bindings, Kernel } from './kernel';
import type { Work } from './product';
import { entryPoint } from './text';

/**
 * Makes one kernel of several works, which go by the numbers of their workgroups one after the other.
 * @param functions what all of them call.
 */
export function worksKernel(
  name: string,
  works: readonly Work[],
  bindings: Bindings,
  functions: string,
): Kernel {
  const branches = works.map(
    ({ run, workgroupsText }) =>
      `  if (rest < ${workgroupsText}) { ${run}(rest, thread); return; }\n  rest -= ${workgroupsText};`,
  );
  return {
    name,
    bindings,
    code: [
      `var<workgroup> tiles: array<vec4f, ${Math.max(...works.map(({ memory }) => memory))}>;`,
      `var<workgroup> facts: array<u32, ${Math.max(...works.map((work) => work.facts))}>;`,
      functions,
      ...works.map((work) => work.functions),
      entryPoint(['  var rest = index;', ...branches].join('\n')),
    ].join('\n'),
    workgroups: (count) => works.reduce((sum, work) => sum + work.workgroups(count), 0),
  };
}
