/**
 * The reference network: JacopoMangiavacchi's MNIST-CoreML-Training, a small LeNet (LeCun et al., 1998) with 585,958
 * parameters, and the settings of its Keras baseline.
 */
import { chain, type Template } from './template';

const weighted = { activation: 'relu', kernelInitializer: 'heUniform' };

export const lenet: Template = {
  id: 'lenet',
  label: 'LeNet (MNIST)',
  documentation: 'Two convolutions and two dense layers that read handwritten digits.',
  settings: {
    optimizer: 'adam',
    learningRate: 0.001,
    batchSize: 128,
    epochs: 10,
    shuffle: true,
    loss: 'categoricalCrossentropy',
  },
  build: () =>
    chain([
      ['input', { shape: [28, 28, 1] }],
      ['conv2d', { ...weighted, filters: 32, kernelSize: [3, 3] }],
      ['maxPooling2d', { poolSize: [2, 2], strides: [2, 2] }],
      ['conv2d', { ...weighted, filters: 32, kernelSize: [2, 2] }],
      ['maxPooling2d', { poolSize: [2, 2], strides: [2, 2] }],
      ['flatten'],
      ['dense', { ...weighted, units: 500 }],
      ['dense', { ...weighted, units: 10, activation: 'softmax' }],
    ]),
};
