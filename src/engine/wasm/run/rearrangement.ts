/** Layers whose output values are input values in other places. */
import type { BackwardOperation, ForwardOperation } from '../../plan/plan';
import { rearrangementGradientKernel, rearrangementKernel } from '../kernels/rearrangement';
import { address, sizeOfBuffer, valuesOf } from './machine';
import { examples, type Context, type Lowered } from './part';

type Rearrangement = Extract<ForwardOperation, { type: 'rearrangement' }>;
type RearrangementGradient = Extract<BackwardOperation, { type: 'rearrangementGradient' }>;

export function rearrangement({ axes, input, output }: Rearrangement, { index }: Context): Lowered {
  const name = `rearrangement ${index}`;
  return {
    kernels: [rearrangementKernel(name, axes)],
    parts: [
      examples((machine, _, from, to) => {
        const [source, target] = [input, output].map((buffer) => address(machine, buffer, from));
        machine.kernels[name]!(to - from, source!, 4 * sizeOfBuffer(machine, input), target!);
      }),
    ],
  };
}

export function rearrangementGradient(operation: RearrangementGradient, { index }: Context): Lowered {
  const { axes, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return { kernels: [], parts: [] };
  const name = `rearrangement gradient ${index}`;
  return {
    kernels: [rearrangementGradientKernel(name, axes)],
    parts: [
      examples((machine, _, from, to) => {
        if (!accumulate) valuesOf(machine, inputGradient, from, to).fill(0);
        const [source, target] = [outputGradient, inputGradient].map((buffer) =>
          address(machine, buffer, from),
        );
        machine.kernels[name]!(to - from, target!, 4 * sizeOfBuffer(machine, inputGradient), source!);
      }),
    ],
  };
}
