/** What each operation of a plan does: one entry for each type. Those that are short stand here. */
import { createRandom } from '../../../core/random';
import type { BackwardOperation, ForwardOperation } from '../../plan/plan';
import { handOn, undoCurve } from './activations';
import { convolution, convolutionGradient } from './convolution';
import { applyCurve } from './curves';
import { dense, denseGradient } from './dense';
import { address, valuesOf, type Pass } from './machine';
import { normalization, normalizationGradient } from './normalization';
import { averagePooling, averagePoolingGradient, maxPooling, maxPoolingGradient } from './pooling';

type Operation = ForwardOperation | BackwardOperation;
type Of<T> = Extract<Operation, { type: T }>;
type Table = { readonly [T in Operation['type']]: (operation: Of<T>, pass: Pass) => void };

const table: Table = {
  dense,
  denseGradient,
  convolution,
  convolutionGradient,
  maxPooling,
  maxPoolingGradient,
  averagePooling,
  averagePoolingGradient,
  normalization,
  normalizationGradient,
  activation,
  activationGradient,
  dropout,
  dropoutGradient,
  add,
  addGradient,
  concatenation,
  concatenationGradient,
};

/** Runs one operation on a batch. */
export function runOperation(operation: Operation, pass: Pass): void {
  const run = table[operation.type] as (operation: Operation, pass: Pass) => void;
  run(operation, pass);
}

function activation({ curve, columns, input, output }: Of<'activation'>, pass: Pass): void {
  const { machine } = pass;
  const from = valuesOf(pass, input);
  if (curve.name === 'relu')
    machine.kernels.relu(address(machine, input), address(machine, output), from.length);
  else applyCurve(curve, from, valuesOf(pass, output), columns);
}

function activationGradient(operation: Of<'activationGradient'>, pass: Pass): void {
  const { curve, columns, output, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return;
  undoCurve(pass, curve, output, outputGradient, columns);
  handOn(valuesOf(pass, outputGradient), valuesOf(pass, inputGradient), accumulate);
}

/** Drops each value with probability `rate` and scales what stays by 1/(1 − rate); the mask holds the factors. */
function dropout({ rate, layer, mask, input, output }: Of<'dropout'>, pass: Pass): void {
  const from = valuesOf(pass, input);
  const to = valuesOf(pass, output);
  if (!pass.training) return to.set(from);
  const factors = valuesOf(pass, mask);
  const random = createRandom(pass.seed(layer));
  const kept = 1 / (1 - rate);
  for (let i = 0; i < from.length; i++) {
    factors[i] = random.next() < rate ? 0 : kept;
    to[i] = from[i]! * factors[i]!;
  }
}

function dropoutGradient(operation: Of<'dropoutGradient'>, pass: Pass): void {
  const { mask, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return;
  const gradients = valuesOf(pass, outputGradient);
  const factors = valuesOf(pass, mask);
  for (let i = 0; i < gradients.length; i++) gradients[i]! *= factors[i]!;
  handOn(gradients, valuesOf(pass, inputGradient), accumulate);
}

function add({ inputs, output }: Of<'add'>, pass: Pass): void {
  const to = valuesOf(pass, output);
  inputs.forEach((input, i) => handOn(valuesOf(pass, input), to, i > 0));
}

function addGradient({ outputGradient, inputGradient, accumulate }: Of<'addGradient'>, pass: Pass): void {
  if (inputGradient === undefined) return;
  handOn(valuesOf(pass, outputGradient), valuesOf(pass, inputGradient), accumulate);
}

function concatenation({ inputs, output, columns }: Of<'concatenation'>, pass: Pass): void {
  const to = valuesOf(pass, output);
  const width = columns.reduce((sum, n) => sum + n, 0);
  let first = 0;
  inputs.forEach((input, i) => {
    const from = valuesOf(pass, input);
    const part = columns[i]!;
    for (let row = 0, at = first; row < from.length; row += part, at += width)
      for (let c = 0; c < part; c++) to[at + c] = from[row + c]!;
    first += part;
  });
}

function concatenationGradient(operation: Of<'concatenationGradient'>, pass: Pass): void {
  const { columns, part, first, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return;
  const from = valuesOf(pass, outputGradient);
  const to = valuesOf(pass, inputGradient);
  for (let row = 0, at = first; row < to.length; row += part, at += columns)
    for (let c = 0; c < part; c++) to[row + c] = (accumulate ? to[row + c]! : 0) + from[at + c]!;
}
