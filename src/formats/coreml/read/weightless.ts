/**
 * A file whose weights were left out of its JSON: its layers are read as if all weights were zero, and none of them are
 * kept. What the project starts from is drawn from its seed.
 */
import type { DecodedModel } from '../../../coreml/codec';
import { stated } from '../../../coreml/stated';
import type { NeuralNetworkLayer, WeightParams } from '../../../coreml/messages';
import type { NeuralNetwork } from '../../../coreml/model';
import type { Imported } from '../../defineImport';
import { expectedCounts } from './counts';
import { readModel } from './model';
import { FileRefused, count } from './refused';

/** Zeros in memory at most: 200 MB. */
const MOST = 50_000_000;

/** @returns undefined where the file has weights. */
export function withoutWeights(decoded: DecodedModel) {
  const { model } = decoded;
  const kind = (['neuralNetwork', 'neuralNetworkClassifier', 'neuralNetworkRegressor'] as const).find(
    (name) => model[name],
  );
  const network = kind && model[kind];
  if (!network) return undefined;
  const all = network.layers.flatMap((layer) => weightsIn(layer));
  if (all.length === 0 || !all.every(isEmpty)) return undefined;
  return {
    read(name: string, joined: ReadonlySet<number>): Imported {
      const filled: NeuralNetwork = { ...network, layers: fill(network.layers) };
      const zeros = readModel({ ...decoded, model: { ...model, [kind]: filled } }, name, joined);
      const { seed } = zeros.project.settings;
      return {
        ...zeros,
        weights: {},
        compiled: undefined,
        notes: [
          { severity: 'note', message: `The file has no weights: they are drawn from the seed ${seed}.` },
          ...zeros.notes,
        ],
      };
    },
  };
}

function weightsIn(part: unknown): WeightParams[] {
  if (typeof part !== 'object' || part === null || Array.isArray(part) || ArrayBuffer.isView(part)) return [];
  if ('floatValue' in part) return [part as WeightParams];
  return Object.values(part).flatMap(weightsIn);
}

function isEmpty({ floatValue, float16Value, rawValue, int8RawValue }: WeightParams): boolean {
  return floatValue.length === 0 && !float16Value && !rawValue && !int8RawValue;
}

function fill(layers: readonly NeuralNetworkLayer[]): NeuralNetworkLayer[] {
  let total = 0;
  return layers.map((layer) => {
    const counts = expectedCounts(stated(layer));
    const zeros = (value: unknown, name: string): unknown => {
      if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value))
        return value;
      if (!('floatValue' in value))
        return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, zeros(part, key)]));
      // One value for all channels, where the layer itself does not say how many there are.
      // Sizes of no weight are refused where they are compared with what is there.
      const size = Math.max(0, Math.floor(counts[name] ?? 1));
      total += size;
      if (!(total <= MOST))
        throw new FileRefused(
          `The layers state more than ${count(MOST)} weights, which do not fit into memory here.`,
        );
      return { ...value, floatValue: new Float32Array(size) };
    };
    return zeros(layer, '') as NeuralNetworkLayer;
  });
}
