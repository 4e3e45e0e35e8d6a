/** Activations as operations: the curve of a weighted layer after its bias, and the layer of its own. */
import type { BufferId, Curve } from '../../plan/plan';
import { applyCurve, applyDerivative } from './curves';
import { address, valuesOf, weightAddress, type Pass } from './machine';

/**
 * Adds the bias to rows of `columns` values and applies the curve, in place.
 * @param at address of the rows.
 * @param bias its place in the block of weights, where there is one.
 */
export function finish(
  pass: Pass,
  at: number,
  rows: number,
  columns: number,
  bias: number | undefined,
  curve: Curve,
) {
  const { machine } = pass;
  const { kernels, floats } = machine;
  const isRelu = curve.name === 'relu';
  if (bias !== undefined) kernels.addBias(at, weightAddress(machine, bias), rows, columns, isRelu ? 1 : 0);
  else if (isRelu) kernels.relu(at, at, rows * columns);
  if (isRelu || curve.name === 'linear') return;
  const values = floats.subarray(at / 4, at / 4 + rows * columns);
  applyCurve(curve, values, values, columns);
}

/** Turns the gradient after a curve into the one before it, in place. */
export function undoCurve(
  pass: Pass,
  curve: Curve,
  output: BufferId,
  gradient: BufferId,
  columns: number,
): void {
  const { machine } = pass;
  if (curve.name === 'linear') return;
  const outputs = valuesOf(pass, output);
  if (curve.name === 'relu')
    machine.kernels.reluGradient(address(machine, output), address(machine, gradient), outputs.length);
  else applyDerivative(curve, outputs, valuesOf(pass, gradient), columns);
}

/** `to` = `from`, or `to` += `from` where another branch was there before. */
export function handOn(from: Float32Array, to: Float32Array, accumulate: boolean): void {
  if (!accumulate) to.set(from);
  else for (let i = 0; i < to.length; i++) to[i]! += from[i]!;
}
