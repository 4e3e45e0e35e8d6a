/** Batch normalization. Sums over all rows are taken in segments, which are put together one after the other. */
import { partialsOf, type Backward, type Forward, type KernelContext } from './context';
import { curveText, hasSlope, slopeText } from './curves';
import { fixed, perExample, reads, scratch, weightAt, writes, type Kernel } from './kernel';
import { segmentsOf, segmentText } from './segments';
import { elementKernel, real } from './text';

/** Mean of each channel, and one over its deviation, from the batch; the moving averages come nearer to them. */
function batchStatistics(
  { shape, input, statistics }: Forward<'normalization'>,
  context: KernelContext,
): Kernel[] {
  const { channels, momentum, epsilon } = shape;
  const segments = segmentsOf(shape, context);
  context.reserveScratch(2 * segments * channels);
  const sums = `  let c = i % ${channels}u;
  ${segmentText(shape, segments, `(i / ${channels}u)`)}
  let count = f32(max(end - begin, 1u));
  var mean = 0.0;
  for (var row = begin; row < end; row++) { mean += values[row * ${channels}u + c]; }
  mean /= count;
  var squares = 0.0;
  for (var row = begin; row < end; row++) {
    let distance = values[row * ${channels}u + c] - mean;
    squares += distance * distance;
  }
  kept[2u * i] = mean;
  kept[2u * i + 1u] = squares;`;
  // Chan, Golub and LeVeque (1979): what two parts have in common is the distance of their means.
  const join = `  var mean = 0.0;
  var squares = 0.0;
  for (var s = 0u; s < ${segments}u; s++) {
    ${segmentText(shape, segments, 's')}
    if (begin == end) { break; }
    let at = 2u * (s * ${channels}u + i);
    let distance = kept[at] - mean;
    let share = f32(end - begin) / f32(end);
    mean += distance * share;
    squares += kept[at + 1u] + distance * distance * f32(begin) * share;
  }
  let variance = squares / f32(step.count * ${shape.rows}u);
  statistics[i] = mean;
  statistics[${channels}u + i] = 1.0 / sqrt(variance + ${real(epsilon)});
  moving_mean[i] -= (moving_mean[i] - mean) * ${real(1 - momentum)};
  moving_variance[i] -= (moving_variance[i] - variance) * ${real(1 - momentum)};`;
  return [
    elementKernel(
      'normalization, segments',
      fixed(segments * channels),
      { values: reads(input), kept: scratch(true) },
      sums,
    ),
    elementKernel(
      'normalization, statistics',
      fixed(channels),
      {
        kept: scratch(false),
        statistics: writes(statistics),
        moving_mean: weightAt(shape.movingMean, channels, true),
        moving_variance: weightAt(shape.movingVariance, channels, true),
      },
      join,
    ),
  ];
}

/** The same from the moving averages, outside training and where the layer is frozen. */
function movingStatistics({ shape, statistics }: Forward<'normalization'>): Kernel {
  const { channels, epsilon } = shape;
  const bindings = {
    statistics: writes(statistics),
    moving_mean: weightAt(shape.movingMean, channels),
    moving_variance: weightAt(shape.movingVariance, channels),
  };
  const body = `  statistics[i] = moving_mean[i];
  statistics[${channels}u + i] = 1.0 / sqrt(moving_variance[i] + ${real(epsilon)});`;
  return elementKernel('normalization, moving averages', fixed(channels), bindings, body);
}

/** outputs = curve((values − mean) / deviation · γ + β), each channel by itself. */
export function normalization(
  operation: Forward<'normalization'>,
  context: KernelContext,
  training: boolean,
): Kernel[] {
  const { shape, input, output, statistics } = operation;
  const { channels, gamma, beta } = shape;
  const bindings = {
    values: reads(input),
    statistics: reads(statistics),
    gamma: weightAt(gamma, channels),
    beta: weightAt(beta, channels),
    outputs: writes(output),
  };
  const body = `  let c = i % ${channels}u;
  outputs[i] = curve((values[i] - statistics[c]) * statistics[${channels}u + c] * gamma[c] + beta[c]);`;
  return [
    ...(training && !operation.frozen ? batchStatistics(operation, context) : [movingStatistics(operation)]),
    elementKernel('normalization', context.extent(output), bindings, body, curveText(shape.curve)),
  ];
}

/** The way back: through constants where the layer is frozen, else through the statistics of the batch. */
export function normalizationGradient(
  operation: Backward<'normalizationGradient'>,
  context: KernelContext,
): Kernel[] {
  return operation.frozen ? frozenGradient(operation) : learningGradient(operation, context);
}

