/**
 * The networks that `npm run bench` trains, as the app would compile them. Written a second time for jax-js
 * (bench/jaxNetworks.ts) and a third for PyTorch (scripts/bench/pytorch_networks.py), layer by layer in this order.
 */
import type { CompiledNetwork } from '../../network/compiled';
import { lenet } from '../../network/templates/lenet';
import { compiled } from './examples';
import { compiledGraph, type GraphLayer } from './networks';

export const benchNetworkIds = ['lenet', 'mlp', 'residual', 'colour'] as const;
export type BenchNetworkId = (typeof benchNetworkIds)[number];

export interface BenchNetwork {
  readonly id: BenchNetworkId;
  /** What it is, in a few words. */
  readonly label: string;
  build(): CompiledNetwork;
}

const CLASSES = 10;
const grey = [28, 28, 1] as const;
const colour = [32, 32, 3] as const;
const relu = { activation: 'relu', kernelInitializer: 'heUniform' };
const output: GraphLayer[2] = ['features'];

/** Convolution without bias, batch normalization, relu: what is written in one line in papers. */
function normalized(name: string, from: string, filters: number): GraphLayer[] {
  return [
    ...convolvedAndNormalized(name, from, filters),
    [name, 'activation', [`${name}_bn`], { activation: 'relu' }],
  ];
}

/** No bias: batch normalization takes it away again, and Adam would move it by rounding errors alone. */
function convolvedAndNormalized(name: string, from: string, filters: number): GraphLayer[] {
  const convolution = { filters, kernelSize: [3, 3], padding: 'same', useBias: false };
  return [
    [`${name}_conv`, 'conv2d', [from], { ...convolution, kernelInitializer: 'heUniform' }],
    [`${name}_bn`, 'batchNormalization', [`${name}_conv`]],
  ];
}

/** Two normalized convolutions, and the input added to what they give. */
function residual(name: string, from: string, filters: number): GraphLayer[] {
  return [
    ...normalized(`${name}_1`, from, filters),
    ...convolvedAndNormalized(`${name}_2`, `${name}_1`, filters),
    [`${name}_add`, 'add', [from, `${name}_2_bn`]],
    [name, 'activation', [`${name}_add`], { activation: 'relu' }],
  ];
}

const halved = { poolSize: [2, 2], strides: [2, 2] };

const networks: Readonly<Record<BenchNetworkId, Omit<BenchNetwork, 'id'>>> = {
  lenet: {
    label: 'LeNet',
    build: () => compiled(lenet.build(), grey, CLASSES, 'categoricalCrossentropy'),
  },
  mlp: {
    label: 'MLP 784-128-64-10',
    build: () =>
      compiledGraph(grey, CLASSES, [
        ['input', 'input', [], { shape: [...grey] }],
        ['flat', 'flatten', ['input']],
        ['hidden', 'dense', ['flat'], { ...relu, units: 128 }],
        ['features', 'dense', ['hidden'], { ...relu, units: 64 }],
        ['output', 'dense', output, { units: CLASSES, activation: 'softmax' }],
      ]),
  },
  residual: {
    label: 'residual, batch normalization',
    build: () =>
      compiledGraph(grey, CLASSES, [
        ['input', 'input', [], { shape: [...grey] }],
        ...normalized('stem', 'input', 16),
        ['pool', 'maxPooling2d', ['stem'], halved],
        ...residual('first', 'pool', 16),
        ...normalized('wider', 'first', 32),
        ['pool_1', 'maxPooling2d', ['wider'], halved],
        ...residual('second', 'pool_1', 32),
        ['features', 'globalAveragePooling2d', ['second']],
        ['output', 'dense', output, { units: CLASSES, activation: 'softmax' }],
      ]),
  },
  colour: {
    label: 'convolutions on 32×32×3',
    build: () =>
      compiledGraph(colour, CLASSES, [
        ['input', 'input', [], { shape: [...colour] }],
        ['conv_1', 'conv2d', ['input'], { ...relu, filters: 32, kernelSize: [3, 3] }],
        ['conv_2', 'conv2d', ['conv_1'], { ...relu, filters: 32, kernelSize: [3, 3] }],
        ['pool', 'maxPooling2d', ['conv_2'], halved],
        ['conv_3', 'conv2d', ['pool'], { ...relu, filters: 64, kernelSize: [3, 3] }],
        ['pool_1', 'maxPooling2d', ['conv_3'], halved],
        ['features', 'flatten', ['pool_1']],
        ['output', 'dense', output, { units: CLASSES, activation: 'softmax' }],
      ]),
  },
};

export function benchNetwork(id: BenchNetworkId): BenchNetwork {
  return { id, ...networks[id] };
}
