/**
 * The words of the file for a layer, where the export would use others: so that an opened file is written again as the
 * message that it was. Bytes and weights are not compared; they are the reader's.
 */
import { withoutDefaults } from '../../../coreml/canonical';
import type { NeuralNetworkLayer } from '../../../coreml/messages';
import { messageType } from '../../../coreml/schema';
import { isProblem } from '../../../core/problem';
import type { Shape } from '../../../core/shape';
import { layerOf } from '../../../layers';
import type { NetworkNode } from '../../../network/network';
import type { Spelling } from '../../../project/coremlSettings';
import { fingerprintOf, withoutWeights } from '../spelled';

/**
 * @param file the layers of the file that the node is, as they were decoded; none where the reader put the node in.
 * @returns undefined where the export writes the same.
 */
export function spellingOf(
  { kind, name, params }: NetworkNode,
  file: readonly NeuralNetworkLayer[],
  inputShapes: readonly Shape[],
): Spelling | undefined {
  const definition = layerOf(kind);
  const outputShape = definition.outputShape(inputShapes, params);
  if (isProblem(outputShape)) return undefined;
  const specs = definition.weights?.(inputShapes, params) ?? [];
  const written = definition.coreml.write({
    name,
    params,
    inputs: file[0]?.input ?? inputShapes.map(String),
    output: name,
    inputShapes,
    outputShape,
    weights: Object.fromEntries(specs.map((spec) => [spec.name, new Float32Array(0)])),
  });
  // The blob of the layer's output is kept elsewhere.
  const last = file.at(-1)?.output[0];
  const own = written.map((part, i) => (i < written.length - 1 ? part : { ...part, output: [last] }));
  if (JSON.stringify(own.map(canonical)) === JSON.stringify(file.map(canonical))) return undefined;
  return {
    as: name,
    instead: fingerprintOf({ kind, params, inputShapes, outputShape }),
    layers: file.map(withoutWeights),
  };
}

function canonical(layer: object): unknown {
  return sorted(
    withoutDefaults(messageType('NeuralNetworkLayer'), withoutWeights(layer as NeuralNetworkLayer)),
  );
}

/** The message with the keys of every part in one order. */
export function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value))
    return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
