/** The dense layer: one product forward; backward two, of its input's gradient and its kernel's, in one kernel. */
import type { DenseShape } from '../../plan/plan';
import { partialsOf, type Backward, type Forward, type KernelContext } from './context';
import { curveText, hasSlope, slopeText } from './curves';
import { fixed, perExample, reads, weightAt, writes, type Bindings, type Kernel } from './kernel';
import { productWork, putRows, type Fact, type Product, type Work } from './product';
import { softmaxAfter, softmaxBefore } from './softmax';
import { chooseSplits, chooseTile } from './tile';
import { worksKernel } from './works';

const weightsOf = ({ kernel, inputs, units }: DenseShape): Bindings => ({
  weights: weightAt(kernel, inputs * units),
});

/** Of a row, a column and a step along the depth one number is to be known each. */
function facts(row: string, column: string, depth: string): Product['facts'] {
  const fact = (value: string): Fact => ({ type: 'u32', body: `  return ${value};` });
  return { row: fact(row), column: fact(column), depth: fact(depth) };
}

/** outputs = curve(values · weights + biases) */
export function dense({ shape, input, output }: Forward<'dense'>, { plan, model }: KernelContext): Kernel[] {
  const { inputs, units, bias } = shape;
  const work = productWork(
    {
      name: 'product',
      tile: chooseTile({ rows: plan.batch, columns: units, spread: false }, model),
      rows: perExample(1),
      columns: units,
      depth: fixed(inputs),
      parts: 1,
      splits: 1,
      facts: facts(`row * ${inputs}u`, 'column', 'k'),
      a: { body: '  return values[own + deep];', along: 'depth' },
      b: { body: `  return weights[deep * ${units}u + own];`, along: 'across' },
      put: putRows(
        (row, value) =>
          `outputs[${row} * ${units}u + column] = curve(${value}${bias === undefined ? '' : ' + biases[column]'});`,
      ),
    },
    model,
  );
  const bindings = {
    values: reads(input),
    ...weightsOf(shape),
    ...(bias !== undefined && { biases: weightAt(bias, units) }),
    outputs: writes(output),
  };
  return [
    worksKernel('dense', [work], bindings, curveText(shape.curve)),
    ...softmaxAfter(shape.curve, output, units, perExample(1)),
  ];
}

/** With g the gradient before the curve: input g · kernelᵀ, kernel inputᵀ · g, bias Σ g. */
export function denseGradient(operation: Backward<'denseGradient'>, context: KernelContext): Kernel[] {
  const { shape, input, output, outputGradient, inputGradient, frozen = false } = operation;
  const { units } = shape;
  const works = [
    ...(inputGradient === undefined ? [] : [inputWork(operation, context)]),
    ...(frozen ? [] : [kernelWork(shape, context)]),
  ];
  const bindings = {
    ...(!frozen && { values: reads(input) }),
    gradient: reads(outputGradient),
    ...(hasSlope(shape.curve) && { outputs: reads(output) }),
    ...(inputGradient !== undefined && { ...weightsOf(shape), input_gradient: writes(inputGradient) }),
    ...(!frozen && { partials: partialsOf(context, shape.bias === undefined ? 1 : 2) }),
  };
  const gradientAt = `fn gradient_at(at: u32) -> f32 {
  return gradient[at]${hasSlope(shape.curve) ? ' * slope(outputs[at])' : ''};
}`;
  return [
    ...softmaxBefore(shape.curve, output, outputGradient, units, perExample(1)),
    worksKernel('dense gradient', works, bindings, `${slopeText(shape.curve)}\n${gradientAt}`),
  ];
}

function inputWork({ shape, accumulate }: Backward<'denseGradient'>, { plan, model }: KernelContext): Work {
  const { inputs, units } = shape;
  return productWork(
    {
      name: 'input',
      tile: chooseTile({ rows: plan.batch, columns: inputs, spread: false }, model),
      rows: perExample(1),
      columns: inputs,
      depth: fixed(units),
      parts: 1,
      splits: 1,
      facts: facts(`row * ${units}u`, `column * ${units}u`, 'k'),
      a: { body: '  return gradient_at(own + deep);', along: 'depth' },
      b: { body: '  return weights[own + deep];', along: 'depth' },
      put: putRows(
        (row, value) => `input_gradient[${row} * ${inputs}u + column] ${accumulate ? '+=' : '='} ${value};`,
      ),
    },
    model,
  );
}

function kernelWork({ inputs, units, kernel, bias }: DenseShape, context: KernelContext): Work {
  const { plan, model } = context;
  const tile = chooseTile({ rows: inputs, columns: units, spread: true }, model);
  const splits = chooseSplits(tile, { rows: inputs, columns: units, depth: plan.batch }, model);
  const of = context.gradient(kernel, inputs * units, splits);
  const ofBias = bias === undefined ? undefined : context.gradient(bias, units, splits);
  return productWork(
    {
      name: 'kernel',
      tile,
      rows: fixed(inputs),
      columns: units,
      depth: perExample(1),
      parts: 1,
      splits,
      facts: facts('row', 'column', 'k'),
      a: { body: `  return values[deep * ${inputs}u + own];`, along: 'across' },
      b: { body: `  return gradient_at(deep * ${units}u + own);`, along: 'across' },
      put: putRows(
        (row, value) => `partials[split * ${of.stride}u + ${row} * ${units}u + column] = ${value};`,
      ),
      ...(ofBias && {
        putSum: `  partials[${ofBias.start - of.start}u + split * ${ofBias.stride}u + column] = value;`,
      }),
    },
    model,
  );
}
