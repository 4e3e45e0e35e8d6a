/** The groups of a layer's kernel: parts of the channels that do not see each other. */
import type { CompiledLayer } from '../../network/compiled';

/** How many there are; one where a layer knows none. */
export function groupsOf({ kind, params, inputShapes }: CompiledLayer): number {
  // Each channel is a group, and its filters lie side by side in the kernel, as those of groups do.
  if (kind === 'depthwiseConv2d') return inputShapes[0]!.at(-1)!;
  return (params['groups'] as number | undefined) ?? 1;
}
