/**
 * The convolution's operations. Its gradients are summed chunk by chunk of the batch, and the chunks at the end of the
 * step. Where it is frozen, there are no sums.
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
import { filterSize, rowsKernel, sparseGradientKernel, sparseScratch } from '../kernels/sparseGradient';
import { PANEL, type Target } from '../kernels/tile';
import { applyCurve, undoCurve } from './curve';
import { address, weightAddress, weightPlaces, type Machine, type Pass } from './machine';
import { examples, units, type Context, type Lowered } from './part';
import { begin, noSums, panelsOf, putTogether, reserveSums } from './sums';

type Convolution = Extract<ForwardOperation, { type: 'convolution' }>;
type ConvolutionGradient = Extract<BackwardOperation, { type: 'convolutionGradient' }>;
type Pooled = ConvolutionGradient & { readonly pooling: NonNullable<ConvolutionGradient['pooling']> };

export function convolution(operation: Convolution, { index }: Context, target: Target): Lowered {
  const { shape, pooling, input, output } = operation;
  const name = `convolution ${index}`;
  const curve = applyCurve(`curve ${index}`, shape.curve, shape.filters);
  const inTile = shape.curve.name === 'relu';
  return {
    kernels: [convolutionKernel(name, operation, target), ...(inTile ? [] : curve.kernels)],
    parts: [
      examples((machine, _, from, to) => {
        machine.kernels[name]!(
          ...[to - from, address(machine, input, from), address(machine, output, from)],
          pooling ? address(machine, pooling.positions, from) : 0,
          ...[weightAddress(machine, shape.kernel), weightAddress(machine, shape.bias), machine.scratch],
        );
        if (!inTile) curve.run(machine, output, from, to);
      }),
    ],
    scratch: () => convolutionScratch(operation),
  };
}

export function convolutionGradient(
  operation: ConvolutionGradient,
  context: Context,
  target: Target,
): Lowered {
  return operation.pooling
    ? pooledGradient({ ...operation, pooling: operation.pooling }, context, target)
    : plainGradient(operation, context, target);
}

/** Moves a panel of the kernel, whose gradient lies at `gradient`, and its part of the bias. */
function updatePanel(
  operation: ConvolutionGradient,
  machine: Machine,
  pass: Pass,
  panel: number,
  gradients: { readonly kernel: number; readonly bias: number },
): void {
  const { kernel, bias } = operation.shape;
  const { size } = panelsOf(operation.shape);
  const move = (start: number, count: number, gradient: number): void => {
    const places = weightPlaces(machine, start).map((place) => place + 4 * panel * count);
    machine.kernels['update']!(count, gradient, ...places, ...pass.scalars);
  };
  move(kernel, size, gradients.kernel);
  if (bias !== undefined) move(bias, PANEL, gradients.bias);
}

function plainGradient(operation: ConvolutionGradient, context: Context, target: Target): Lowered {
  const { shape, input, output, outputGradient, inputGradient, accumulate, frozen = false } = operation;
  const { index, reserve } = context;
  const [sumName, inputName, turnName] = [`sums ${index}`, `input gradient ${index}`, `turn ${index}`];
  const panels = panelsOf(operation.shape);
  const sums = frozen ? noSums : reserveSums(context, panels.count * panels.size, panels.count * PANEL);
  const turned = inputGradient === undefined ? 0 : reserve(4 * turnedSize(shape));
  const groupBytes = (4 * turnedSize(shape)) / shape.groups;
  const curve = undoCurve(`derivative ${index}`, shape.curve, shape.filters);
  const turn = (machine: Machine, panel: number): void => {
    if (inputGradient === undefined) return;
    const { group, first, width } = panels.at(panel);
    const from = weightAddress(machine, shape.kernel) + 4 * panel * panels.size;
    machine.kernels[turnName]!(from, turned + group * groupBytes + 4 * PANEL * first, width);
  };
  return {
    kernels: [
      ...curve.kernels,
      ...(frozen ? [] : [convolutionSumKernel(sumName, shape, target)]),
      ...(inputGradient === undefined
        ? []
        : [convolutionInputKernel(inputName, shape, accumulate, target), turnKernel(turnName, shape)]),
    ],
    parts: [
      examples((machine, _, from, to, chunk) => {
        curve.run(machine, outputGradient, from, to, output);
        const gradient = address(machine, outputGradient, from);
        if (!frozen) {
          const start = begin(machine, sums, chunk);
          machine.kernels[sumName]!(
            ...[to - from, address(machine, input, from), gradient],
            ...[start, start + sums.kernelBytes, machine.scratch],
          );
        }
        if (inputGradient === undefined) return;
        const back = address(machine, inputGradient, from);
        machine.kernels[inputName]!(to - from, gradient, back, turned, machine.scratch);
      }),
    ],
    ...(!frozen && {
      late: units(panels.count, (machine, pass, panel) => {
        const kernel = machine.scratch;
        const bias = kernel + 4 * panels.size;
        putTogether(machine, pass, sums, 4 * panel * panels.size, panels.size, kernel);
        putTogether(machine, pass, sums, sums.kernelBytes + 4 * panel * PANEL, PANEL, bias);
        updatePanel(operation, machine, pass, panel, { kernel, bias });
        turn(machine, panel);
      }),
    }),
    ...(inputGradient !== undefined && {
      refresh: units(panels.count, (machine, _, panel) => turn(machine, panel)),
    }),
    scratch: () => Math.max(gradientScratch(shape), 4 * (panels.size + PANEL)),
  };
}

