/** The dense layer: one product forward, two backward. */
import type { BackwardOperation, ForwardOperation } from '../../plan/plan';
import { finish, undoCurve } from './activations';
import { address, gradientAddress, gradientValues, weightAddress, type Pass } from './machine';
import { multiply, type Matrix } from './products';

type Dense = Extract<ForwardOperation, { type: 'dense' }>;
type DenseGradient = Extract<BackwardOperation, { type: 'denseGradient' }>;

/** output = curve(input · kernel + bias) */
export function dense({ shape, input, output }: Dense, pass: Pass): void {
  const { machine, count } = pass;
  const { inputs, units } = shape;
  const c = { at: address(machine, output), stride: units };
  multiply(machine, {
    a: { at: address(machine, input), stride: inputs },
    b: { at: weightAddress(machine, shape.kernel), stride: units },
    c,
    rows: count,
    columns: units,
    depth: inputs,
  });
  finish(pass, c.at, count, units, shape.bias, shape.curve);
}

/** Gradients of kernel (inputᵀ · g), bias (Σ g) and input (g · kernelᵀ), with g the gradient before the curve. */
export function denseGradient(operation: DenseGradient, pass: Pass): void {
  const { machine, count } = pass;
  const { shape, input, output, outputGradient, inputGradient, accumulate } = operation;
  const { inputs, units, kernel, bias } = shape;
  undoCurve(pass, shape.curve, output, outputGradient, units);
  const gradient: Matrix = { at: address(machine, outputGradient), stride: units };
  if (bias !== undefined) {
    gradientValues(machine, bias, units).fill(0);
    machine.kernels.addRows(gradient.at, gradientAddress(machine, bias), count, units);
  }
  multiply(machine, {
    a: { at: address(machine, input), stride: inputs, transposed: true },
    b: gradient,
    c: { at: gradientAddress(machine, kernel), stride: units },
    rows: inputs,
    columns: units,
    depth: count,
  });
  if (inputGradient === undefined) return;
  multiply(machine, {
    a: gradient,
    b: { at: weightAddress(machine, kernel), stride: units, transposed: true },
    c: { at: address(machine, inputGradient), stride: inputs },
    rows: count,
    columns: inputs,
    depth: units,
    accumulate,
  });
}
