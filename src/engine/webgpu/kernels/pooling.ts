/**
 * Poolings by themselves: a thread for each output forward, for each value of the image backward, which looks for the
 * windows that it lies in. What of a window lies outside the image does not count, but in averages that are told to.
 */
import type { BufferId, WindowShape } from '../../plan/plan';
import type { Backward, Forward } from './context';
import { perExample, positionsOf, reads, writes, type Bindings, type Kernel } from './kernel';
import { elementKernel, quotient, real } from './text';

/** The number of values in one example's outputs, and in one image. */
export const outputsOf = ({ output, image }: WindowShape): number => output[0] * output[1] * image[2];
const imageOf = ({ image }: WindowShape): number => image[0] * image[1] * image[2];

/** Splits the number of an output `i` into its channel `c`, its place `y` and `x`, and its example `b`. */
export const outputPlace = ({ image, output }: WindowShape): string => `  let c = i % ${image[2]}u;
  let x = (i / ${image[2]}u) % ${output[1]}u;
  let y = (i / ${image[2] * output[1]}u) % ${output[0]}u;
  let b = i / ${image[2] * output[0] * output[1]}u;`;

/** Runs `visit` for each tap inside the image: it sees `tap`, its number in the window, and `at`, its value's number. */
export const eachTap = ({ image, size, strides, border }: WindowShape, visit: string): string =>
  `  for (var ky = 0u; ky < ${size[0]}u; ky++) {
    let row = y * ${strides[0]}u + ky - ${border[0]}u;
    if (row >= ${image[0]}u) { continue; }
    for (var kx = 0u; kx < ${size[1]}u; kx++) {
      let column = x * ${strides[1]}u + kx - ${border[1]}u;
      if (column >= ${image[1]}u) { continue; }
      let tap = ky * ${size[1]}u + kx;
      let at = ((b * ${image[0]}u + row) * ${image[1]}u + column) * ${image[2]}u + c;
${visit}
    }
  }`;

/**
 * Runs `visit` for each window that the place `row`, `column` of an image lies in: it sees `tap`, the place's number in
 * the window, and `y` and `x`, the window's own place. Below zero numbers wrap round, and are too large then.
 */
export function eachWindow({ image, size, strides, border, output }: WindowShape, visit: string): string {
  const last = (side: 0 | 1, place: string): string =>
    quotient(`${place} + ${border[side]}u`, strides[side], image[side] + border[side]);
  const most = (side: 0 | 1): number => Math.ceil(size[side] / strides[side]);
  const loop = (name: string, side: 0 | 1, body: string): string =>
    most(side) === 1
      ? `  {\n    const ${name} = 0u;\n${body}\n  }`
      : `  for (var ${name} = 0u; ${name} < ${most(side)}u; ${name}++) {\n${body}\n  }`;
  return loop(
    'i_y',
    0,
    `    let y = ${last(0, 'row')} - i_y;
    let ky = row + ${border[0]}u - y * ${strides[0]}u;
${loop(
  'i_x',
  1,
  `    let x = ${last(1, 'column')} - i_x;
    let kx = column + ${border[1]}u - x * ${strides[1]}u;
    if (y < ${output[0]}u && ky < ${size[0]}u && x < ${output[1]}u && kx < ${size[1]}u) {
      let tap = ky * ${size[1]}u + kx;
      ${visit}
    }`,
)}`,
  );
}

export function maxPooling({ window, input, output, positions }: Forward<'maxPooling'>): Kernel[] {
  return [maxPoolingKernel(window, { values: reads(input) }, output, positions)];
}

/** @param values binds the images as `values`. */
export function maxPoolingKernel(
  window: WindowShape,
  values: Bindings,
  output: BufferId,
  positions: BufferId,
): Kernel {
  const bindings = { ...values, outputs: writes(output), positions: positionsOf(positions, true) };
  const body = `${outputPlace(window)}
  var found = false;
  var largest = 0.0;
  var position = 0u;
${eachTap(window, '      if (!found || values[at] > largest) { found = true; largest = values[at]; position = tap; }')}
  outputs[i] = largest;
  positions[i] = position;`;
  return elementKernel('max pooling', perExample(outputsOf(window)), bindings, body);
}

export function maxPoolingGradient(operation: Backward<'maxPoolingGradient'>): Kernel[] {
  const { window, positions, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return [];
  const bindings = {
    gradient: reads(outputGradient),
    positions: positionsOf(positions),
    input_gradient: writes(inputGradient),
  };
  const visit = `let source = ${outputIndex(window)};
      if (positions[source] == tap) { sum += gradient[source]; }`;
  return [imageKernel('max pooling gradient', window, bindings, visit, accumulate)];
}

/** The number of the output of channel `c` at `y` and `x` of example `b`. */
export const outputIndex = ({ image, output }: WindowShape): string =>
  `((b * ${output[0]}u + y) * ${output[1]}u + x) * ${image[2]}u + c`;

/** A kernel with a thread for each value `i` of the images, which adds up what `visit` puts into `sum` at each window. */
export function imageKernel(
  name: string,
  window: WindowShape,
  bindings: Bindings,
  visit: string,
  accumulate: boolean,
): Kernel {
  const [height, width, channels] = window.image;
  const body = `  let c = i % ${channels}u;
  let column = (i / ${channels}u) % ${width}u;
  let row = (i / ${channels * width}u) % ${height}u;
  let b = i / ${channels * width * height}u;
  var sum = ${accumulate ? 'input_gradient[i]' : '0.0'};
${eachWindow(window, visit)}
  input_gradient[i] = sum;`;
  return elementKernel(name, perExample(imageOf(window)), bindings, body);
}

/** How many taps of a window lie inside the image along one side, of the output at `place`. */
const sideText = ({ image, size, strides, border }: WindowShape, side: 0 | 1, place: string): string => {
  const start = `i32(${place}) * ${strides[side]} - ${border[side]}`;
  return `f32(min(${start} + ${size[side]}, ${image[side]}) - max(${start}, 0))`;
};

/** How many taps count of the window at `y` and `x`: those inside the image, or all. */
const countedText = (window: WindowShape, countPadding: boolean): string =>
  countPadding
    ? real(window.size[0] * window.size[1])
    : `(${sideText(window, 0, 'y')} * ${sideText(window, 1, 'x')})`;

export function averagePooling(operation: Forward<'averagePooling'>): Kernel[] {
  const { window, countPadding, input, output } = operation;
  const bindings = { values: reads(input), outputs: writes(output) };
  const body = `${outputPlace(window)}
  var sum = 0.0;
${eachTap(window, '      sum += values[at];')}
  outputs[i] = sum / ${countedText(window, countPadding)};`;
  return [elementKernel('average pooling', perExample(outputsOf(window)), bindings, body)];
}

export function averagePoolingGradient(operation: Backward<'averagePoolingGradient'>): Kernel[] {
  const { window, countPadding, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return [];
  const bindings = { gradient: reads(outputGradient), input_gradient: writes(inputGradient) };
  const visit = `sum += gradient[${outputIndex(window)}] / ${countedText(window, countPadding)};`;
  return [imageKernel('average pooling gradient', window, bindings, visit, accumulate)];
}
