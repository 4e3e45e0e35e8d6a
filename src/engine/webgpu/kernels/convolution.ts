/**
 * The convolution: one product of patches and kernel forward, two backward. Patches are read where they lie in the
 * images. A max pooling is computed with it where a thread's four rows can be its windows.
 */
import type { ConvolutionShape, FusedPooling } from '../../plan/plan';
import { partialsOf, type Backward, type Forward, type KernelContext } from './context';
import {
  filterFact,
  filterText,
  finished,
  forwardProduct,
  inputWork,
  kernelWork,
  plainProduct,
  positionsIn,
  rowsOf,
  weightsOf,
} from './convolutionProducts';
import { curveText, hasSlope, slopeText } from './curves';
import {
  perExample,
  positionsOf,
  reads,
  scratch,
  weightAt,
  writes,
  type Bindings,
  type Kernel,
} from './kernel';
import {
  gradientText,
  insideText,
  isBordered,
  outputFact,
  pixelText,
  poolsInPlace,
  weightFact,
} from './patches';
import { maxPoolingKernel } from './pooling';
import { productWork, type Product } from './product';
import { softmaxAfter, softmaxBefore } from './softmax';
import { chooseTile } from './tile';
import { worksKernel } from './works';

const bindingsOf = (shape: ConvolutionShape): Bindings => ({
  ...weightsOf(shape),
  ...(shape.bias !== undefined && { biases: weightAt(shape.bias, shape.filters) }),
});

/** outputs = curve(convolution of values and weights + biases), and its largest values where it pools. */
export function convolution(operation: Forward<'convolution'>, context: KernelContext): Kernel[] {
  const { shape, pooling, input, output } = operation;
  const { plan, model } = context;
  const { filters, curve } = shape;
  const bindings = { values: reads(input), ...bindingsOf(shape) };
  const functions = [curveText(curve), pixelText(shape)].join('\n');
  if (!pooling) {
    const work = productWork(plainProduct(shape, context, putOutput(shape)), model);
    return [
      worksKernel('convolution', [work], { ...bindings, outputs: writes(output) }, functions),
      ...softmaxAfter(curve, output, filters, perExample(positionsIn(shape))),
    ];
  }
  if (poolsInPlace(pooling)) {
    const work = productWork(pooledProduct(shape, pooling, context), model);
    const written = { outputs: writes(output), positions: positionsOf(pooling.positions, true) };
    const { window } = pooling;
    const text = [curveText(curve), pixelText(shape), insideText(window, plan.batch)].join('\n');
    return [worksKernel('convolution, pooled', [work], { ...bindings, ...written }, text)];
  }
  context.reserveScratch(plan.batch * positionsIn(shape) * filters);
  const work = productWork(plainProduct(shape, context, putOutput(shape)), model);
  return [
    worksKernel('convolution', [work], { ...bindings, outputs: scratch(true) }, functions),
    maxPoolingKernel(pooling.window, { values: scratch(false) }, output, pooling.positions),
  ];
}

/** Writes outputs with their bias, bent. */
const putOutput =
  (shape: ConvolutionShape) =>
  (place: string, value: string): string =>
    `outputs[${place}] = ${finished(shape, value)};`;

/**
 * Four rows are the taps of one window, or of several windows of two taps or one. Curves never fall, so the largest
 * value is looked for before they bend it.
 */
function pooledProduct(shape: ConvolutionShape, { window }: FusedPooling, context: KernelContext): Product {
  const bordered = isBordered(shape.window) || isBordered(window);
  const common = forwardProduct(shape, bordered);
  const { filters } = shape;
  const taps = window.size[0] * window.size[1];
  const rows = perExample(rowsOf({ window }));
  const put = `  for (var first = 0u; first < 4u; first += ${taps}u) {
    if (row + first >= rows) { break; }
    var found = false;
    var largest = 0.0;
    var position = 0u;
    for (var tap = 0u; tap < ${taps}u; tap++) {
      let value = quad[first + tap];
      if (inside(row + first + tap) && (!found || value > largest)) { found = true; largest = value; position = tap; }
    }
    let at = (row + first) / ${taps}u * ${filters}u + ${filterText(shape, 'column')};
    outputs[at] = ${finished(shape, 'largest')};
    positions[at] = position;
  }`;
  const { plan, model } = context;
  return {
    ...common,
    tile: chooseTile({ rows: rows.size * plan.batch, columns: common.columns, spread: false }, model),
    rows,
    facts: {
      row: outputFact(shape, plan.batch, bordered, window),
      column: filterFact(shape),
      depth: weightFact(shape, 'k', bordered),
    },
    put,
  };
}

/** With g the gradient before pooling and curve: of the input, of the kernel and, by its columns' sums, of the bias. */
export function convolutionGradient(
  operation: Backward<'convolutionGradient'>,
  context: KernelContext,
): Kernel[] {
  const { shape, pooling, input, output, outputGradient, inputGradient, frozen = false } = operation;
  const works = [
    ...(inputGradient === undefined ? [] : [inputWork(shape, context, putGradient(operation))]),
    ...(frozen ? [] : [kernelWork(operation, context)]),
  ];
  const bindings = {
    ...(!frozen && { values: reads(input) }),
    gradient: reads(outputGradient),
    ...(hasSlope(shape.curve) && { outputs: reads(output) }),
    ...(pooling && { positions: positionsOf(pooling.positions) }),
    ...(inputGradient !== undefined && { ...weightsOf(shape), input_gradient: writes(inputGradient) }),
    ...(!frozen && { partials: partialsOf(context, shape.bias === undefined ? 1 : 2) }),
  };
  const functions = [
    slopeText(shape.curve),
    ...(frozen ? [] : [pixelText(shape)]),
    gradientText(shape, pooling?.window),
  ];
  const rows = perExample(positionsIn(shape));
  return [
    ...softmaxBefore(shape.curve, output, outputGradient, shape.filters, rows),
    worksKernel('convolution gradient', works, bindings, functions.join('\n')),
  ];
}

/** Adds to the gradient of the input, or writes it. */
const putGradient =
  ({ shape, accumulate }: Backward<'convolutionGradient'>) =>
  (pixel: string, channel: string, value: string): string =>
    `input_gradient[${pixel} * ${shape.window.image[2]}u + ${channel}] ${accumulate ? '+=' : '='} ${value};`;
