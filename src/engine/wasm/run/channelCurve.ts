/** Activations whose numbers are weights. Their gradients are summed chunk by chunk of the batch, and the chunks at the end of the step. */
import type { BackwardOperation, ForwardOperation } from '../../plan/plan';
import { channelCurveKernel, channelInputKernel, channelSumsKernel } from '../kernels/channelCurves';
import { address, weightAddress, weightPlaces } from './machine';
import { examples, units, type Context, type Lowered } from './part';
import { table } from './table';

type ChannelCurve = Extract<ForwardOperation, { type: 'channelCurve' }>;
type ChannelCurveGradient = Extract<BackwardOperation, { type: 'channelCurveGradient' }>;

export function channelCurve({ shape, input, output }: ChannelCurve, { index }: Context): Lowered {
  const name = `channel curve ${index}`;
  return {
    kernels: [channelCurveKernel(name, shape)],
    parts: [
      examples((machine, _, from, to) => {
        const places = [input, output].map((buffer) => address(machine, buffer, from));
        const numbers = [shape.alpha, shape.beta].map((start) => weightAddress(machine, start));
        machine.kernels[name]!((to - from) * shape.rows, ...places, ...numbers);
      }),
    ],
  };
}

export function channelCurveGradient(operation: ChannelCurveGradient, context: Context): Lowered {
  const { shape, input, outputGradient, inputGradient, accumulate, frozen = false } = operation;
  const { rows, channels } = shape;
  const { index, chunks } = context;
  const [inputName, sumsName] = [`channel curve input ${index}`, `channel curve sums ${index}`];
  const weights = [shape.alpha, shape.beta].filter((start) => start !== undefined);
  // A row of each weight for each chunk, and one for the sum of all chunks.
  const sums = table(context, channels, frozen ? 0 : weights.length * (chunks + 1));
  return {
    kernels: [
      ...(inputGradient === undefined ? [] : [channelInputKernel(inputName, shape, accumulate)]),
      ...(frozen ? [] : [channelSumsKernel(sumsName, shape)]),
    ],
    parts: [
      examples((machine, _, from, to, chunk) => {
        const count = (to - from) * rows;
        const places = [input, outputGradient].map((buffer) => address(machine, buffer, from));
        const numbers = [shape.alpha, shape.beta].map((start) => weightAddress(machine, start));
        if (inputGradient !== undefined)
          machine.kernels[inputName]!(count, ...places, address(machine, inputGradient, from), ...numbers);
        if (frozen) return;
        const targets = [0, 1].map((weight) => sums.at(weights.length * chunk + weight));
        machine.kernels[sumsName]!(count, ...places, ...numbers, ...targets);
      }),
    ],
    ...(!frozen && {
      late: units(weights.length, (machine, pass, weight) => {
        const count = sums.bytes / 4;
        const total = sums.at(weights.length * chunks + weight);
        const stride = weights.length * sums.bytes;
        machine.kernels['sumParts']!(count, sums.at(weight), stride, pass.chunks, total);
        machine.kernels['update']!(count, total, ...weightPlaces(machine, weights[weight]), ...pass.scalars);
      }),
    }),
  };
}
