/** The dense layer's operations. Wide layers are cut by their units, narrow ones by the examples. */
import type { BackwardOperation, ForwardOperation } from '../../plan/plan';
import {
  denseInputKernel,
  denseInputScratch,
  denseKernel,
  denseUpdateKernel,
  denseUpdateScratch,
} from '../kernels/dense';
import type { OptimizerKind } from '../kernels/optimizers';
import { PANEL, type Target } from '../kernels/tile';
import { applyCurve, undoCurve } from './curve';
import { address, weightAddress, weightPlaces } from './machine';
import { examples, units, type Context, type Lowered } from './part';

type Dense = Extract<ForwardOperation, { type: 'dense' }>;
type DenseGradient = Extract<BackwardOperation, { type: 'denseGradient' }>;

/** From so many panels on, threads share the panels and not the examples. */
const WIDE = 8;
/** Rows of the kernel's gradient that one thread takes at once: a multiple of every tile's height. */
const ROWS = 96;

const panelsOf = (columns: number): number => Math.ceil(columns / PANEL);

export function dense({ shape, input, output }: Dense, { index }: Context, target: Target): Lowered {
  const name = `dense ${index}`;
  const panels = panelsOf(shape.units);
  const inTile = shape.curve.name === 'relu';
  const curve = applyCurve(`curve ${index}`, shape.curve, shape.units);
  const product =
    panels >= WIDE
      ? units(panels, (machine, { count }, panel) =>
          machine.kernels[name]!(
            ...[count, address(machine, input), address(machine, output)],
            ...[weightAddress(machine, shape.kernel), weightAddress(machine, shape.bias), panel, panel + 1],
          ),
        )
      : examples((machine, _, from, to) =>
          machine.kernels[name]!(
            ...[to - from, address(machine, input, from), address(machine, output, from)],
            ...[weightAddress(machine, shape.kernel), weightAddress(machine, shape.bias), 0, panels],
          ),
        );
  return {
    kernels: [denseKernel(name, shape, target), ...(inTile ? [] : curve.kernels)],
    parts: inTile
      ? [product]
      : [product, examples((machine, _, from, to) => curve.run(machine, output, from, to))],
  };
}

export function denseGradient(
  operation: DenseGradient,
  { index }: Context,
  target: Target,
  optimizer: OptimizerKind,
): Lowered {
  const { shape, input, output, outputGradient, inputGradient, accumulate, frozen = false } = operation;
  const { inputs, kernel, bias } = shape;
  const [inputName, updateName] = [`input gradient ${index}`, `update ${index}`];
  const curve = undoCurve(`derivative ${index}`, shape.curve, shape.units);
  const blocks = Math.ceil(inputs / ROWS);
  const before = examples((machine, _, from, to) => curve.run(machine, outputGradient, from, to, output));
  const inputPart =
    inputGradient === undefined
      ? []
      : [
          units(panelsOf(inputs), (machine, { count }, panel) =>
            machine.kernels[inputName]!(
              ...[count, address(machine, outputGradient), address(machine, inputGradient)],
              ...[weightAddress(machine, kernel), machine.scratch, panel, panel + 1],
            ),
          ),
        ];
  const update = units(panelsOf(shape.units) * blocks, (machine, { count, scalars }, unit) => {
    const from = (unit % blocks) * ROWS;
    machine.kernels[updateName]!(
      ...[count, address(machine, input), address(machine, outputGradient), machine.scratch],
      ...weightPlaces(machine, kernel),
      ...weightPlaces(machine, bias),
      ...[Math.floor(unit / blocks), from, Math.min(from + ROWS, inputs)],
      ...scalars,
    );
  });
  return {
    kernels: [
      ...curve.kernels,
      ...(inputGradient === undefined ? [] : [denseInputKernel(inputName, shape, accumulate, target)]),
      ...(frozen ? [] : [denseUpdateKernel(updateName, shape, optimizer, target)]),
    ],
    parts: [...(shape.curve.name === 'linear' ? [] : [before]), ...inputPart, ...(frozen ? [] : [update])],
    scratch: (batch) => Math.max(denseInputScratch(shape), denseUpdateScratch(batch)),
  };
}
