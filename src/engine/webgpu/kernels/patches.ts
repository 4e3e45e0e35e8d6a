/** How convolutions find their values: places of outputs, pixels under a tap, and gradients before the pooling. */
import type { ConvolutionShape, WindowShape } from '../../plan/plan';
import { hasSlope } from './curves';
import { eachWindow } from './pooling';

/** Weights of one filter. */
export function kernelDepth({ window, groups }: ConvolutionShape): number {
  return (window.size[0] * window.size[1] * window.image[2]) / groups;
}

/** Whether a tap can lie outside the image. */
function isBordered({ image, size, strides, dilation, border, output }: WindowShape): boolean {
  return ([0, 1] as const).some(
    (side) =>
      border[side] > 0 ||
      (output[side] - 1) * strides[side] + (size[side] - 1) * dilation[side] >= image[side],
  );
}

/** `place(row)`: example, row and column of an output by its number. */
export const placeText = ({ window: { output } }: ConvolutionShape): string =>
  `fn place(row: u32) -> vec3u {
  return vec3u(row / ${output[0] * output[1]}u, (row / ${output[1]}u) % ${output[0]}u, row % ${output[1]}u);
}`;

/**
 * The same where the outputs are pooled and go window by window, tap by tap; and `inside(row)`, whether there is such an
 * output. Below zero numbers wrap round, and are too large then.
 */
export function pooledPlaceText(pool: WindowShape): string {
  const [taps, [height, width]] = [pool.size[0] * pool.size[1], pool.output];
  const inside = isBordered(pool)
    ? `let at = place(row); return at.y < ${pool.image[0]}u && at.z < ${pool.image[1]}u;`
    : 'return true;';
  return `fn place(row: u32) -> vec3u {
  let tap = row % ${taps}u;
  let window = row / ${taps}u;
  let y = (window / ${width}u) % ${height}u * ${pool.strides[0]}u + tap / ${pool.size[1]}u - ${pool.border[0]}u;
  let x = window % ${width}u * ${pool.strides[1]}u + tap % ${pool.size[1]}u - ${pool.border[1]}u;
  return vec3u(window / ${width * height}u, y, x);
}
fn inside(row: u32) -> bool { ${inside} }`;
}

/** `pixel(at, k, part)`: the value under weight k of a filter of this group that lies at an output's place. */
export function pixelText({ window, groups }: ConvolutionShape): string {
  const [height, width, channels] = window.image;
  const own = channels / groups;
  const check = isBordered(window) ? `  if (y >= ${height}u || x >= ${width}u) { return 0.0; }\n` : '';
  const tap = (side: 0 | 1, place: string, number: string): string =>
    `at.${place} * ${window.strides[side]}u + (${number}) * ${window.dilation[side]}u - ${window.border[side]}u`;
  return `fn pixel(at: vec3u, k: u32, part: u32) -> f32 {
  let tap = k / ${own}u;
  let y = ${tap(0, 'y', `tap / ${window.size[1]}u`)};
  let x = ${tap(1, 'z', `tap % ${window.size[1]}u`)};
${check}  return values[((at.x * ${height}u + y) * ${width}u + x) * ${channels}u + part * ${own}u + k % ${own}u];
}`;
}

/**
 * `gradient_at(at, channel)`: the gradient before curve and pooling. A pooled one comes from the windows whose largest
 * value was here.
 */
export function gradientText({ window, filters, curve }: ConvolutionShape, pool?: WindowShape): string {
  const [height, width] = (pool ?? window).output;
  const at = (y: string, x: string): string =>
    `((at.x * ${height}u + ${y}) * ${width}u + ${x}) * ${filters}u + channel`;
  const value = (from: string): string =>
    `gradient[${from}]${hasSlope(curve) ? ` * slope(outputs[${from}])` : ''}`;
  const body = pool
    ? `  let row = at.y;
  let column = at.z;
  var sum = 0.0;
${eachWindow(
  pool,
  `      let source = ${at('y', 'x')};
      if (positions[source] == tap) { sum += ${value('source')}; }`,
)}
  return sum;`
    : `  let source = ${at('at.y', 'at.z')};\n  return ${value('source')};`;
  return `fn gradient_at(at: vec3u, channel: u32) -> f32 {
${body}
}`;
}
