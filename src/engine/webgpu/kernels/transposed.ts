/**
 * The transposed convolution, by the products of the convolution that it goes back through: forward by the way back to
 * that one's images, the gradient of its input by that one itself, that of the kernel by the same product.
 */
import { partialsOf, type Backward, type Forward, type KernelContext } from './context';
import { inputWork, kernelWork, plainProduct, weightsOf } from './convolutionProducts';
import { curveText, hasSlope, slopeText } from './curves';
import { fixed, perExample, reads, weightAt, writes, type Kernel } from './kernel';
import { gradientText, pixelText } from './patches';
import { productWork, putRows, type Work } from './product';
import { softmaxAfter, softmaxBefore } from './softmax';
import { elementKernel } from './text';
import { chooseSplits, chooseTile } from './tile';
import { worksKernel } from './works';

/** outputs = curve(what the values paint + biases). */
export function transposedConvolution(
  { shape, input, output }: Forward<'transposedConvolution'>,
  context: KernelContext,
): Kernel[] {
  const { through, bias, curve } = shape;
  const [height, width, filters] = through.window.image;
  const biased = (value: string, channel: string): string =>
    bias === undefined ? value : `${value} + biases[${channel}]`;
  const work = inputWork(
    through,
    context,
    (pixel, channel, value) =>
      `outputs[${pixel} * ${filters}u + ${channel}] = curve(${biased(value, channel)});`,
  );
  const bindings = {
    gradient: reads(input),
    ...weightsOf(through),
    ...(bias !== undefined && { biases: weightAt(bias, filters) }),
    outputs: writes(output),
  };
  const functions = [curveText(curve), gradientText(through)].join('\n');
  return [
    worksKernel('transposed convolution', [work], bindings, functions),
    ...softmaxAfter(curve, output, filters, perExample(height * width)),
  ];
}

/** With g the gradient before the curve, an image: of the input, of the kernel, and of the bias by its sums. */
export function transposedConvolutionGradient(
  operation: Backward<'transposedConvolutionGradient'>,
  context: KernelContext,
): Kernel[] {
  const { shape, input, output, outputGradient, inputGradient, accumulate, frozen = false } = operation;
  const { through, bias, curve } = shape;
  const [height, width, filters] = through.window.image;
  const put = (place: string, value: string): string =>
    `input_gradient[${place}] ${accumulate ? '+=' : '='} ${value};`;
  const works = [
    ...(inputGradient === undefined ? [] : [productWork(plainProduct(through, context, put), context.model)]),
    ...(frozen ? [] : [kernelWork({ shape: through }, context)]),
    ...(frozen || bias === undefined ? [] : [biasWork(operation, bias, context)]),
  ];
  const bindings = {
    values: reads(outputGradient),
    ...(!frozen && { gradient: reads(input) }),
    ...(inputGradient !== undefined && { ...weightsOf(through), input_gradient: writes(inputGradient) }),
    ...(!frozen && { partials: partialsOf(context, bias === undefined ? 1 : 2) }),
  };
  const functions = [pixelText(through), ...(frozen ? [] : [gradientText(through)])];
  const pixels = perExample(height * width);
  return [
    ...softmaxBefore(curve, output, outputGradient, filters, pixels),
    ...(hasSlope(curve) ? [slopeKernel(operation)] : []),
    worksKernel('transposed convolution gradient', works, bindings, functions.join('\n')),
  ];
}

/** Turns the gradient after the curve into that before it, in place: every product reads it at many places. */
function slopeKernel({ shape, output, outputGradient }: Backward<'transposedConvolutionGradient'>): Kernel {
  const [height, width, filters] = shape.through.window.image;
  const bindings = { gradient: writes(outputGradient), outputs: reads(output) };
  const body = '  gradient[i] *= slope(outputs[i]);';
  const all = perExample(height * width * filters);
  return elementKernel('slope', all, bindings, body, slopeText(shape.curve));
}

/** The sums of all gradients of each filter: a row of ones times them. */
function biasWork(
  { shape }: Backward<'transposedConvolutionGradient'>,
  bias: number,
  context: KernelContext,
): Work {
  const { plan, model } = context;
  const [height, width, filters] = shape.through.window.image;
  const depth = perExample(height * width);
  const tile = chooseTile({ rows: 1, columns: filters, spread: true }, model);
  const splits = chooseSplits(tile, { rows: 1, columns: filters, depth: depth.size * plan.batch }, model);
  // The kernel's gradient was reserved just before, and is where the binding begins.
  const first = context.gradients.at(-1)!.start;
  const of = context.gradient(bias, filters, splits);
  return productWork(
    {
      name: 'bias',
      tile,
      rows: fixed(1),
      columns: filters,
      depth,
      parts: 1,
      splits,
      facts: {
        row: { type: 'u32', body: '  return row;' },
        column: { type: 'u32', body: '  return column;' },
        depth: { type: 'u32', body: `  return k * ${filters}u;` },
      },
      a: { body: '  return 1.0;', along: 'across' },
      b: { body: '  return values[deep + own];', along: 'across' },
      put: putRows(
        (_, value) => `partials[${of.start - first}u + split * ${of.stride}u + column] = ${value};`,
      ),
    },
    model,
  );
}
