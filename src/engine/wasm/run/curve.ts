/** The activation of an operation's outputs, and the way back through it; both in place. */
import type { BufferId, Curve } from '../../plan/plan';
import type { Kernel } from '../emit';
import { curveKernel, derivativeKernel, isPointwise } from '../kernels/curves';
import { address, sizeOfBuffer, valuesOf, type Machine } from './machine';
import { softmaxGradient, softmaxRows } from './softmax';

export interface CurveRunner {
  readonly kernels: readonly Kernel[];
  /**
   * For the examples `from`..`to` of a buffer, or from another buffer to it. The way back takes the curve's inputs, where
   * the slope is not to be told from its outputs.
   */
  readonly run: (
    machine: Machine,
    buffer: BufferId,
    from: number,
    to: number,
    source?: BufferId,
    inputs?: BufferId,
  ) => void;
}

/** @param columns values that softmax goes over. */
export function applyCurve(name: string, curve: Curve, columns: number): CurveRunner {
  return isPointwise(curve) ? byKernel(curveKernel(name, curve)) : byRows(curve, columns, softmaxRows);
}

/** Turns the gradient after a curve into the one before it: `run(machine, gradient, from, to, output, input)`. */
export function undoCurve(name: string, curve: Curve, columns: number): CurveRunner {
  return isPointwise(curve)
    ? byKernel(derivativeKernel(name, curve))
    : byRows(curve, columns, softmaxGradient);
}

/** The kernel may take fewer addresses than these three. */
function byKernel(kernel: Kernel): CurveRunner {
  return {
    kernels: [kernel],
    run(machine, buffer, from, to, source = buffer, inputs = source) {
      const count = (to - from) * sizeOfBuffer(machine, buffer);
      const places = [source, buffer, inputs].map((id) => address(machine, id, from));
      machine.kernels[kernel.name]!(count, ...places.slice(0, kernel.parameters.length - 1));
    },
  };
}

/** Softmax looks at whole rows; linear does nothing. */
function byRows(
  { name }: Curve,
  columns: number,
  rows: (source: Float32Array, values: Float32Array, columns: number) => void,
): CurveRunner {
  return {
    kernels: [],
    run(machine, buffer, from, to, source = buffer) {
      if (name === 'softmax')
        rows(valuesOf(machine, source, from, to), valuesOf(machine, buffer, from, to), columns);
    },
  };
}
