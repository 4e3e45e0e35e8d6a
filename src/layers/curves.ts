/**
 * The curves with numbers of their own that the Activation layer has: one table of what each takes and of what it is in
 * TensorFlow.js, Core ML, Keras and PyTorch. The curves without numbers, which conv2d and dense have too, are in
 * `activations.ts`.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ActivationParams } from '../coreml/messages';
import type { TensorFlow } from './defineLayer';

/** The Activation layer's numbers. */
export interface CurveNumbers {
  readonly negativeSlope: number;
  readonly alpha: number;
  readonly beta: number;
}

interface NumberedCurve {
  /** The numbers that it takes. */
  readonly takes: readonly (keyof CurveNumbers)[];
  /** What they become when the curve is chosen by hand. */
  readonly starts: Partial<CurveNumbers>;
  readonly value: (core: TensorFlow['core'], x: Tensor, p: CurveNumbers) => Tensor;
  readonly coreml: (p: CurveNumbers) => ActivationParams;
  readonly keras: (p: CurveNumbers) => string;
  readonly pytorch: (p: CurveNumbers) => string;
}

const table = {
  linear: {
    takes: ['alpha', 'beta'],
    starts: { alpha: 1, beta: 0 },
    value: (core, x, { alpha, beta }) => core.add(core.mul(x, alpha), beta),
    coreml: ({ alpha, beta }) => ({ linear: { alpha, beta } }),
    keras: ({ alpha, beta }) => `layers.Rescaling(${alpha}, offset=${beta})`,
    pytorch: ({ alpha, beta }) => `# forward: ${alpha} * x + ${beta}`,
  },
  // TensorFlow.js's own ELU layer refuses every alpha but 1. For x above 0 the two terms add up to x.
  elu: {
    takes: ['alpha'],
    starts: { alpha: 1 },
    value: (core, x, { alpha }) => core.add(core.mul(core.relu(x), 1 - alpha), core.mul(core.elu(x), alpha)),
    coreml: ({ alpha }) => ({ ELU: { alpha } }),
    keras: ({ alpha }) => `layers.ELU(alpha=${alpha})`,
    pytorch: ({ alpha }) => `nn.ELU(alpha=${alpha})`,
  },
  leakyRelu: {
    takes: ['negativeSlope'],
    starts: {},
    value: (core, x, { negativeSlope }) => core.leakyRelu(x, negativeSlope),
    coreml: ({ negativeSlope }) => ({ leakyReLU: { alpha: negativeSlope } }),
    keras: ({ negativeSlope }) => `layers.LeakyReLU(negative_slope=${negativeSlope})`,
    pytorch: ({ negativeSlope }) => `nn.LeakyReLU(${negativeSlope})`,
  },
  // Core ML keeps the value that is alpha itself; Keras's and PyTorch's own layers drop it.
  thresholdedRelu: {
    takes: ['alpha'],
    starts: { alpha: 1 },
    value: (core, x, { alpha }) => core.mul(x, core.cast(core.greaterEqual(x, alpha), 'float32')),
    coreml: ({ alpha }) => ({ thresholdedReLU: { alpha } }),
    keras: ({ alpha }) => `layers.Activation(lambda x: ops.where(x >= ${alpha}, x, 0.0))`,
    pytorch: ({ alpha }) => `# forward: torch.where(x >= ${alpha}, x, 0.0)`,
  },
  scaledTanh: {
    takes: ['alpha', 'beta'],
    // LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998: 1 stays 1, and −1 stays −1.
    starts: { alpha: 1.7159, beta: 0.6667 },
    value: (core, x, { alpha, beta }) => core.mul(core.tanh(core.mul(x, beta)), alpha),
    coreml: ({ alpha, beta }) => ({ scaledTanh: { alpha, beta } }),
    keras: ({ alpha, beta }) => `layers.Activation(lambda x: ${alpha} * ops.tanh(${beta} * x))`,
    pytorch: ({ alpha, beta }) => `# forward: ${alpha} * torch.tanh(${beta} * x)`,
  },
  hardSigmoid: {
    takes: ['alpha', 'beta'],
    starts: { alpha: 0.2, beta: 0.5 },
    // Not clipByValue: its gradient at the very corners is not 0, as it is in Keras.
    value: (core, x, { alpha, beta }) => {
      const line = core.relu(core.add(core.mul(x, alpha), beta));
      return core.sub(1, core.relu(core.sub(1, line)));
    },
    coreml: ({ alpha, beta }) => ({ sigmoidHard: { alpha, beta } }),
    keras: ({ alpha, beta }) => `layers.Activation(lambda x: ops.clip(${alpha} * x + ${beta}, 0.0, 1.0))`,
    pytorch: ({ alpha, beta }) => `# forward: torch.clamp(${alpha} * x + ${beta}, 0.0, 1.0)`,
  },
} as const satisfies Record<string, NumberedCurve>;

const byName = new Map<string, NumberedCurve>(Object.entries(table));

/** What the numbers become when a curve is chosen by hand, by its name. */
export const numbersToStartWith = Object.fromEntries(
  Object.entries(table).map(([name, { starts }]) => [name, starts]),
) as Readonly<Record<keyof typeof table, Readonly<Record<string, number>>>>;

/** The curve with numbers of this name; undefined where it has none. */
export function numberedCurve(name: unknown): NumberedCurve | undefined {
  return byName.get(String(name));
}

/** Whether a curve with these numbers hands every value on as it is. */
export function isIdentity({ activation, alpha, beta }: CurveNumbers & { readonly activation: string }) {
  return activation === 'linear' && alpha === 1 && beta === 0;
}
