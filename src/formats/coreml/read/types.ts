/** Types of layers in words, and what they let the device train, also where a file has layers that nobody here knows. */
import type { NeuralNetworkLayer } from '../../../coreml/messages';
import { judge, type LossInput } from '../../../coreml/judge';
import { rules } from '../../../coreml/rules';

/** The type of a layer as the format names it; of an activation, the function's. */
export function typeName(layer: NeuralNetworkLayer): string {
  const parts: object = layer.activation ?? layer;
  return Object.keys(rules).find((type) => type in parts) ?? 'no type';
}

/**
 * Layers of an updatable file that Core ML would train where they stand, but that the file keeps as they are.
 * @returns their names.
 */
export function frozenLayers(layers: readonly NeuralNetworkLayer[], loss: LossInput): ReadonlySet<string> {
  // A layer of unknown type passes no gradients, as concatenation does not.
  const known = layers.map((layer) =>
    typeName(layer) === 'no type'
      ? { name: layer.name, input: layer.input, output: layer.output, concat: { sequenceConcat: false } }
      : layer,
  );
  const { verdicts } = judge(known, loss);
  return new Set(
    verdicts.flatMap(({ layer, fate }, i) => (fate === 'trains' && !layers[i]!.isUpdatable ? [layer] : [])),
  );
}
