/**
 * Batch normalization over the last axis, with the statistics that TensorFlow.js takes: biased variance, all positions.
 * Chunks of the batch are summed each by itself and put together in their order (Chan, Golub and LeVeque, 1979).
 */
import type { BackwardOperation, ForwardOperation, NormalizationShape } from '../../plan/plan';
import {
  gradientSumsKernel,
  momentsKernel,
  normalizationInputKernel,
  normalizeKernel,
} from '../kernels/normalization';
import { chunkStart } from './chunks';
import { applyCurve, undoCurve } from './curve';
import { address, weightAddress, weightPlaces, type Machine, type Pass } from './machine';
import { examples, units, type Context, type Lowered } from './part';
import { table } from './table';

type Normalization = Extract<ForwardOperation, { type: 'normalization' }>;
type NormalizationGradient = Extract<BackwardOperation, { type: 'normalizationGradient' }>;

const weightValues = (machine: Machine, start: number, channels: number): Float32Array => {
  const from = weightAddress(machine, start) / 4;
  return machine.floats.subarray(from, from + channels);
};

/** What the kernel of the way forward takes: γ / √(variance + ε) and β, beside the mean. */
const [MEAN, SCALE, SHIFT] = [0, 1, 2];

export function normalization(operation: Normalization, context: Context): Lowered {
  const { shape, statistics, input, output, frozen = false } = operation;
  const { channels, rows, epsilon, momentum } = shape;
  const { index, chunks } = context;
  const [momentsName, name] = [`moments ${index}`, `normalize ${index}`];
  const sums = table(context, channels, 2 * chunks);
  const factors = table(context, channels, 3);
  const curve = applyCurve(`curve ${index}`, shape.curve, channels);

  function moments(machine: Machine, pass: Pass): readonly [Float64Array, Float64Array] {
    const [means, squares] = [new Float64Array(channels), new Float64Array(channels)];
    let before = 0;
    for (let chunk = 0; chunk < pass.chunks; chunk++) {
      const count = rowsOf(pass, chunk, rows);
      const [mean, square] = [sums.values(machine, 2 * chunk), sums.values(machine, 2 * chunk + 1)];
      const all = before + count;
      for (let c = 0; c < channels; c++) {
        const distance = mean[c]! - means[c]!;
        means[c]! += (distance * count) / all;
        squares[c]! += square[c]! + (distance * distance * before * count) / all;
      }
      before = all;
    }
    return [means, squares.map((square) => square / before)];
  }

  function putTogether(machine: Machine, pass: Pass): void {
    const moving = [shape.movingMean, shape.movingVariance].map((start) =>
      weightValues(machine, start, channels),
    );
    const learns = pass.training && !frozen;
    const [means, variances] = learns ? moments(machine, pass) : moving;
    const [gamma, beta] = [shape.gamma, shape.beta].map((start) => weightValues(machine, start, channels));
    const [mean, scale, shift] = [MEAN, SCALE, SHIFT].map((row) => factors.values(machine, row));
    const kept = address(machine, statistics) / 4;
    for (let c = 0; c < channels; c++) {
      const inverse = 1 / Math.sqrt(variances[c]! + epsilon);
      mean![c] = means[c]!;
      scale![c] = gamma![c]! * inverse;
      shift![c] = beta![c]!;
      if (!pass.training) continue;
      machine.floats[kept + c] = means[c]!;
      machine.floats[kept + channels + c] = inverse;
      if (!learns) continue;
      moving[0]![c]! -= (moving[0]![c]! - means[c]!) * (1 - momentum);
      moving[1]![c]! -= (moving[1]![c]! - variances[c]!) * (1 - momentum);
    }
  }

  const batchMoments = examples((machine, pass, from, to, chunk) => {
    if (!pass.training) return;
    const count = (to - from) * rows;
    const [mean, square] = [sums.at(2 * chunk), sums.at(2 * chunk + 1)];
    machine.kernels[momentsName]!(count, address(machine, input, from), mean, square, 1 / count);
  });

  return {
    kernels: [
      ...(frozen ? [] : [momentsKernel(momentsName, channels)]),
      normalizeKernel(name, channels),
      ...curve.kernels,
    ],
    parts: [
      ...(frozen ? [] : [batchMoments]),
      units(1, putTogether),
      examples((machine, _, from, to) => {
        const places = [input, output].map((buffer) => address(machine, buffer, from));
        machine.kernels[name]!((to - from) * rows, ...places, ...[MEAN, SCALE, SHIFT].map(factors.at));
        curve.run(machine, output, from, to);
      }),
    ],
  };
}

const rowsOf = ({ count, chunks }: Pass, chunk: number, rows: number): number =>
  (chunkStart(count, chunks, chunk + 1) - chunkStart(count, chunks, chunk)) * rows;

