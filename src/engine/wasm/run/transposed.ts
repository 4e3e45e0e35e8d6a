/**
 * The transposed convolution's operations, by the kernels of the convolution that it goes back through: forward by that
 * one's gradient of the input, the gradient of its input by that one itself, that of the kernel by the same sums.
 */
import type { BackwardOperation, ForwardOperation } from '../../plan/plan';
import { convolutionKernel, convolutionScratch } from '../kernels/convolution';
import {
  convolutionInputKernel,
  convolutionSumKernel,
  gradientScratch,
  turnedSize,
  turnKernel,
} from '../kernels/convolutionGradient';
import { PANEL, type Target } from '../kernels/tile';
import { applyCurve, undoCurve } from './curve';
import { address, valuesOf, weightAddress, weightPlaces } from './machine';
import { examples, units, type Context, type Lowered } from './part';
import { begin, noSums, panelsOf, putTogether, reserveSums } from './sums';

type Transposed = Extract<ForwardOperation, { type: 'transposedConvolution' }>;
export type TransposedGradient = Extract<BackwardOperation, { type: 'transposedConvolutionGradient' }>;

export function transposedConvolution(
  { shape, input, output }: Transposed,
  { index, reserve }: Context,
  target: Target,
): Lowered {
  const { through, kernel, bias } = shape;
  const [name, turnName] = [`transposed convolution ${index}`, `turn ${index}`];
  const panels = panelsOf(through);
  const turned = reserve(4 * turnedSize(through));
  const groupBytes = (4 * turnedSize(through)) / through.groups;
  const filters = through.window.image[2];
  const curve = applyCurve(`curve ${index}`, shape.curve, filters);
  return {
    kernels: [
      convolutionInputKernel(name, through, bias !== undefined, target),
      turnKernel(turnName, through),
      ...curve.kernels,
    ],
    parts: [
      // At every pass: it is little beside the products, and the kernel may have moved.
      units(panels.count, (machine, _, panel) => {
        const { group, first, width } = panels.at(panel);
        const from = weightAddress(machine, kernel) + 4 * panel * panels.size;
        machine.kernels[turnName]!(from, turned + group * groupBytes + 4 * PANEL * first, width);
      }),
      examples((machine, _, from, to) => {
        if (bias !== undefined) {
          const start = weightAddress(machine, bias) / 4;
          repeatRow(valuesOf(machine, output, from, to), machine.floats.subarray(start, start + filters));
        }
        const [a, c] = [address(machine, input, from), address(machine, output, from)];
        machine.kernels[name]!(to - from, a, c, turned, machine.scratch);
        curve.run(machine, output, from, to);
      }),
    ],
    scratch: () => gradientScratch(through),
  };
}

/** Fills `values` with a row, again and again; what is there already is copied, so it takes few copies. */
function repeatRow(values: Float32Array, row: Float32Array): void {
  values.set(row);
  for (let filled = row.length; filled < values.length; filled *= 2)
    values.copyWithin(filled, 0, Math.min(filled, values.length - filled));
}

export function transposedConvolutionGradient(
  operation: TransposedGradient,
  context: Context,
  target: Target,
): Lowered {
  const { shape, input, output, outputGradient, inputGradient, accumulate, frozen = false } = operation;
  const { through, kernel, bias } = shape;
  const { index } = context;
  const [sumName, inputName] = [`sums ${index}`, `input gradient ${index}`];
  const panels = panelsOf(through);
  const [height, width, filters] = through.window.image;
  // Weights are moved four at a time; places are multiples of four.
  const biasFloats = Math.ceil(filters / 4) * 4;
  const sums = frozen ? noSums : reserveSums(context, panels.count * panels.size, filters);
  const curve = undoCurve(`derivative ${index}`, shape.curve, filters);
  const inputForm = { shape: through, accumulate };
  return {
    kernels: [
      ...curve.kernels,
      ...(frozen ? [] : [convolutionSumKernel(sumName, through, target)]),
      ...(inputGradient === undefined ? [] : [convolutionKernel(inputName, inputForm, target)]),
    ],
    parts: [
      examples((machine, _, from, to, chunk) => {
        curve.run(machine, outputGradient, from, to, output);
        const gradient = address(machine, outputGradient, from);
        if (!frozen) {
          const start = begin(machine, sums, chunk);
          const ofBias = start + sums.kernelBytes;
          const values = address(machine, input, from);
          machine.kernels[sumName]!(to - from, gradient, values, start, 0, machine.scratch);
          const rows = (to - from) * height * width;
          machine.kernels['addRows']!(rows, filters, gradient, 4 * filters, ofBias, 0);
        }
        if (inputGradient === undefined) return;
        machine.kernels[inputName]!(
          ...[to - from, gradient, address(machine, inputGradient, from), 0],
          ...[weightAddress(machine, kernel), 0, machine.scratch],
        );
      }),
    ],
    ...(!frozen && {
      // One unit for each panel of the kernel, and one for the bias.
      late: units(panels.count + (bias === undefined ? 0 : 1), (machine, pass, unit) => {
        const isBias = unit === panels.count;
        const [count, offset] = isBias
          ? [biasFloats, sums.kernelBytes]
          : [panels.size, 4 * unit * panels.size];
        const first = isBias ? bias : kernel;
        const places = weightPlaces(machine, first).map((place) => place + (isBias ? 0 : offset));
        putTogether(machine, pass, sums, offset, count, machine.scratch);
        machine.kernels['update']!(count, machine.scratch, ...places, ...pass.scalars);
      }),
    }),
    scratch: () =>
      Math.max(
        gradientScratch(through),
        convolutionScratch(inputForm),
        4 * Math.max(panels.size, biasFloats),
      ),
  };
}

/** Floats of one chunk's sums: what cutting a batch into more chunks costs. */
export function transposedSums({ shape, frozen }: TransposedGradient): number {
  const { count, size } = panelsOf(shape.through);
  return frozen ? 0 : count * size;
}
