/** The embedding as operations: rows of a table forward, sums into them backward. */
import type { LayerContext, Lowered } from './builder';
import type { EmbeddingShape } from './plan';

export function lowerEmbedding(context: LayerContext): Lowered {
  const { params } = context.group.layer;
  const table: EmbeddingShape = {
    embeddings: context.weight('embeddings')!,
    bias: context.weight('bias'),
    rows: params['inputDim'] as number,
    columns: params['outputDim'] as number,
  };
  const [input] = context.inputs;
  const output = context.output();
  return {
    output,
    stopsGradients: true,
    forward: [{ type: 'embedding', table, input: input!, output }],
    backward: (outputGradient, target) => [
      { type: 'embeddingGradient', table, input: input!, outputGradient, ...target },
    ],
  };
}
