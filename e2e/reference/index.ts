/**
 * What tests use of the reference: read the bytes of an .mlmodel file, check it against the rules, run it on an input.
 * The reference is written from the public rules of Core ML alone and imports nothing from the app.
 */
export { checkRules } from './rules';
export { readModel } from './model';
export { runModel, type Run } from './compute';
export type { InputValues } from './inputs';
export { trainableButFrozen } from './trainable';
export { traitsOf } from './traits';
export { trainModel, type Trained, type TrainingData } from './training/train';
export type { Layer, Model } from './types';
export type { Violation } from './violation';
export { FormatError } from './wire';
