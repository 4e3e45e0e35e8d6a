/**
 * Random numbers for the proof of the Core ML export: settings of a run, weights, and parameters of any layer kind within
 * small limits of its own schema. It knows no kind by name, so a new one is drawn without a word here.
 */
import fc from 'fast-check';
import type { ParamSpec, ParamValue, ParamValues } from '../core/params';
import type { Random } from '../core/random';
import { createRandom } from '../core/random';
import { sizeOf, type Shape } from '../core/shape';
import type { LayerDefinition } from '../layers/defineLayer';
import { weightKey, type CompiledNetwork, type Weights } from '../network/compiled';
import { initialWeights } from '../network/weights';

/** Settings from one end of what the form takes to the other. */
export const randomSettings = fc.record({
  optimizer: fc.constantFrom('adam' as const, 'sgd' as const),
  learningRate: fc.constantFrom(1e-7, 0.001, 0.0123456789, 0.3, 10),
  momentum: fc.constantFrom(0, 0.85, 0.9999),
  beta1: fc.constantFrom(0, 0.9, 0.9999),
  beta2: fc.constantFrom(0, 0.999, 0.99999),
  epsilon: fc.constantFrom(1e-10, 1e-7, 0.1),
  epochs: fc.integer({ min: 1, max: 1000 }),
  batchSize: fc.integer({ min: 1, max: 4096 }),
  shuffle: fc.boolean(),
  seed: fc.integer({ min: 0, max: 2147483647 }),
});

/**
 * Weights by which every number of the file can be told from its neighbours: kernels as layers start, with biases,
 * scales and statistics drawn too, for zeros and ones prove nothing.
 */
export function randomWeights(network: CompiledNetwork, seed: number): Weights {
  const random = createRandom(seed, 1);
  const weights: Record<string, Float32Array> = { ...initialWeights(network, seed) };
  for (const layer of network.layers) {
    for (const spec of layer.weights) {
      if (/kernel/i.test(spec.name)) continue;
      const draw =
        spec.name === 'movingVariance' ? () => 0.2 + 2 * random.next() : () => 0.5 * random.normal();
      weights[weightKey(layer, spec)] = Float32Array.from({ length: sizeOf(spec.shape) }, draw);
    }
  }
  return weights;
}

/** How far above its minimum a whole number goes, and how far from 0 a real one. */
const SPAN = 3;
const REACH = 1.5;

/**
 * Parameters for a layer after inputs of this shape; whether they go together is the layer's to say.
 * @param turn takes choices by turns instead of by chance, so that every option comes
 */
export function drawParams(
  { params }: LayerDefinition,
  shape: Shape,
  random: Random,
  turn?: number,
): ParamValues {
  return Object.fromEntries(
    Object.entries(params).map(([key, spec]) => [
      key,
      spec.type === 'choice' && turn !== undefined
        ? spec.options[turn % spec.options.length]!
        : drawParam(spec, shape, random),
    ]),
  );
}

function drawParam(spec: ParamSpec, shape: Shape, random: Random): ParamValue {
  switch (spec.type) {
    case 'boolean':
      return random.next() < 0.5;
    case 'choice':
      return pick(random, spec.options);
    case 'integer':
      return drawWhole(spec, random, random.next() < 0.4);
    case 'real': {
      const [min, max] = [Math.max(spec.min, -REACH), Math.min(spec.max, REACH)];
      return Math.fround(min + (max - min) * random.next());
    }
    case 'tuple': {
      // A tuple may also be a shape: what comes in, turned.
      if (spec.parts.length === shape.length && random.next() < 0.2) return shuffled(shape, random);
      const least = random.next() < 0.4;
      return spec.parts.map(() => drawWhole(spec, random, least));
    }
    default:
      return spec satisfies never;
  }
}

/** A small whole number within the limits, or the least one. */
function drawWhole({ min, max }: { min: number; max: number }, random: Random, least: boolean): number {
  return least ? min : between(random, min, Math.min(max, min + SPAN));
}

function shuffled(values: readonly number[], random: Random): number[] {
  return values
    .map((value) => ({ value, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value);
}

/** A whole number from `min` to `max`, both included. */
export function between(random: Random, min: number, max: number): number {
  return min + Math.floor(random.next() * (max - min + 1));
}

export function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random.next() * values.length)]!;
}
