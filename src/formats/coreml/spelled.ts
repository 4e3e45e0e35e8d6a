/**
 * Layers in the words of the file that they were opened from. A file may say the same in other words than the export
 * would: defaults left out, a name that the canvas does not take, an identity, no layer at all between a vector and an
 * image of one place. Those words are kept with the project and written again as long as the layer is what it was.
 */
import type { NeuralNetworkLayer } from '../../coreml/messages';
import { layerOf } from '../../layers';
import type { CompiledLayer } from '../../network/compiled';
import type { Spelling } from '../../project/coremlSettings';

type Facts = Pick<CompiledLayer, 'kind' | 'params' | 'inputShapes' | 'outputShape'>;

/** What the export would write for such a layer, whatever it is called and whatever its weights are. */
export function fingerprintOf({ kind, params, inputShapes, outputShape }: Facts): string {
  const definition = layerOf(kind);
  const specs = definition.weights?.(inputShapes, params) ?? [];
  const parts = definition.coreml.write({
    name: '',
    params,
    inputs: inputShapes.map((_, i) => String(i)),
    output: '',
    inputShapes,
    outputShape,
    weights: Object.fromEntries(specs.map(({ name }) => [name, new Float32Array(0)])),
  });
  return JSON.stringify([inputShapes, parts.map(withoutWeights)]);
}

/** The layer without its weights and without the marks of what trains. */
export function withoutWeights(layer: NeuralNetworkLayer): NeuralNetworkLayer {
  const strip = (value: unknown): unknown =>
    isMessage(value)
      ? Object.fromEntries(
          Object.entries(value).flatMap(([key, part]) => (isWeights(part) ? [] : [[key, strip(part)]])),
        )
      : value;
  const rest = { ...layer };
  delete rest.isUpdatable;
  return strip(rest) as NeuralNetworkLayer;
}

/**
 * The layers of the file for a layer of the app, wired as the export's own: the first reads `inputs`, the last makes a
 * blob that is called as the layer.
 * @param written what the export would write; its first part has the weights.
 */
export function spelled(
  { as, layers }: Spelling,
  { name }: Pick<CompiledLayer, 'name'>,
  inputs: readonly string[],
  written: readonly NeuralNetworkLayer[],
): readonly NeuralNetworkLayer[] {
  return layers.map((layer, i) => {
    const weighted = i === 0 && written[0] ? withWeightsOf(layer, written[0]) : layer;
    return {
      ...weighted,
      name: i === 0 && name !== as ? name : layer.name,
      input: i === 0 ? [...inputs] : [...layers[i - 1]!.output],
      output: i === layers.length - 1 ? [name] : [...layer.output],
    };
  });
}

function withWeightsOf<T extends object>(part: T, written: object): T {
  const entries = Object.entries(written).flatMap(([key, value]: [string, unknown]) => {
    if (isWeights(value)) return [[key, value] as const];
    const own = (part as Readonly<Record<string, unknown>>)[key];
    return isMessage(value) && isMessage(own) ? [[key, withWeightsOf(own, value)] as const] : [];
  });
  return { ...part, ...Object.fromEntries(entries) };
}

function isMessage(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function isWeights(value: unknown): boolean {
  return isMessage(value) && value['floatValue'] instanceof Float32Array;
}
