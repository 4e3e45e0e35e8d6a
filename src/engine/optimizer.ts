/** What every engine needs to know of the optimizers; how each moves the weights stands with the engine. */
import type { OptimizerSettings } from './engine';

/** The slots of an optimizer, in their order: what it keeps of each weight. SGD without momentum keeps nothing. */
export function slotNames(settings: OptimizerSettings): readonly string[] {
  if (settings.type === 'adam') return ['m', 'v'];
  return settings.momentum === 0 ? [] : ['momentum'];
}

/** The learning rate of a step, which counts from 1; Adam's corrects for moments that began at zero. */
export function rateOf(settings: OptimizerSettings, step: number): number {
  if (settings.type === 'sgd') return settings.learningRate;
  const { learningRate, beta1, beta2 } = settings;
  return (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
}
