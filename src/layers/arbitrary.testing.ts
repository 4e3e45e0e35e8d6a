/** Parameters and input shapes of every kind of layer, drawn at random. For tests only. */
import fc from 'fast-check';
import type { ParamSpec, ParamValue, ParamValues } from '../core/params';
import { sizeOf, type Shape } from '../core/shape';
import type { LayerDefinition } from './defineLayer';

/** The plainest value half of the time: what goes wrong goes wrong one thing at a time. */
function often<T>(plain: T, any: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof(fc.constant(plain), any);
}

/** Values within the schema, small so that networks stay small. */
function valueOf(spec: ParamSpec): fc.Arbitrary<ParamValue> {
  switch (spec.type) {
    case 'integer':
      return often(spec.min, fc.integer({ min: spec.min, max: Math.min(spec.max, spec.min + 7) }));
    case 'real':
      return fc.double({ min: spec.min, max: spec.max, noNaN: true });
    case 'tuple': {
      const part = fc.integer({ min: spec.min, max: Math.min(spec.max, 4) });
      const least = spec.parts.map(() => spec.min);
      return often<readonly number[]>(least, fc.tuple(...spec.parts.map(() => part)));
    }
    case 'boolean':
      return fc.boolean();
    case 'choice':
      return fc.constantFrom(...spec.options);
    default:
      return spec satisfies never;
  }
}

function paramsOf({ kind, params }: LayerDefinition): fc.Arbitrary<ParamValues> {
  const values = Object.entries(params).map(([key, spec]) => [key, valueOf(spec)] as const);
  return fc.record({ ...Object.fromEntries(values), ...fittingParams[kind] });
}

const image = fc.tuple(
  fc.integer({ min: 1, max: 11 }),
  fc.integer({ min: 1, max: 11 }),
  fc.constantFrom(1, 2, 3, 4, 6),
);
const vector = fc.tuple(fc.integer({ min: 1, max: 20 }));

/** Parameters that must fit each other: mostly they do. */
const fittingParams: Record<string, Record<string, fc.Arbitrary<ParamValue>>> = {
  permute: {
    dims: fc.oneof(
      { weight: 4, arbitrary: fc.shuffledSubarray([1, 2, 3], { minLength: 3 }) },
      { weight: 1, arbitrary: fc.constant([1, 2, 2]) },
    ),
  },
};

/** What a kind takes first of all, where that is not an image. */
function usualOf(kind: string, params: ParamValues): fc.Arbitrary<Shape> {
  const target = params['targetShape'] as Shape | undefined;
  if (target)
    return fc.oneof(fc.shuffledSubarray([...target], { minLength: 3 }), fc.constant([sizeOf(target)]));
  if (kind === 'embedding') return fc.constant([1]);
  return kind === 'dense' ? vector : image;
}

/** Mostly what the kind can take: inputs of the right rank, and of one shape where it joins several. */
function inputsOf({ kind, inputs }: LayerDefinition, params: ParamValues): fc.Arbitrary<readonly Shape[]> {
  const usual = usualOf(kind, params);
  const other: fc.Arbitrary<Shape> = fc.oneof(image, vector);
  const shape: fc.Arbitrary<Shape> = fc.oneof(
    { weight: 4, arbitrary: usual },
    { weight: 1, arbitrary: other },
  );
  const count = fc.integer({ min: inputs.min, max: Math.min(inputs.max, 4) });
  const alike = fc.tuple(shape, count).map(([one, n]) => Array.from({ length: n }, () => one));
  const unlike = count.chain((n) => fc.array(shape, { minLength: n, maxLength: n }));
  return fc.oneof({ weight: 3, arbitrary: alike }, { weight: 1, arbitrary: unlike });
}

/** Inputs and parameters of a layer: mostly they fit each other, and not always. */
export const casesOf = (
  definition: LayerDefinition,
): fc.Arbitrary<readonly [inputs: readonly Shape[], params: ParamValues]> =>
  paramsOf(definition).chain((params) => inputsOf(definition, params).map((inputs) => [inputs, params]));