/** Rows of the table of the way back: the factors of the kernel, and the gradients of γ and β. */
const [A, B, C, GAMMA, BETA] = [0, 1, 2, 3, 4];

/** The way back: through constants where the layer is frozen, else through the statistics of the batch. */
export function normalizationGradient(operation: NormalizationGradient, context: Context): Lowered {
  return operation.frozen ? frozenGradient(operation, context) : learningGradient(operation, context);
}

/** The statistics are constants, so the input gets γ/√(variance + ε) · g: the same kernel without its sums. */
function frozenGradient(operation: NormalizationGradient, context: Context): Lowered {
  const { shape, statistics, input, output, outputGradient, inputGradient, accumulate } = operation;
  const { channels, rows } = shape;
  const name = `input gradient ${context.index}`;
  const factors = table(context, channels, 3);
  const curve = undoCurve(`derivative ${context.index}`, shape.curve, channels);
  return {
    kernels: [normalizationInputKernel(name, channels, accumulate), ...curve.kernels],
    parts: [
      units(1, (machine) => {
        const inverse = machine.floats.subarray(address(machine, statistics) / 4 + channels);
        const gamma = weightValues(machine, shape.gamma, channels);
        const [a, b, c] = [A, B, C].map((row) => factors.values(machine, row));
        a!.forEach((_, channel) => (a![channel] = gamma[channel]! * inverse[channel]!));
        b!.fill(0);
        c!.fill(0);
      }),
      examples((machine, _, from, to) => {
        curve.run(machine, outputGradient, from, to, output);
        if (inputGradient === undefined) return;
        const places = [input, outputGradient, inputGradient].map((buffer) => address(machine, buffer, from));
        const mean = address(machine, statistics);
        machine.kernels[name]!((to - from) * rows, ...places, mean, ...[A, B, C].map(factors.at));
      }),
    ],
  };
}

/**
 * With x̂ the normalized input and g the gradient of the output: γ gets Σ g·x̂, β gets Σ g, and the input gets
 * γ/√(variance + ε) · (g − mean(g) − x̂ · mean(g·x̂)) (Ioffe and Szegedy, 2015).
 */
function learningGradient(operation: NormalizationGradient, context: Context): Lowered {
  const { shape, statistics, input, output, outputGradient, inputGradient, accumulate } = operation;
  const { channels, rows } = shape;
  const { index, chunks } = context;
  const [sumsName, inputName] = [`gradient sums ${index}`, `input gradient ${index}`];
  const sums = table(context, channels, 2 * chunks);
  const factors = table(context, channels, 5);
  const curve = undoCurve(`derivative ${index}`, shape.curve, channels);

  function putTogether(machine: Machine, pass: Pass): void {
    const inverse = machine.floats.subarray(address(machine, statistics) / 4 + channels);
    const gamma = weightValues(machine, shape.gamma, channels);
    const row = [A, B, C, GAMMA, BETA].map((n) => factors.values(machine, n));
    const all = pass.count * rows;
    for (let c = 0; c < channels; c++) {
      let [sum, product] = [0, 0];
      for (let chunk = 0; chunk < pass.chunks; chunk++) {
        sum += sums.values(machine, 2 * chunk)[c]!;
        product += sums.values(machine, 2 * chunk + 1)[c]!;
      }
      row[A]![c] = gamma[c]! * inverse[c]!;
      row[B]![c] = sum / all;
      row[C]![c] = (product * inverse[c]! ** 2) / all;
      row[GAMMA]![c] = product * inverse[c]!;
      row[BETA]![c] = sum;
    }
  }

  return {
    kernels: [
      gradientSumsKernel(sumsName, channels),
      ...(inputGradient === undefined ? [] : [normalizationInputKernel(inputName, channels, accumulate)]),
      ...curve.kernels,
    ],
    parts: [
      examples((machine, _, from, to, chunk) => {
        curve.run(machine, outputGradient, from, to, output);
        const places = [input, outputGradient].map((buffer) => address(machine, buffer, from));
        const to2 = [sums.at(2 * chunk), sums.at(2 * chunk + 1)];
        machine.kernels[sumsName]!((to - from) * rows, ...places, address(machine, statistics), ...to2);
      }),
      units(1, putTogether),
      examples((machine, _, from, to) => {
        if (inputGradient === undefined) return;
        const places = [input, outputGradient, inputGradient].map((buffer) => address(machine, buffer, from));
        const mean = address(machine, statistics);
        machine.kernels[inputName]!((to - from) * rows, ...places, mean, ...[A, B, C].map(factors.at));
      }),
    ],
    late: units(1, (machine, { scalars }) => {
      const count = 4 * Math.ceil(channels / 4);
      const move = (start: NormalizationShape['gamma'], row: number): void =>
        machine.kernels['update']!(count, factors.at(row), ...weightPlaces(machine, start), ...scalars);
      move(shape.gamma, GAMMA);
      move(shape.beta, BETA);
    }),
  };
}
