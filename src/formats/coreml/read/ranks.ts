/**
 * Vectors and images of one place, `[C]` and `[C, 1, 1]`, are one to Core ML and two here. Says which layers have to
 * stand before one that takes the other.
 */
import { isProblem } from '../../../core/problem';
import { defaultsOf, type ParamValues } from '../../../core/params';
import type { Shape } from '../../../core/shape';
import { layerOf, type LayerKind } from '../../../layers';
import type { Recognized } from './kinds';

/** An input as the layer takes it, and the layer that makes it so where it is not. */
export interface OtherRank {
  readonly shape: Shape;
  readonly layer?: { readonly kind: LayerKind; readonly params: ParamValues };
}

/** @returns the inputs, one by one; undefined where the layer takes them as they are, or neither way. */
export function inOtherRank(
  { kind, params }: Pick<Recognized, 'kind' | 'params'>,
  shapes: readonly Shape[],
): readonly OtherRank[] | undefined {
  const definition = layerOf(kind);
  const takes = (inputs: readonly OtherRank[]) =>
    !isProblem(
      definition.outputShape(
        inputs.map(({ shape }) => shape),
        params,
      ),
    );
  if (takes(shapes.map((shape) => ({ shape })))) return undefined;
  return [shapes.map(asVector), shapes.map(asImage)].find(takes);
}

function asVector(shape: Shape): OtherRank {
  if (shape.length !== 3 || shape[0] !== 1 || shape[1] !== 1) return { shape };
  return { shape: [shape[2]!], layer: { kind: 'flatten', params: defaultsOf(layerOf('flatten').params) } };
}

function asImage(shape: Shape): OtherRank {
  if (shape.length !== 1) return { shape };
  const targetShape = [1, 1, shape[0]!];
  const params = { ...defaultsOf(layerOf('reshape').params), targetShape };
  return { shape: targetShape, layer: { kind: 'reshape', params } };
}
