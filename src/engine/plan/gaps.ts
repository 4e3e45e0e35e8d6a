/** What a network has that an engine cannot compute. */
import type { LayerKind } from '../../layers';
import type { CompiledNetwork } from '../../network/compiled';

/**
 * The kinds of layers of a network that are not among those with kernels, each once, in the network's order. Empty for
 * every network while the table of `lower.ts` has an entry for each kind.
 */
export function gapsOf({ layers }: CompiledNetwork, kinds: ReadonlySet<LayerKind>): readonly LayerKind[] {
  return [...new Set(layers.map(({ kind }) => kind))].filter((kind) => !kinds.has(kind));
}
