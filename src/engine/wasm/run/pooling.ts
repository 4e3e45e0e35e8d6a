/** Poolings that stand by themselves. */
import type { BackwardOperation, ForwardOperation } from '../../plan/plan';
import { averagePoolingGradientKernel, averagePoolingKernel } from '../kernels/averagePooling';
import { l2PoolingGradientKernel, l2PoolingKernel } from '../kernels/l2Pooling';
import { maxPoolingGradientKernel, maxPoolingKernel } from '../kernels/pooling';
import { address, valuesOf } from './machine';
import { examples, type Context, type Lowered } from './part';

type Forward<T> = Extract<ForwardOperation, { type: T }>;
type Backward<T> = Extract<BackwardOperation, { type: T }>;

export function maxPooling(
  { window, positions, input, output }: Forward<'maxPooling'>,
  { index }: Context,
): Lowered {
  const name = `max pooling ${index}`;
  return {
    kernels: [maxPoolingKernel(name, window)],
    parts: [
      examples((machine, _, from, to) => {
        const places = [input, output, positions].map((buffer) => address(machine, buffer, from));
        machine.kernels[name]!(to - from, ...places);
      }),
    ],
  };
}

export function maxPoolingGradient(operation: Backward<'maxPoolingGradient'>, { index }: Context): Lowered {
  const { window, positions, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return { kernels: [], parts: [] };
  const name = `max pooling gradient ${index}`;
  return {
    kernels: [maxPoolingGradientKernel(name, window)],
    parts: [
      examples((machine, _, from, to) => {
        if (!accumulate) valuesOf(machine, inputGradient, from, to).fill(0);
        const places = [outputGradient, positions, inputGradient].map((buffer) =>
          address(machine, buffer, from),
        );
        machine.kernels[name]!(to - from, ...places);
      }),
    ],
  };
}

export function averagePooling(
  { window, countPadding, input, output }: Forward<'averagePooling'>,
  { index }: Context,
): Lowered {
  const name = `average pooling ${index}`;
  return {
    kernels: [averagePoolingKernel(name, window, countPadding)],
    parts: [
      examples((machine, _, from, to) =>
        machine.kernels[name]!(to - from, address(machine, input, from), address(machine, output, from)),
      ),
    ],
  };
}

export function averagePoolingGradient(
  operation: Backward<'averagePoolingGradient'>,
  { index }: Context,
): Lowered {
  const { window, countPadding, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return { kernels: [], parts: [] };
  const name = `average pooling gradient ${index}`;
  return {
    kernels: [averagePoolingGradientKernel(name, window, countPadding)],
    parts: [
      examples((machine, _, from, to) => {
        if (!accumulate) valuesOf(machine, inputGradient, from, to).fill(0);
        const places = [outputGradient, inputGradient].map((buffer) => address(machine, buffer, from));
        machine.kernels[name]!(to - from, ...places);
      }),
    ],
  };
}

export function l2Pooling({ window, input, output }: Forward<'l2Pooling'>, { index }: Context): Lowered {
  const name = `l2 pooling ${index}`;
  return {
    kernels: [l2PoolingKernel(name, window)],
    parts: [
      examples((machine, _, from, to) =>
        machine.kernels[name]!(to - from, address(machine, input, from), address(machine, output, from)),
      ),
    ],
  };
}

export function l2PoolingGradient(operation: Backward<'l2PoolingGradient'>, { index }: Context): Lowered {
  const { window, input, output, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return { kernels: [], parts: [] };
  const name = `l2 pooling gradient ${index}`;
  return {
    kernels: [l2PoolingGradientKernel(name, window)],
    parts: [
      examples((machine, _, from, to) => {
        if (!accumulate) valuesOf(machine, inputGradient, from, to).fill(0);
        const buffers = [input, output, outputGradient, inputGradient];
        machine.kernels[name]!(to - from, ...buffers.map((buffer) => address(machine, buffer, from)));
      }),
    ],
  };
}
