/**
 * Optimizers with Keras's formulas and slots that can be read and set, so that a run goes on exactly where it stopped.
 * TensorFlow.js's own keep their step count to themselves and change epsilon on some devices.
 */
import * as core from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { OptimizerSettings } from '../engine';
import { rateOf, slotNames } from '../optimizer';
import type { ModelWeight } from './model';

export interface Optimizer {
  /** By slot and weight: "m:conv2d/kernel". */
  readonly slots: ReadonlyMap<string, Variable>;
  /**
   * Updates weights and slots.
   * @param step counts from 1.
   * @param gradients by the weights' keys; a weight without one stays.
   */
  apply(step: number, gradients: ReadonlyMap<string, Tensor>): void;
  dispose(): void;
}

type Update = (weight: ModelWeight, gradient: Tensor, slot: (name: string) => Variable, rate: Scalar) => void;

interface Rule {
  readonly slotNames: readonly string[];
  readonly constants: readonly Scalar[];
  /** The learning rate at a step. */
  readonly rate: (step: number) => number;
  readonly update: Update;
}

/**
 * Adam (Kingma and Ba, 2015) as Keras computes it: m += (1 − β₁)(g − m), v += (1 − β₂)(g² − v),
 * w −= lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε). Epsilon is added to √v before the correction, which makes it differ
 * from the paper's by the factor √(1 − β₂ᵗ).
 */
function adam(settings: Extract<OptimizerSettings, { type: 'adam' }>): Rule {
  const { beta1, beta2, epsilon } = settings;
  const takeM = core.scalar(1 - beta1);
  const takeV = core.scalar(1 - beta2);
  const small = core.scalar(epsilon);
  return {
    slotNames: slotNames(settings),
    constants: [takeM, takeV, small],
    rate: (t) => rateOf(settings, t),
    update({ variable }, gradient, slot, rate) {
      const m = slot('m');
      const v = slot('v');
      m.assign(core.add(m, core.mul(core.sub(gradient, m), takeM)));
      v.assign(core.add(v, core.mul(core.sub(core.square(gradient), v), takeV)));
      const change = core.div(core.mul(m, rate), core.add(core.sqrt(v), small));
      variable.assign(core.sub(variable, change));
    },
  };
}

/** Stochastic gradient descent; with momentum as Keras computes it: u = momentum·u − lr·g, w += u. */
function sgd(settings: Extract<OptimizerSettings, { type: 'sgd' }>): Rule {
  const { momentum } = settings;
  const rate = (t: number) => rateOf(settings, t);
  if (momentum === 0)
    return {
      slotNames: slotNames(settings),
      constants: [],
      rate,
      update: ({ variable }, gradient, _, lr) =>
        void variable.assign(core.sub(variable, core.mul(gradient, lr))),
    };
  const keep = core.scalar(momentum);
  return {
    slotNames: slotNames(settings),
    constants: [keep],
    rate,
    update({ variable }, gradient, slot, lr) {
      const u = slot('momentum');
      u.assign(core.sub(core.mul(u, keep), core.mul(gradient, lr)));
      variable.assign(core.add(variable, u));
    },
  };
}

/**
 * @param weights what it moves; those that are not trainable get no slots.
 * @param stored the slots of an earlier run. A slot that is missing or of another size starts at zero.
 */
export function createOptimizer(
  settings: OptimizerSettings,
  weights: readonly ModelWeight[],
  stored: Readonly<Record<string, Float32Array>>,
): Optimizer {
  const rule = settings.type === 'adam' ? adam(settings) : sgd(settings);
  const trainable = weights.filter((weight) => weight.trainable);
  const slots = new Map<string, Variable>();
  for (const { key, variable } of trainable)
    for (const name of rule.slotNames)
      slots.set(`${name}:${key}`, slotFor(variable, stored[`${name}:${key}`]));
  return {
    slots,
    apply: (step, gradients) =>
      core.tidy(() => {
        const rate = core.scalar(rule.rate(step));
        for (const weight of trainable) {
          const gradient = gradients.get(weight.key);
          if (gradient) rule.update(weight, gradient, (name) => slots.get(`${name}:${weight.key}`)!, rate);
        }
      }),
    dispose: () => core.dispose([...slots.values(), ...rule.constants]),
  };
}

function slotFor({ shape, size }: Variable, stored: Float32Array | undefined): Variable {
  return core.tidy(() =>
    core.variable(stored?.length === size ? core.tensor(stored.slice(), shape) : core.zeros(shape), false),
  );
}
