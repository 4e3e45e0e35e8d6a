/** Parameters and input shapes of every kind of layer, drawn at random. For tests only. */
import fc from 'fast-check';
import type { ParamSpec, ParamValue, ParamValues } from '../core/params';
import type { Shape } from '../core/shape';
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

/** Parameters within the limits of a kind's schema. */
export function paramsOf({ params }: LayerDefinition): fc.Arbitrary<ParamValues> {
  return fc.record(Object.fromEntries(Object.entries(params).map(([key, spec]) => [key, valueOf(spec)])));
}

const image = fc.tuple(
  fc.integer({ min: 1, max: 11 }),
  fc.integer({ min: 1, max: 11 }),
  fc.constantFrom(1, 2, 3, 4, 6),
);
const vector = fc.tuple(fc.integer({ min: 1, max: 20 }));

/** Mostly what the kind can take: inputs of the right rank, and of one shape where it joins several. */
export function inputsOf({ kind, inputs }: LayerDefinition): fc.Arbitrary<readonly Shape[]> {
  const [usual, other] = kind === 'dense' ? [vector, image] : [image, vector];
  const shape: fc.Arbitrary<Shape> = fc.oneof(
    { weight: 4, arbitrary: usual },
    { weight: 1, arbitrary: other },
  );
  const count = fc.integer({ min: inputs.min, max: Math.min(inputs.max, 4) });
  const alike = fc.tuple(shape, count).map(([one, n]) => Array.from({ length: n }, () => one));
  const unlike = count.chain((n) => fc.array(shape, { minLength: n, maxLength: n }));
  return fc.oneof({ weight: 3, arbitrary: alike }, { weight: 1, arbitrary: unlike });
}
