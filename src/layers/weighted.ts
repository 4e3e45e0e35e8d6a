/** What the layers share that multiply by a kernel and may add a bias: convolutions and dense. Not a layer kind itself. */
import { kernelInitializers, type Fans, type KernelInitializer } from '../core/initializers';
import { sizeOf, type Shape } from '../core/shape';
import { activations, type ActivationName } from './activations';
import type { WeightSpec } from './defineLayer';

export const weightedParams = {
  activation: { type: 'choice', label: 'Activation', options: activations, default: 'linear' },
  useBias: { type: 'boolean', label: 'Bias', default: true },
  kernelInitializer: {
    type: 'choice',
    label: 'Kernel initializer',
    options: kernelInitializers,
    default: 'glorotUniform',
  },
} as const;

export interface WeightedParams {
  readonly activation: ActivationName;
  readonly useBias: boolean;
  readonly kernelInitializer: KernelInitializer;
}

/** The kernel of this shape and, where it is wanted, the bias for `outputs` channels or units. */
export function kernelAndBias(
  p: WeightedParams,
  shape: Shape,
  fans: Fans,
  outputs: number,
): readonly WeightSpec[] {
  const kernel: WeightSpec = {
    name: 'kernel',
    shape,
    initializer: p.kernelInitializer,
    fans,
    trainable: true,
  };
  const bias: WeightSpec = { name: 'bias', shape: [outputs], initializer: 'zeros', fans, trainable: true };
  return p.useBias ? [kernel, bias] : [kernel];
}

/** "parameters 3·3·16·32 + 32 = 4,640". */
export function kernelCount({ useBias }: WeightedParams, shape: Shape, outputs: number): string {
  const count = sizeOf(shape) + (useBias ? outputs : 0);
  return `parameters ${shape.join('·')}${useBias ? ` + ${outputs}` : ''} = ${count.toLocaleString('en-US')}`;
}

/** The end of such a layer's arguments in Keras. */
export function kerasEnd(p: WeightedParams): string {
  return (
    `activation="${p.activation}", use_bias=${p.useBias ? 'True' : 'False'}, ` +
    `kernel_initializer="${p.kernelInitializer.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)}")`
  );
}
