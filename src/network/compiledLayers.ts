/** Layers of the graph as the compiled network has them; also those of a network that is not finished. */
import type { Analysis } from './analyze';
import type { CompiledLayer } from './compiled';
import type { Network } from './network';
import { structureOf, type Structure } from './structure';

/**
 * @param ids of layers whose shapes are known, in topological order, together with all that feeds them.
 */
export function compiledLayers(
  structure: Structure,
  nodes: Analysis['nodes'],
  ids: readonly string[],
): readonly CompiledLayer[] {
  const index = new Map(ids.map((id, i) => [id, i]));
  return ids.map((id): CompiledLayer => {
    const { name, kind, params, trainable = true } = structure.nodes.get(id)!;
    const { inputShapes, outputShape, multiplyAdds, ...facts } = nodes.get(id)!;
    const inputs = structure.inputs.get(id)!.map((source) => index.get(source)!);
    const weights = trainable ? facts.weights : facts.weights.map((spec) => ({ ...spec, trainable }));
    const shapes = { inputShapes, outputShape: outputShape! };
    return { id, name, kind, params, trainable, inputs, ...shapes, weights, multiplyAdds };
  });
}

/** The layers of any network of which all is known that can be: shapes, and what feeds them. */
export function knownLayers(network: Network, nodes: Analysis['nodes']): readonly CompiledLayer[] {
  const structure = structureOf(network);
  const known = new Set<string>();
  for (const id of structure.order) {
    const sources = structure.inputs.get(id)!;
    const facts = nodes.get(id);
    const fed = sources.every((source) => known.has(source)) && facts?.inputShapes.length === sources.length;
    if (facts?.outputShape && fed) known.add(id);
  }
  return compiledLayers(structure, nodes, [...known]);
}
