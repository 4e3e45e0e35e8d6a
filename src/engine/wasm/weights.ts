/** The flat blocks of weights and optimizer slots: filled from a state, read to one, and updated after a step. */
import type { OptimizerSettings, TrainerState } from '../engine';
import type { Plan, PlannedWeight } from '../plan/plan';
import type { Machine } from './run/machine';

/** The slots of an optimizer, in the order of its flat blocks. */
export function slotNames(settings: OptimizerSettings): readonly string[] {
  if (settings.type === 'adam') return ['m', 'v'];
  return settings.momentum === 0 ? [] : ['momentum'];
}

const partOf = (floats: Float32Array, block: number, { start, size }: PlannedWeight): Float32Array =>
  floats.subarray(block / 4 + start, block / 4 + start + size);

/**
 * Writes a state's weights and slots to a memory that is zero there. A slot that is missing or of another size starts
 * at zero.
 * @throws Error where a weight is missing or of another size: a mistake of the caller.
 */
export function writeState(
  plan: Plan,
  floats: Float32Array,
  names: readonly string[],
  state: TrainerState,
): void {
  for (const weight of plan.weights) {
    const values = state.weights[weight.key];
    if (values?.length !== weight.size)
      throw new Error(
        `The weight ${weight.key} takes ${weight.size} values; ${values?.length ?? 'none'} came.`,
      );
    partOf(floats, plan.blocks.weights, weight).set(values);
  }
  eachSlot(plan, names, (key, weight, block) => {
    const values = state.slots[key];
    if (values?.length === weight.size) partOf(floats, block, weight).set(values);
  });
}

/** Copies of all weights and slots. */
export function readState(
  plan: Plan,
  floats: Float32Array,
  names: readonly string[],
): Pick<TrainerState, 'weights' | 'slots'> {
  const weights = Object.fromEntries(
    plan.weights.map((weight) => [weight.key, partOf(floats, plan.blocks.weights, weight).slice()]),
  );
  const slots: Record<string, Float32Array> = {};
  eachSlot(plan, names, (key, weight, block) => (slots[key] = partOf(floats, block, weight).slice()));
  return { weights, slots };
}

function eachSlot(
  plan: Plan,
  names: readonly string[],
  visit: (key: string, weight: PlannedWeight, block: number) => void,
): void {
  for (const weight of plan.weights.filter(({ trainable }) => trainable))
    names.forEach((name, i) => visit(`${name}:${weight.key}`, weight, plan.blocks.slots[i]!));
}

/**
 * Moves all trainable weights by their gradients. The formulas are Keras's and stand in `tfjs/optimizers.ts`.
 * @param step counts from 1.
 */
export function updateWeights({ plan, kernels }: Machine, settings: OptimizerSettings, step: number): void {
  const { blocks, trainableSize: size } = plan;
  const { weights, gradients, slots } = blocks;
  const rate = settings.learningRate;
  if (settings.type === 'adam') {
    const { beta1, beta2, epsilon } = settings;
    const corrected = (rate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
    kernels.adam(weights, gradients, slots[0]!, slots[1]!, size, 1 - beta1, 1 - beta2, corrected, epsilon);
  } else if (settings.momentum === 0) kernels.descend(weights, gradients, size, rate);
  else kernels.descendWithMomentum(weights, gradients, slots[0]!, size, rate, settings.momentum);
}
