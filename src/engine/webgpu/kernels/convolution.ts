/**
 * The convolution: one product of patches and kernel forward, two backward. Patches are read where they lie in the
 * images. A max pooling is computed with it where a thread's four rows can be its windows.
 */
import type { ConvolutionShape, FusedPooling } from '../../plan/plan';
import { partialsOf, type Backward, type Forward, type KernelContext } from './context';
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
  kernelDepth,
  outputFact,
  pixelBody,
  pixelFact,
  pixelText,
  poolsInPlace,
  positionText,
  tapFact,
  tapGradient,
  weightFact,
} from './patches';
import { maxPoolingKernel } from './pooling';
import { productWork, putRows, type Fact, type Product, type Work } from './product';
import { softmaxAfter, softmaxBefore } from './softmax';
import { chooseSplits, chooseTile } from './tile';
import { worksKernel } from './works';

const positionsIn = ({ window }: ConvolutionShape): number => window.output[0] * window.output[1];
/** Outputs of an image that a pooling looks at, window by window. */
const rowsOf = ({ window }: Pick<FusedPooling, 'window'>): number =>
  window.output[0] * window.output[1] * window.size[0] * window.size[1];
const weightsOf = (shape: ConvolutionShape): Bindings => ({
  weights: weightAt(shape.kernel, kernelDepth(shape) * shape.filters),
});
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
    const work = productWork(plainProduct(shape, context), model);
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
  const work = productWork(plainProduct(shape, context), model);
  return [
    worksKernel('convolution', [work], { ...bindings, outputs: scratch(true) }, functions),
    maxPoolingKernel(pooling.window, { values: scratch(false) }, output, pooling.positions),
  ];
}

/** What both ways of the product have in common; `bordered` says that pixels may lie outside the image. */
const forwardProduct = (shape: ConvolutionShape, bordered: boolean) => ({
  name: 'product',
  columns: shape.filters / shape.groups,
  depth: { size: kernelDepth(shape), perExample: false },
  parts: shape.groups,
  splits: 1,
  a: { body: pixelBody(bordered), along: 'depth' as const },
  b: { body: `  return weights[k * ${shape.filters}u + own];`, along: 'across' as const },
});

/** About a filter: its number. */
const filterFact = (shape: ConvolutionShape): Fact => ({
  type: 'u32',
  body: `  return ${filterText(shape, 'column')};`,
});

/** The number of a filter by its number within its group. */
function filterText({ filters, groups }: ConvolutionShape, within: string): string {
  return groups === 1 ? within : `part * ${filters / groups}u + ${within}`;
}

/** Adds the bias and bends. */
const finished = (shape: ConvolutionShape, value: string): string =>
  `curve(${value}${shape.bias === undefined ? '' : ` + biases[${filterText(shape, 'column')}]`})`;

function plainProduct(shape: ConvolutionShape, { plan, model }: KernelContext): Product {
  const bordered = isBordered(shape.window);
  const common = forwardProduct(shape, bordered);
  const { filters } = shape;
  const rows = perExample(positionsIn(shape));
  return {
    ...common,
    tile: chooseTile({ rows: rows.size * plan.batch, columns: common.columns, spread: false }, model),
    rows,
    facts: {
      row: outputFact(shape, plan.batch, bordered),
      column: filterFact(shape),
      depth: weightFact(shape, 'k', bordered),
    },
    put: putRows(
      (row, value) =>
        `outputs[${row} * ${filters}u + ${filterText(shape, 'column')}] = ${finished(shape, value)};`,
    ),
  };
}

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
    ...(inputGradient === undefined ? [] : [inputWork(operation, context)]),
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

/** A row for each pixel of the images, a column for each channel; the depth goes over taps and filters. */
function inputWork({ shape, accumulate }: Backward<'convolutionGradient'>, context: KernelContext): Work {
  const { window, filters, groups } = shape;
  const [height, width, channels] = window.image;
  const [own, each] = [channels / groups, filters / groups];
  const rows = perExample(height * width);
  const { batch } = context.plan;
  return productWork(
    {
      name: 'input',
      tile: chooseTile({ rows: rows.size * batch, columns: own, spread: false }, context.model),
      rows,
      columns: own,
      depth: { size: window.size[0] * window.size[1] * each, perExample: false },
      parts: groups,
      splits: 1,
      facts: {
        row: pixelFact(shape, batch),
        column: { type: 'u32', body: `  return column * ${filters}u + part * ${each}u;` },
        depth: tapFact(shape),
      },
      a: { body: tapGradient(shape, filterText(shape, 'deep.z')), along: 'depth' },
      b: { body: '  return weights[deep.w + own];', along: 'depth' },
      put: putRows(
        (row, value) =>
          `input_gradient[${row} * ${channels}u + part * ${own}u + column] ${accumulate ? '+=' : '='} ${value};`,
      ),
    },
    context.model,
  );
}

/** A row for each weight of a filter, a column for each filter; the depth goes over all positions of all images. */
function kernelWork({ shape, pooling }: Backward<'convolutionGradient'>, context: KernelContext): Work {
  const { plan, model } = context;
  const { filters, groups, bias } = shape;
  const [rows, columns] = [kernelDepth(shape), filters / groups];
  const position = positionText(shape, plan.batch, pooling);
  const depth = perExample(pooling && poolsInPlace(pooling) ? rowsOf(pooling) : positionsIn(shape));
  const tile = chooseTile({ rows, columns, spread: true }, model);
  const splits = chooseSplits(tile, { rows, columns: filters, depth: depth.size * plan.batch }, model);
  const of = context.gradient(shape.kernel, rows * filters, splits);
  const ofBias = bias === undefined ? undefined : context.gradient(bias, filters, splits);
  return productWork(
    {
      name: 'kernel',
      tile,
      rows: { size: rows, perExample: false },
      columns,
      depth,
      parts: groups,
      splits,
      facts: {
        row: weightFact(shape, 'row', isBordered(shape.window)),
        column: filterFact(shape),
        depth: position.fact,
      },
      a: { body: position.value, along: 'across' },
      b: { body: position.gradient, along: 'across' },
      put: putRows(
        (row, value) =>
          `partials[split * ${of.stride}u + ${row} * ${filters}u + ${filterText(shape, 'column')}] = ${value};`,
      ),
      ...(ofBias && {
        putSum: `  partials[${ofBias.start - of.start}u + split * ${ofBias.stride}u + ${filterText(shape, 'column')}] = value;`,
      }),
    },
    model,
  );
}
