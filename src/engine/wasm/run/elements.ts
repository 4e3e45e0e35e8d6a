/** Operations that take values one by one: activations, dropout, sums and concatenations. */
import type { BackwardOperation, BufferId, ForwardOperation } from '../../plan/plan';
import { productKernel } from '../kernels/elements';
import { applyCurve, undoCurve } from './curve';
import { address, sizeOfBuffer, valuesOf, type Machine } from './machine';
import { examples, type Context, type Lowered } from './part';

type Forward<T> = Extract<ForwardOperation, { type: T }>;
type Backward<T> = Extract<BackwardOperation, { type: T }>;

/** `to` = `from`, or `to` += `from` where another branch was there before. */
function handOn(
  machine: Machine,
  source: BufferId,
  target: BufferId,
  accumulate: boolean,
  from: number,
  to: number,
) {
  if (!accumulate) return valuesOf(machine, target, from, to).set(valuesOf(machine, source, from, to));
  const count = (to - from) * sizeOfBuffer(machine, target);
  machine.kernels['add']!(count, address(machine, source, from), address(machine, target, from));
}

export function activation(
  { curve, columns, input, output }: Forward<'activation'>,
  { index }: Context,
): Lowered {
  const runner = applyCurve(`curve ${index}`, curve, columns);
  return {
    kernels: runner.kernels,
    parts: [examples((machine, _, from, to) => runner.run(machine, output, from, to, input))],
  };
}

export function activationGradient(operation: Backward<'activationGradient'>, { index }: Context): Lowered {
  const { curve, columns, input, output, outputGradient, inputGradient, accumulate } = operation;
  const runner = undoCurve(`derivative ${index}`, curve, columns);
  return {
    kernels: runner.kernels,
    parts: [
      examples((machine, _, from, to) => {
        if (inputGradient === undefined) return;
        runner.run(machine, outputGradient, from, to, output, input);
        handOn(machine, outputGradient, inputGradient, accumulate, from, to);
      }),
    ],
  };
}

/** Drops each value with probability `rate` and scales what stays by 1 / (1 − rate); the mask holds the factors. */
export function dropout({ rate, layer, mask, input, output }: Forward<'dropout'>): Lowered {
  const limit = Math.round(rate * 2 ** 32);
  return {
    kernels: [],
    parts: [
      examples((machine, pass, from, to) => {
        if (!pass.training) return handOn(machine, input, output, false, from, to);
        for (let i = from; i < to; i++) {
          const places = [input, output, mask].map((buffer) => address(machine, buffer, i));
          const seed = pass.seed(layer, i);
          machine.kernels['dropout']!(sizeOfBuffer(machine, output), ...places, seed, limit, 1 / (1 - rate));
        }
      }),
    ],
  };
}

export function dropoutGradient(operation: Backward<'dropoutGradient'>): Lowered {
  const { mask, outputGradient, inputGradient, accumulate } = operation;
  return {
    kernels: [],
    parts: [
      examples((machine, _, from, to) => {
        if (inputGradient === undefined) return;
        const count = (to - from) * sizeOfBuffer(machine, mask);
        const [gradient, factors] = [outputGradient, mask].map((buffer) => address(machine, buffer, from));
        machine.kernels['multiply']!(count, gradient!, gradient!, factors!);
        handOn(machine, outputGradient, inputGradient, accumulate, from, to);
      }),
    ],
  };
}

export function add({ inputs, output }: Forward<'add'>): Lowered {
  return {
    kernels: [],
    parts: [
      examples((machine, _, from, to) =>
        inputs.forEach((input, i) => handOn(machine, input, output, i > 0, from, to)),
      ),
    ],
  };
}

export function addGradient({ outputGradient, inputGradient, accumulate }: Backward<'addGradient'>): Lowered {
  return {
    kernels: [],
    parts: [
      examples((machine, _, from, to) => {
        if (inputGradient !== undefined) handOn(machine, outputGradient, inputGradient, accumulate, from, to);
      }),
    ],
  };
}

export function multiply({ inputs, output }: Forward<'multiply'>, context: Context): Lowered {
  return product(context, inputs, output, false);
}

export function multiplyGradient(operation: Backward<'multiplyGradient'>, context: Context): Lowered {
  const { inputs, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return { kernels: [], parts: [] };
  return product(context, [outputGradient, ...inputs], inputGradient, accumulate);
}

/** `target` = the product of the factors, or that added. */
function product(
  { index }: Context,
  factors: readonly BufferId[],
  target: BufferId,
  accumulate: boolean,
): Lowered {
  const name = `product ${index}`;
  return {
    kernels: [productKernel(name, factors.length, accumulate)],
    parts: [
      examples((machine, _, from, to) => {
        const count = (to - from) * sizeOfBuffer(machine, target);
        const places = [target, ...factors].map((buffer) => address(machine, buffer, from));
        machine.kernels[name]!(count, ...places);
      }),
    ],
  };
}

export function concatenation({ inputs, output, columns }: Forward<'concatenation'>): Lowered {
  const width = columns.reduce((sum, n) => sum + n, 0);
  return {
    kernels: [],
    parts: [
      examples((machine, _, from, to) => {
        const rows = ((to - from) * sizeOfBuffer(machine, output)) / width;
        let place = address(machine, output, from);
        inputs.forEach((input, i) => {
          const part = columns[i]!;
          machine.kernels['copyRows']!(rows, part, address(machine, input, from), 4 * part, place, 4 * width);
          place += 4 * part;
        });
      }),
    ],
  };
}

export function concatenationGradient(operation: Backward<'concatenationGradient'>): Lowered {
  const { columns, part, first, outputGradient, inputGradient, accumulate } = operation;
  return {
    kernels: [],
    parts: [
      examples((machine, _, from, to) => {
        if (inputGradient === undefined) return;
        const rows = ((to - from) * sizeOfBuffer(machine, outputGradient)) / columns;
        const source = address(machine, outputGradient, from) + 4 * first;
        const kernel = machine.kernels[accumulate ? 'addRows' : 'copyRows']!;
        kernel(rows, part, source, 4 * columns, address(machine, inputGradient, from), 4 * part);
      }),
    ],
  };
}
