/**
 * How convolutions find their values: the facts about outputs, weights of a filter and pixels from which, added up, the
 * places of values follow; and gradients before the pooling. Below zero numbers wrap round, and are too large then.
 */
import type { ConvolutionShape, FusedPooling, WindowShape } from '../../plan/plan';
import { hasSlope } from './curves';
import { eachWindow } from './pooling';
import type { Fact } from './product';
import { divided } from './text';

/** Weights of one filter. */
export function kernelDepth({ window, groups }: ConvolutionShape): number {
  return (window.size[0] * window.size[1] * window.image[2]) / groups;
}

/** Whether each window is one, two or four rows of a product, and none is computed twice. */
export function poolsInPlace({ window }: FusedPooling): boolean {
  const taps = window.size[0] * window.size[1];
  return 4 % taps === 0 && window.strides.every((stride, side) => stride >= window.size[side]!);
}

/** Whether a tap can lie outside the image. */
export function isBordered({ image, size, strides, dilation, border, output }: WindowShape): boolean {
  return ([0, 1] as const).some(
    (side) =>
      border[side] > 0 ||
      (output[side] - 1) * strides[side] + (size[side] - 1) * dilation[side] >= image[side],
  );
}

/** Names example `b`, row `y` and column `x` of the place with this number, in images of `height` × `width`. */
export const placeText = (
  number: string,
  [height, width]: readonly [number, number],
  batch: number,
): string =>
  `${divided(['line', 'x'], number, width, batch * height * width)}
${divided(['b', 'y'], 'line', height, batch * height)}`;

/**
 * The same for outputs that are pooled and go window by window, tap by tap; and `inside`, whether there is such an
 * output.
 */
function pooledPlaceText(pool: WindowShape, batch: number, number: 'row' | 'k' = 'row'): string {
  const [taps, [height, width]] = [pool.size[0] * pool.size[1], pool.output];
  const inside = isBordered(pool) ? `y < ${pool.image[0]}u && x < ${pool.image[1]}u` : 'true';
  const rows = batch * height * width * taps;
  return `${divided(['at', 'tap'], number, taps, rows)}
${divided(['line', 'column'], 'at', width, rows)}
${divided(['b', 'place'], 'line', height, rows)}
${divided(['tap_y', 'tap_x'], 'tap', pool.size[1], taps)}
  let y = place * ${pool.strides[0]}u + tap_y - ${pool.border[0]}u;
  let x = column * ${pool.strides[1]}u + tap_x - ${pool.border[1]}u;
  let inside = ${inside};`;
}

/** `inside(row)`: whether there is such an output. */
export const insideText = (pool: WindowShape, batch: number): string =>
  `fn inside(row: u32) -> bool {
${isBordered(pool) ? `${pooledPlaceText(pool, batch)}\n  return inside;` : '  return true;'}
}`;

/** Where the first tap of a filter lies, from `b`, `y` and `x` of its output: pixel, row and column, before the border. */
const firstTap = ({ image, strides, border }: WindowShape): string => {
  const [height, width, channels] = image;
  return `  let y_0 = y * ${strides[0]}u;
  let x_0 = x * ${strides[1]}u;
  let pixel = ((b * ${height}u + y_0 - ${border[0]}u) * ${width}u + x_0 - ${border[1]}u) * ${channels}u;`;
};

/** A row and a column, both below 65,536, in one word: such words can be added. */
const together = (y: string, x: string): string => `((${y} << 16u) | ${x})`;
/** More than any row. */
const NOWHERE = '0xc0000000u';

const factOf = (body: string, words: readonly string[]): Fact => {
  const type = (['u32', 'vec2u', 'vec3u', 'vec4u'] as const)[words.length - 1]!;
  return { type, body: `${body}\n  return ${type}(${words.join(', ')});` };
};

/**
 * About an output: its first pixel and, where `bordered`, the row and column of that before the border.
 * @param pool the outputs are pooled in place.
 */
export function outputFact(
  { window, groups }: ConvolutionShape,
  batch: number,
  bordered: boolean,
  pool?: WindowShape,
): Fact {
  const place = pool ? pooledPlaceText(pool, batch) : placeText('row', window.output, batch);
  const own = window.image[2] / groups;
  const missing = pool && isBordered(pool) ? `  if (!inside) { return vec2u(0u, ${NOWHERE}); }\n` : '';
  return factOf(`${place}\n${missing}${firstTap(window)}`, [
    `pixel + part * ${own}u`,
    ...(bordered ? [together('y_0', 'x_0')] : []),
  ]);
}

/** About a weight of a filter, by its number `name`: its pixel and, where `bordered`, row and column from the first tap on. */
export function weightFact({ window, groups }: ConvolutionShape, name: 'row' | 'k', bordered: boolean): Fact {
  const [, width, channels] = window.image;
  const own = channels / groups;
  const depth = window.size[0] * window.size[1] * own;
  const body = `${divided(['tap', 'channel'], name, own, depth)}
${divided(['tap_y', 'tap_x'], 'tap', window.size[1], depth)}
  let y = tap_y * ${window.dilation[0]}u;
  let x = tap_x * ${window.dilation[1]}u;`;
  return factOf(body, [
    `(y * ${width}u + x) * ${channels}u + channel`,
    ...(bordered ? [together('y', 'x')] : []),
  ]);
}

/** `pixel(at, yx)`: the value at a pixel, or 0 where its row and column, which count from the border, lie outside. */
export function pixelText({ window }: ConvolutionShape): string {
  const [height, width] = window.image;
  const [y, x] = unpacked('yx');
  return `fn pixel(at: u32, yx: u32) -> f32 {
  if (${y} - ${window.border[0]}u >= ${height}u || ${x} - ${window.border[1]}u >= ${width}u) { return 0.0; }
  return values[at];
}`;
}

