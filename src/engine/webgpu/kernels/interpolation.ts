/**
 * Bilinear upsampling: a thread for each output, which lies between four values; backward one for each input, which adds
 * up the outputs that are less than one pixel away from it.
 */
import type { Sampling } from '../../../layers/interpolation';
import type { InterpolationShape } from '../../plan/plan';
import type { Backward, Forward, KernelContext } from './context';
import { reads, writes, type Kernel } from './kernel';
import { divided, elementKernel, real } from './text';

/** Where output `i` of a side lies among its inputs. */
const placeText = (side: string, { scale, shift, inputs }: Sampling): string =>
  `fn place_${side}(i: u32) -> f32 { return clamp(f32(i) * ${real(scale)} + ${real(shift)}, 0.0, ${real(inputs - 1)}); }`;

const placesText = ({ rows, columns }: InterpolationShape): string =>
  `${placeText('y', rows)}\n${placeText('x', columns)}`;

/** Splits `i` into the example `b`, a row `y`, a column `x` and a channel `c` of images of this size. */
function pixelText(height: number, width: number, channels: number, batch: number): string {
  const most = batch * height * width;
  return [
    divided(['pixel', 'c'], 'i', channels, most * channels),
    divided(['line', 'x'], 'pixel', width, most),
    divided(['b', 'y'], 'line', height, batch * height),
  ].join('\n');
}

export function interpolation(
  { grid, input, output }: Forward<'interpolation'>,
  context: KernelContext,
): Kernel[] {
  const { rows, columns, channels } = grid;
  const tap = (side: string, { inputs }: Sampling): string => `  let p_${side} = place_${side}(${side});
  let low_${side} = u32(p_${side});
  let high_${side} = min(low_${side} + 1u, ${inputs - 1}u);
  let share_${side} = p_${side} - floor(p_${side});`;
  const value = (y: string, x: string): string =>
    `values[((b * ${rows.inputs}u + ${y}) * ${columns.inputs}u + ${x}) * ${channels}u + c]`;
  const line = (y: string): string => `mix(${value(y, 'low_x')}, ${value(y, 'high_x')}, share_x)`;
  const body = `${pixelText(rows.outputs, columns.outputs, channels, context.plan.batch)}
${tap('y', rows)}
${tap('x', columns)}
  outputs[i] = mix(${line('low_y')}, ${line('high_y')}, share_y);`;
  const bindings = { values: reads(input), outputs: writes(output) };
  return [elementKernel('interpolation', context.extent(output), bindings, body, placesText(grid))];
}

/** The first and the last output of a side that may be less than one pixel from input `side`. */
function reachText(side: string, { inputs, outputs, scale, shift }: Sampling): string {
  const at = (distance: string): string => `(f32(${side}) ${distance} - ${real(shift)}) * ${real(1 / scale)}`;
  const [first, last] =
    inputs === 1
      ? ['0u', `${outputs - 1}u`]
      : [
          `select(u32(max(${at('- 1.0')}, 0.0)), 0u, ${side} == 0u)`,
          `select(min(u32(ceil(${at('+ 1.0')})), ${outputs - 1}u), ${outputs - 1}u, ${side} == ${inputs - 1}u)`,
        ];
  return `  let first_${side} = ${first};\n  let last_${side} = ${last};`;
}

export function interpolationGradient(
  { grid, outputGradient, inputGradient, accumulate }: Backward<'interpolationGradient'>,
  context: KernelContext,
): Kernel[] {
  if (inputGradient === undefined) return [];
  const { rows, columns, channels } = grid;
  // What an output takes of an input falls from one to nothing over the distance of one pixel.
  const share = (side: string): string => `max(1.0 - abs(place_${side}(o_${side}) - f32(${side})), 0.0)`;
  const loop = (side: string): string =>
    `for (var o_${side} = first_${side}; o_${side} <= last_${side}; o_${side}++)`;
  const body = `${pixelText(rows.inputs, columns.inputs, channels, context.plan.batch)}
${reachText('y', rows)}
${reachText('x', columns)}
  var sum = ${accumulate ? 'input_gradient[i]' : '0.0'};
  ${loop('y')} {
    let share_y = ${share('y')};
    ${loop('x')} {
      sum += gradient[((b * ${rows.outputs}u + o_y) * ${columns.outputs}u + o_x) * ${channels}u + c] * share_y * ${share('x')};
    }
  }
  input_gradient[i] = sum;`;
  const bindings = { gradient: reads(outputGradient), input_gradient: writes(inputGradient) };
  const extent = context.extent(inputGradient);
  return [elementKernel('interpolation gradient', extent, bindings, body, placesText(grid))];
}
