/** The kernels of each operation of a plan: one entry for each type, so that a missing one does not compile. */
import type { BackwardOperation, ForwardOperation } from '../../plan/plan';
import { channelCurve, channelCurveGradient } from './channelCurve';
import type { KernelContext } from './context';
import { convolution, convolutionGradient } from './convolution';
import { dense, denseGradient } from './dense';
import {
  activation,
  activationGradient,
  add,
  addGradient,
  concatenation,
  concatenationGradient,
  dropout,
  dropoutGradient,
} from './elements';
import { embedding, embeddingGradient } from './embedding';
import { interpolation, interpolationGradient } from './interpolation';
import { l2Pooling, l2PoolingGradient } from './l2Pooling';
import { multiply, multiplyGradient } from './multiply';
import type { Kernel } from './kernel';
import { normalization, normalizationGradient } from './normalization';
import { averagePooling, averagePoolingGradient, maxPooling, maxPoolingGradient } from './pooling';
import { rearrangement, rearrangementGradient } from './rearrangement';
import { transposedConvolution, transposedConvolutionGradient } from './transposed';

type Operation = ForwardOperation | BackwardOperation;
type Table = {
  readonly [T in Operation['type']]: (
    operation: Extract<Operation, { type: T }>,
    context: KernelContext,
    training: boolean,
  ) => readonly Kernel[];
};

const table = {
  dense,
  denseGradient,
  convolution,
  convolutionGradient,
  transposedConvolution,
  transposedConvolutionGradient,
  maxPooling,
  maxPoolingGradient,
  averagePooling,
  averagePoolingGradient,
  l2Pooling,
  l2PoolingGradient,
  normalization,
  normalizationGradient,
  activation,
  activationGradient,
  channelCurve,
  channelCurveGradient,
  dropout,
  dropoutGradient,
  rearrangement,
  rearrangementGradient,
  interpolation,
  interpolationGradient,
  embedding,
  embeddingGradient,
  add,
  addGradient,
  multiply,
  multiplyGradient,
  concatenation,
  concatenationGradient,
} satisfies Table;

/** The kernels of an operation, in order. `training` tells a step from an evaluation. */
export function kernelsOf(
  operation: Operation,
  context: KernelContext,
  training: boolean,
): readonly Kernel[] {
  const make = table[operation.type] as (
    operation: Operation,
    context: KernelContext,
    training: boolean,
  ) => readonly Kernel[];
  return make(operation, context, training);
}