/** The value under a weight, both by their facts. */
export const pixelBody = (bordered: boolean): string =>
  bordered ? '  return pixel(own.x + deep.x, own.y + deep.y);' : '  return values[own + deep];';

/**
 * How the kernel's gradient finds values and gradients at a position, the depth of its product. Positions that are pooled
 * in place go window by window, and what no window covers is left out.
 */
export function positionText(
  shape: ConvolutionShape,
  batch: number,
  pooling?: FusedPooling,
): { readonly fact: Fact; readonly value: string; readonly gradient: string } {
  const { window, filters, groups } = shape;
  const bordered = isBordered(window);
  const inPlace = pooling !== undefined && poolsInPlace(pooling);
  const pool = pooling?.window;
  const place = inPlace ? pooledPlaceText(pooling.window, batch, 'k') : placeText('k', window.output, batch);
  const words = inPlace ? [`at * ${filters}u`, 'tap'] : pool ? ['b', together('y', 'x')] : [];
  const missing =
    inPlace && isBordered(pooling.window)
      ? `  if (!inside) { return ${bordered ? 'vec4u' : 'vec3u'}(0u, 0u, ${NOWHERE}${bordered ? `, ${NOWHERE}` : ''}); }\n`
      : '';
  const all = ['pixel', ...words, ...(bordered ? [together('y_0', 'x_0')] : [])];
  const word = (i: number): string => (all.length === 1 ? 'deep' : `deep.${'xyzw'[i]}`);
  const at = `${bordered ? 'own.x' : 'own'} + ${word(0)} + part * ${window.image[2] / groups}u`;
  const [y, x] = unpacked('deep.z');
  const gradients = {
    plain: `  return gradient_of(k * ${filters}u + own);`,
    pooled: `  return gradient_at(deep.y, ${y}, ${x}, own);`,
    inPlace: `  let source = deep.y + own;
  if (positions[source] != deep.z) { return 0.0; }
  return gradient_of(source);`,
  };
  return {
    fact: factOf(`${place}\n${missing}${firstTap(window)}`, all),
    value: bordered ? `  return pixel(${at}, own.y + ${word(all.length - 1)});` : `  return values[${at}];`,
    gradient: gradients[inPlace ? 'inPlace' : pool ? 'pooled' : 'plain'],
  };
}

/** About a pixel of the images: its example, and its row and column, which count from the border. */
export function pixelFact({ window }: ConvolutionShape, batch: number): Fact {
  const [height, width] = window.image;
  return {
    type: 'vec3u',
    body: `${placeText('row', [height, width], batch)}
  return vec3u(b, y + ${window.border[0]}u, x + ${window.border[1]}u);`,
  };
}

/** About a tap of a filter: how far down and across it lies, the filter within its group, and the weight's place. */
export function tapFact({ window, filters, groups }: ConvolutionShape): Fact {
  const [own, each] = [window.image[2] / groups, filters / groups];
  const taps = window.size[0] * window.size[1];
  return {
    type: 'vec4u',
    body: `${divided(['tap', 'within'], 'k', each, taps * each)}
${divided(['tap_y', 'tap_x'], 'tap', window.size[1], taps)}
  return vec4u(tap_y * ${window.dilation[0]}u, tap_x * ${window.dilation[1]}u, within, tap * ${own * filters}u + within);`,
  };
}

/** The gradient that an output has at a pixel under a tap, both by their facts `own` and `deep`. */
export function tapGradient({ window }: ConvolutionShape, channel: string): string {
  const [[down, across], [height, width]] = [window.strides, window.output];
  const side = (name: 'y' | 'x', size: number, stride: number): string =>
    stride === 1 ? '' : `${divided([name, `rest_${name}`], `at_${name}`, stride, size * stride)}\n`;
  const between = [...(down > 1 ? ['rest_y != 0u'] : []), ...(across > 1 ? ['rest_x != 0u'] : [])].join(
    ' || ',
  );
  return `  let at_y = own.y - deep.x;
  let at_x = own.z - deep.y;
  if (at_y >= ${height * down}u || at_x >= ${width * across}u) { return 0.0; }
${side('y', height, down)}${side('x', width, across)}${between ? `  if (${between}) { return 0.0; }\n` : ''}  return gradient_at(own.x, ${down > 1 ? 'y' : 'at_y'}, ${across > 1 ? 'x' : 'at_x'}, ${channel});`;
}

/**
 * `gradient_of(source)`, the gradient before the curve of what was put out, and `gradient_at(b, row, column, channel)`,
 * that of an output before the pooling too: it comes from the windows whose largest value was here.
 */
export function gradientText({ window, filters, curve }: ConvolutionShape, pool?: WindowShape): string {
  const [height, width] = (pool ?? window).output;
  const at = (y: string, x: string): string =>
    `((b * ${height}u + ${y}) * ${width}u + ${x}) * ${filters}u + channel`;
  const body = pool
    ? `  var sum = 0.0;
${eachWindow(pool, `let source = ${at('y', 'x')};\n      if (positions[source] == tap) { sum += gradient_of(source); }`)}
  return sum;`
    : `  return gradient_of(${at('row', 'column')});`;
  return `fn gradient_of(source: u32) -> f32 {
  return gradient[source]${hasSlope(curve) ? ' * slope(outputs[source])' : ''};
}
fn gradient_at(b: u32, row: u32, column: u32, channel: u32) -> f32 {
${body}
}`;
}

/** Unpacks the two numbers that a fact has in one word. */
const unpacked = (word: string): readonly [string, string] => [`(${word} >> 16u)`, `(${word} & 0xffffu)`];
