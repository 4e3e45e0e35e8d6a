/** What the dialog asks before a Core ML file is written. */
import type { ParamSchema, ParamsOf } from '../../core/params';

export const coremlOptions = {
  input: {
    type: 'choice',
    label: 'Input',
    help: 'An array of values that are scaled already, or an image whose pixels the model scales itself.',
    options: ['array', 'image'],
    default: 'array',
  },
  modelType: {
    type: 'choice',
    label: 'Model type',
    help: 'A network gives the values of its last layer; a classifier gives the class and its label.',
    options: ['network', 'classifier'],
    default: 'network',
  },
  maxLearningRate: {
    type: 'real',
    label: 'Largest learning rate',
    help: 'The device may be told any learning rate from 0 up to this one.',
    default: 0.3,
    min: 1e-6,
    max: 10,
    step: 'scale',
  },
  maxEpochs: {
    type: 'integer',
    label: 'Most epochs',
    help: 'The device may be told any number of epochs from 1 up to this one.',
    default: 100,
    min: 1,
    max: 10000,
    step: 'double',
  },
  maxBatchSize: {
    type: 'integer',
    label: 'Largest batch size',
    help: 'The device may be told any batch size from 1 up to this one.',
    default: 512,
    min: 1,
    max: 65536,
    step: 'double',
  },
} as const satisfies ParamSchema;

export type CoreMLOptions = ParamsOf<typeof coremlOptions>;
