/** The settings of a training run, as the form shows them, projects store them and exporters write them. */
import { parseParams, type ParamSchema, type ParamsOf } from '../core/params';
import type { OptimizerSettings } from '../engine/engine';

const isAdam = (p: { readonly optimizer?: unknown }): boolean => p.optimizer === 'adam';
const isSgd = (p: { readonly optimizer?: unknown }): boolean => p.optimizer === 'sgd';

export const trainingSchema = {
  epochs: {
    type: 'integer',
    label: 'Epochs',
    help: 'How often every image is seen.',
    default: 10,
    min: 1,
    max: 1000,
  },
  batchSize: {
    type: 'integer',
    label: 'Batch size',
    help: 'How many images are looked at before the weights move once.',
    default: 128,
    min: 1,
    max: 4096,
    step: 'double',
  },
  optimizer: { type: 'choice', label: 'Optimizer', options: ['adam', 'sgd'], default: 'adam' },
  learningRate: {
    type: 'real',
    label: 'Learning rate',
    help: 'How far the weights move at each step.',
    default: 0.001,
    min: 1e-7,
    max: 10,
    step: 'scale',
  },
  momentum: {
    type: 'real',
    label: 'Momentum',
    default: 0.9,
    min: 0,
    max: 0.9999,
    step: 0.05,
    visible: isSgd,
  },
  beta1: { type: 'real', label: 'Beta 1', default: 0.9, min: 0, max: 0.9999, step: 0.01, visible: isAdam },
  beta2: {
    type: 'real',
    label: 'Beta 2',
    default: 0.999,
    min: 0,
    max: 0.99999,
    step: 0.001,
    visible: isAdam,
  },
  epsilon: {
    type: 'real',
    label: 'Epsilon',
    default: 1e-7,
    min: 1e-10,
    max: 0.1,
    step: 'scale',
    visible: isAdam,
  },
  loss: {
    type: 'choice',
    label: 'Loss',
    options: ['categoricalCrossentropy', 'meanSquaredError'],
    default: 'categoricalCrossentropy',
  },
  shuffle: { type: 'boolean', label: 'Shuffle', default: true },
  seed: {
    type: 'integer',
    label: 'Seed',
    help: 'The same seed gives the same starting weights and the same order of images.',
    default: 42,
    min: 0,
    max: 2147483647,
  },
  trainExamples: {
    type: 'integer',
    label: 'Training images',
    help: 'How many images of the training set an epoch uses; fewer make a quick trial.',
    default: 60000,
    min: 1,
    max: 60000,
  },
} as const satisfies ParamSchema;

export type TrainingSettings = ParamsOf<typeof trainingSchema>;

export const defaultTrainingSettings = parseParams(trainingSchema, {}).values as unknown as TrainingSettings;

/** The optimizer's part of the settings. */
export function optimizerOf(settings: TrainingSettings): OptimizerSettings {
  const { optimizer, learningRate, momentum, beta1, beta2, epsilon } = settings;
  return optimizer === 'adam'
    ? { type: 'adam', learningRate, beta1, beta2, epsilon }
    : { type: 'sgd', learningRate, momentum };
}