/** The statistics are constants, so the input gets γ/√(variance + ε) · g. */
function frozenGradient(operation: Backward<'normalizationGradient'>): Kernel[] {
  const { shape, statistics, output, outputGradient, inputGradient, accumulate } = operation;
  const { channels, rows, gamma, curve } = shape;
  if (inputGradient === undefined) return [];
  const bindings = {
    statistics: reads(statistics),
    gradient: reads(outputGradient),
    ...(hasSlope(curve) && { outputs: reads(output) }),
    gamma: weightAt(gamma, channels),
    input_gradient: writes(inputGradient),
  };
  const body = `  let c = i % ${channels}u;
  let g = gradient[i]${hasSlope(curve) ? ' * slope(outputs[i])' : ''};
  input_gradient[i] ${accumulate ? '+=' : '='} gamma[c] * statistics[${channels}u + c] * g;`;
  return [
    elementKernel(
      'normalization gradient, frozen',
      perExample(rows * channels),
      bindings,
      body,
      slopeText(curve),
    ),
  ];
}

/**
 * With x̂ the normalized input and g the gradient before the curve: γ gets Σ g·x̂, β gets Σ g, and the input gets
 * γ/√(variance + ε) · (g − mean(g) − x̂ · mean(g·x̂)) (Ioffe and Szegedy, 2015).
 */
function learningGradient(operation: Backward<'normalizationGradient'>, context: KernelContext): Kernel[] {
  const { shape, statistics, input, output, outputGradient, inputGradient, accumulate } = operation;
  const { channels } = shape;
  const segments = segmentsOf(shape, context);
  context.reserveScratch(2 * (segments + 1) * channels);
  const ofGamma = context.gradient(shape.gamma, channels, 1);
  const ofBeta = context.gradient(shape.beta, channels, 1);
  const values = {
    values: reads(input),
    statistics: reads(statistics),
    gradient: reads(outputGradient),
    ...(hasSlope(shape.curve) && { outputs: reads(output) }),
  };
  const functions = `${slopeText(shape.curve)}
fn normalized(at: u32, c: u32) -> f32 { return (values[at] - statistics[c]) * statistics[${channels}u + c]; }
fn gradient_at(at: u32) -> f32 { return gradient[at]${hasSlope(shape.curve) ? ' * slope(outputs[at])' : ''}; }`;
  const sums = `  let c = i % ${channels}u;
  ${segmentText(shape, segments, `(i / ${channels}u)`)}
  var sum = 0.0;
  var product = 0.0;
  for (var row = begin; row < end; row++) {
    let at = row * ${channels}u + c;
    let g = gradient_at(at);
    sum += g;
    product += g * normalized(at, c);
  }
  kept[2u * i] = sum;
  kept[2u * i + 1u] = product;`;
  const join = `  var sum = 0.0;
  var product = 0.0;
  for (var s = 0u; s < ${segments}u; s++) {
    sum += kept[2u * (s * ${channels}u + i)];
    product += kept[2u * (s * ${channels}u + i) + 1u];
  }
  kept[2u * (${segments * channels}u + i)] = sum;
  kept[2u * (${segments * channels}u + i) + 1u] = product;
  partials[i] = product;
  partials[${ofBeta.start - ofGamma.start}u + i] = sum;`;
  const apply = `  let c = i % ${channels}u;
  let rows = f32(step.count * ${shape.rows}u);
  let at = 2u * (${segments * channels}u + c);
  let centred = gradient_at(i) - (kept[at] + normalized(i, c) * kept[at + 1u]) / rows;
  input_gradient[i] ${accumulate ? '+=' : '='} gamma[c] * statistics[${channels}u + c] * centred;`;
  return [
    elementKernel(
      'normalization gradient, segments',
      fixed(segments * channels),
      { ...values, kept: scratch(true) },
      sums,
      functions,
    ),
    elementKernel(
      'normalization gradient, sums',
      fixed(channels),
      { kept: scratch(true), partials: partialsOf(context, 2) },
      join,
    ),
    ...(inputGradient === undefined
      ? []
      : [
          elementKernel(
            'normalization gradient',
            perExample(shape.rows * channels),
            {
              ...values,
              kept: scratch(false),
              gamma: weightAt(shape.gamma, channels),
              input_gradient: writes(inputGradient),
            },
            apply,
            functions,
          ),
        ]),
  ];
}
