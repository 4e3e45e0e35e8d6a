/** Bilinear upsampling. Where each output row and column lies is written to a table once, before anything runs. */
import { tapsOf, type Sampling } from '../../../layers/interpolation';
import type { BackwardOperation, ForwardOperation, InterpolationShape } from '../../plan/plan';
import { interpolationGradientKernel, interpolationKernel, TAP_BYTES } from '../kernels/interpolation';
import { address, valuesOf, type Machine } from './machine';
import { examples, units, type Context, type Lowered } from './part';

type Interpolation = Extract<ForwardOperation, { type: 'interpolation' }>;
type InterpolationGradient = Extract<BackwardOperation, { type: 'interpolationGradient' }>;

/** The addresses of the tables of rows and columns, and the part that fills them. */
function tablesOf({ rows, columns, channels }: InterpolationShape, { reserve }: Context) {
  const [ofRows, ofColumns] = [reserve(TAP_BYTES * rows.outputs), reserve(TAP_BYTES * columns.outputs)];
  const fill = ({ integers, floats }: Machine, start: number, sampling: Sampling, bytes: number): void =>
    tapsOf(sampling).forEach(({ low, high, share }, i) => {
      const at = (start + TAP_BYTES * i) / 4;
      integers[at] = low * bytes;
      integers[at + 1] = high * bytes;
      floats[at + 2] = share;
    });
  const refresh = units(1, (machine) => {
    fill(machine, ofRows, rows, 4 * columns.inputs * channels);
    fill(machine, ofColumns, columns, 4 * channels);
  });
  return { places: [ofRows, ofColumns], refresh };
}

export function interpolation({ grid, input, output }: Interpolation, context: Context): Lowered {
  const name = `interpolation ${context.index}`;
  const { places, refresh } = tablesOf(grid, context);
  return {
    kernels: [interpolationKernel(name, grid)],
    parts: [
      examples((machine, _, from, to) => {
        const images = [input, output].map((buffer) => address(machine, buffer, from));
        machine.kernels[name]!(to - from, ...images, ...places);
      }),
    ],
    refresh,
  };
}

export function interpolationGradient(operation: InterpolationGradient, context: Context): Lowered {
  const { grid, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return { kernels: [], parts: [] };
  const name = `interpolation gradient ${context.index}`;
  const { places, refresh } = tablesOf(grid, context);
  return {
    kernels: [interpolationGradientKernel(name, grid)],
    parts: [
      examples((machine, _, from, to) => {
        if (!accumulate) valuesOf(machine, inputGradient, from, to).fill(0);
        const images = [inputGradient, outputGradient].map((buffer) => address(machine, buffer, from));
        machine.kernels[name]!(to - from, ...images, ...places);
      }),
    ],
    refresh,
  };
}
