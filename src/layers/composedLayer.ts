/** A TensorFlow.js layer put together from operations, where the library's own does not do. Not a layer kind itself. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { isProblem, type Problem } from '../core/problem';
import type { Shape } from '../core/shape';
import type { TensorFlow, TensorFlowContext, WeightSpec } from './defineLayer';

export interface Composition {
  /** The definition's shape rule, of one example. */
  readonly outputShape: (input: Shape) => Shape | Problem;
  /** The definition's weights for an input of this shape, of one example. Missing: none. */
  readonly weights?: (input: Shape) => readonly WeightSpec[];
  /** Computes a batch; what it makes on the way is disposed of. */
  readonly call: (input: Tensor, weights: readonly Tensor[]) => Tensor;
}

/** Applies a layer of one input, made of operations, to its input. */
export function composedLayer(
  { core, layers }: TensorFlow,
  { name, inputs }: TensorFlowContext,
  { outputShape, weights, call }: Composition,
): SymbolicTensor {
  class Composed extends layers.layers.Layer {
    static className = 'Composed';

    override build(inputShape: number[]): void {
      for (const weight of weights?.(inputShape.slice(1)) ?? [])
        this.addWeight(
          weight.name,
          [...weight.shape],
          'float32',
          layers.initializers.zeros(),
          undefined,
          weight.trainable,
        );
      this.built = true;
    }

    override computeOutputShape(inputShape: number[]): number[] {
      const out = outputShape(inputShape.slice(1));
      if (isProblem(out)) throw new Error(out.message);
      return [inputShape[0]!, ...out];
    }

    override call(values: Tensor | Tensor[]): Tensor {
      const input = Array.isArray(values) ? values[0]! : values;
      return core.tidy(() =>
        call(
          input,
          this.weights.map((weight) => weight.read()),
        ),
      );
    }

    override getClassName(): string {
      return Composed.className;
    }
  }
  return new Composed({ name }).apply(inputs[0]!) as SymbolicTensor;
}
