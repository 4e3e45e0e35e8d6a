/** The activation of an operation's outputs, and the way back through it; both in place. */
import type { BufferId, Curve } from '../../plan/plan';
import type { Kernel } from '../emit';
import { curveKernel, derivativeKernel, isPointwise } from '../kernels/curves';
import { address, sizeOfBuffer, valuesOf, type Machine } from './machine';
import { softmaxGradient, softmaxRows } from './softmax';

export interface CurveRunner {
  readonly kernels: readonly Kernel[];
  /** For the examples `from`..`to` of a buffer, or from another buffer to it. */
  readonly run: (machine: Machine, buffer: BufferId, from: number, to: number, source?: BufferId) => void;
}

/** @param columns values that softmax goes over. */
export function applyCurve(name: string, curve: Curve, columns: number): CurveRunner {
  if (isPointwise(curve)) {
    return {
      kernels: [curveKernel(name, curve)],
      run(machine, buffer, from, to, source = buffer) {
        const count = (to - from) * sizeOfBuffer(machine, buffer);
        machine.kernels[name]!(count, address(machine, source, from), address(machine, buffer, from));
      },
    };
  }
  return {
    kernels: [],
    run(machine, buffer, from, to, source = buffer) {
      if (curve.name === 'softmax')
        softmaxRows(valuesOf(machine, source, from, to), valuesOf(machine, buffer, from, to), columns);
    },
  };
}

/** Turns the gradient after a curve into the one before it: `run(machine, gradient, from, to, output)`. */
export function undoCurve(name: string, curve: Curve, columns: number): CurveRunner {
  if (isPointwise(curve)) {
    return {
      kernels: [derivativeKernel(name, curve)],
      run(machine, gradient, from, to, output = gradient) {
        const count = (to - from) * sizeOfBuffer(machine, gradient);
        machine.kernels[name]!(count, address(machine, output, from), address(machine, gradient, from));
      },
    };
  }
  return {
    kernels: [],
    run(machine, gradient, from, to, output = gradient) {
      if (curve.name === 'softmax')
        softmaxGradient(valuesOf(machine, output, from, to), valuesOf(machine, gradient, from, to), columns);
    },
  };
}