function pooledGradient(operation: Pooled, context: Context, target: Target): Lowered {
  const { shape, pooling, input, output, outputGradient, inputGradient, accumulate } = operation;
  const { frozen = false } = operation;
  const { index, reserve } = context;
  const [sparseName, inName, outName] = [`sparse ${index}`, `to rows ${index}`, `to panel ${index}`];
  const panels = panelsOf(operation.shape);
  const filterFloats = filterSize(shape);
  const sums = frozen ? noSums : reserveSums(context, shape.filters * filterFloats, shape.filters);
  const filters = inputGradient === undefined ? 0 : reserve(4 * shape.filters * filterFloats);
  const form = {
    ...{ shape, pooling, frozen },
    input: inputGradient === undefined ? 'none' : accumulate ? 'add' : 'write',
  } as const;
  const curve = undoCurve(`derivative ${index}`, shape.curve, shape.filters);
  const firstOf = (panel: number): number => {
    const { group, first } = panels.at(panel);
    return group * panels.columns + first;
  };
  const toRows = (machine: Machine, panel: number): void => {
    if (inputGradient === undefined) return;
    const from = weightAddress(machine, shape.kernel) + 4 * panel * panels.size;
    const to = filters + 4 * firstOf(panel) * filterFloats;
    machine.kernels[inName]!(from, to, panels.at(panel).width);
  };
  return {
    kernels: [
      ...curve.kernels,
      sparseGradientKernel(sparseName, form, target),
      ...(frozen ? [] : [rowsKernel(outName, shape, 'toPanel')]),
      ...(inputGradient === undefined ? [] : [rowsKernel(inName, shape, 'toRows')]),
    ],
    parts: [
      examples((machine, _, from, to, chunk) => {
        curve.run(machine, outputGradient, from, to, output);
        const start = frozen ? 0 : begin(machine, sums, chunk);
        machine.kernels[sparseName]!(
          ...[to - from, address(machine, input, from), address(machine, outputGradient, from)],
          address(machine, pooling.positions, from),
          inputGradient === undefined ? 0 : address(machine, inputGradient, from),
          ...[filters, start, start + sums.kernelBytes, machine.scratch],
        );
      }),
    ],
    ...(!frozen && {
      late: units(panels.count, (machine, pass, panel) => {
        const { width } = panels.at(panel);
        const first = firstOf(panel);
        const rows = machine.scratch;
        const bias = rows + 4 * PANEL * filterFloats;
        const kernel = bias + 4 * PANEL;
        putTogether(machine, pass, sums, 4 * first * filterFloats, width * filterFloats, rows);
        putTogether(machine, pass, sums, sums.kernelBytes + 4 * first, width, bias);
        machine.kernels[outName]!(kernel, rows, width);
        updatePanel(operation, machine, pass, panel, { kernel, bias });
        toRows(machine, panel);
      }),
    }),
    ...(inputGradient !== undefined && {
      refresh: units(panels.count, (machine, _, panel) => toRows(machine, panel)),
    }),
    scratch: () => Math.max(sparseScratch(form), 4 * (PANEL * filterFloats + PANEL + panels.size)),
  };
}

/** Floats of one chunk's sums: what cutting a batch into more chunks costs. */
export function sumsOf(operation: ConvolutionGradient): number {
  const { shape, pooling, frozen } = operation;
  if (frozen) return 0;
  if (pooling) return shape.filters * filterSize(shape);
  const { count, size } = panelsOf(shape);
  return count * size;
}
