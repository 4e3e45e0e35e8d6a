/**
 * The products that convolutions are made of, in either direction: outputs from images, images from outputs, and the
 * kernel's gradient from both. What they are bound to stands in `convolution.ts` and `transposed.ts`.
 */
import type { ConvolutionShape, FusedPooling } from '../../plan/plan';
import type { Backward, KernelContext } from './context';
import { perExample, weightAt, type Bindings } from './kernel';
import {
  isBordered,
  kernelDepth,
  outputFact,
  pixelBody,
  pixelFact,
  poolsInPlace,
  positionText,
  tapFact,
  tapGradient,
  weightFact,
} from './patches';
import { productWork, putRows, type Fact, type Product, type Work } from './product';
import { chooseSplits, chooseTile } from './tile';

/** Outputs of an image. */
export const positionsIn = ({ window }: ConvolutionShape): number => window.output[0] * window.output[1];
/** Outputs of an image that a pooling looks at, window by window. */
export const rowsOf = ({ window }: Pick<FusedPooling, 'window'>): number =>
  window.output[0] * window.output[1] * window.size[0] * window.size[1];
/** Binds the kernel as `weights`. */
export const weightsOf = (shape: ConvolutionShape): Bindings => ({
  weights: weightAt(shape.kernel, kernelDepth(shape) * shape.filters),
});

/** What both ways of the product have in common; `bordered` says that pixels may lie outside the image. */
export const forwardProduct = (shape: ConvolutionShape, bordered: boolean) => ({
  name: 'product',
  columns: shape.filters / shape.groups,
  depth: { size: kernelDepth(shape), perExample: false },
  parts: shape.groups,
  splits: 1,
  a: { body: pixelBody(bordered), along: 'depth' as const },
  b: { body: `  return weights[k * ${shape.filters}u + own];`, along: 'across' as const },
});

/** About a filter: its number. */
export const filterFact = (shape: ConvolutionShape): Fact => ({
  type: 'u32',
  body: `  return ${filterText(shape, 'column')};`,
});

/** The number of a filter by its number within its group. */
export function filterText({ filters, groups }: ConvolutionShape, within: string): string {
  return groups === 1 ? within : `part * ${filters / groups}u + ${within}`;
}

/** Adds the bias and bends. */
export const finished = (shape: ConvolutionShape, value: string): string =>
  `curve(${value}${shape.bias === undefined ? '' : ` + biases[${filterText(shape, 'column')}]`})`;

/**
 * The convolution: a row for each output, a column for each filter.
 * @param put takes the place of an output among all, and its sum.
 */
export function plainProduct(
  shape: ConvolutionShape,
  { plan, model }: KernelContext,
  put: (place: string, value: string) => string,
): Product {
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
    put: putRows((row, value) => put(`${row} * ${filters}u + ${filterText(shape, 'column')}`, value)),
  };
}

/**
 * The way back to the images: a row for each pixel, a column for each channel; the depth goes over taps and filters.
 * @param put takes the number of a pixel, that of a channel, and its sum.
 */
export function inputWork(
  shape: ConvolutionShape,
  context: KernelContext,
  put: (pixel: string, channel: string, value: string) => string,
): Work {
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
      put: putRows((row, value) => put(row, `(part * ${own}u + column)`, value)),
    },
    context.model,
  );
}

/** A row for each weight of a filter, a column for each filter; the depth goes over all positions of all images. */
export function kernelWork(
  { shape, pooling }: Pick<Backward<'convolutionGradient'>, 'shape' | 'pooling'>,
  context: KernelContext,
): Work {
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
