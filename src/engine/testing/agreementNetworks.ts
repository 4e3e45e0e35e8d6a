/** The networks on which engines are compared: every kind of layer in each of its ways, and networks drawn at random. */
import type { ParamValues } from '../../core/params';
import type { LayerKind } from '../../layers';
import type { CompiledNetwork } from '../../network/compiled';
import type { Loss } from '../engine';
import { compiledChain } from './examples';
import { frozenKinds, frozenNetworks } from './frozenNetworks';
import { rearrangements } from './rearrangementNetworks';
import { compiledGraph, randomNetwork } from './networks';

/** Of one example, and the classes: what all of them take and give. */
export const shape = [7, 6, 4];
export const classes = 3;

const head = [['flatten'], ['dense', { units: classes, activation: 'softmax' }]] as const;
const before = ['conv2d', { filters: 5, kernelSize: [2, 2], activation: 'tanh' }] as const;
const chain = (...middle: readonly (readonly [LayerKind, ParamValues?])[]): CompiledNetwork =>
  compiledChain(shape, classes, [...middle, ...head]);
const convolution = (params: ParamValues): CompiledNetwork =>
  chain(
    ['conv2d', { filters: 6, kernelSize: [2, 3], activation: 'tanh', ...params }],
    ['conv2d', { filters: 4, kernelSize: [2, 2], activation: 'elu', ...params }],
  );
const pooled = (convolved: ParamValues, pooling: ParamValues): CompiledNetwork =>
  chain(
    ['conv2d', { filters: 5, kernelSize: [2, 2], activation: 'tanh', ...convolved }],
    ['maxPooling2d', pooling],
  );
const merged = (kind: LayerKind): CompiledNetwork =>
  compiledGraph(shape, classes, [
    ['input', 'input', [], { shape }],
    ['left', 'conv2d', ['input'], { filters: 4, kernelSize: [3, 3], activation: 'sigmoid' }],
    ['right', 'conv2d', ['input'], { filters: 4, kernelSize: [3, 3], activation: 'softsign' }],
    ['merged', kind, ['left', 'right']],
    ['flat', 'flatten', ['merged']],
    ['output', 'dense', ['flat'], { units: classes, activation: 'softmax' }],
  ]);
const many = (kind: LayerKind): CompiledNetwork => {
  const branches = Array.from({ length: 8 }, (_, i) => `branch_${i}`);
  return compiledGraph(shape, classes, [
    ['input', 'input', [], { shape }],
    ...branches.map(
      (name) => [name, 'conv2d', ['input'], { filters: 2, kernelSize: [2, 2], activation: 'tanh' }] as const,
    ),
    ['merged', kind, branches],
    ['flat', 'flatten', ['merged']],
    ['output', 'dense', ['flat'], { units: classes, activation: 'softmax' }],
  ]);
};

const curves = ['linear', 'relu', 'sigmoid', 'tanh', 'softmax', 'leakyRelu', 'elu', 'softplus', 'softsign'];
const bent = { alpha: 0.7, negativeSlope: 0.2 };
/** The curves of the Activation layer by numbers that differ in how engines find the slope, and what they may fuse. */
export const numberedCurves: Readonly<Record<string, ParamValues>> = {
  'linear, scaled': { activation: 'linear', alpha: 0.7, beta: -0.3 },
  'linear, turned over': { activation: 'linear', alpha: -2, beta: 0 },
  'elu, turned up': { activation: 'elu', alpha: -0.1 },
  'leaky relu, turned up': { activation: 'leakyRelu', negativeSlope: -0.2 },
  'thresholded relu': { activation: 'thresholdedRelu', alpha: 0.1 },
  'thresholded relu below 0': { activation: 'thresholdedRelu', alpha: -0.2 },
  'scaled tanh': { activation: 'scaledTanh', alpha: 1.7, beta: 0.6 },
  'scaled tanh, turned over': { activation: 'scaledTanh', alpha: -1.7, beta: 0.6 },
  'hard sigmoid': { activation: 'hardSigmoid', alpha: 0.6, beta: 0.4 },
};
const lower = { padding: 'sameLower', kernelSize: [2, 4] };
const pads = { padding: 'explicit', pads: [2, 0, 1, 3] };
const depthwise = { kernelSize: [2, 3], activation: 'tanh' };
const depthwiseTwice = (params: ParamValues): CompiledNetwork =>
  chain(['depthwiseConv2d', { ...depthwise, ...params }], ['depthwiseConv2d', { ...depthwise, ...params }]);
const transposed = (params: ParamValues): CompiledNetwork =>
  chain(
    ['conv2d', { filters: 10, kernelSize: [4, 4], activation: 'tanh' }],
    ['conv2dTranspose', { filters: 6, kernelSize: [2, 3], activation: 'tanh', ...params }],
    ['conv2dTranspose', { filters: 4, kernelSize: [3, 3], activation: 'elu', ...params }],
  );
const overlapping = { poolSize: [3, 2], strides: [2, 1], padding: 'same' };

/** A network of the list, and the kind of layer that it stands for where it does. */
export interface AgreementNetwork {
  readonly name: string;
  readonly kind?: LayerKind;
  readonly network: CompiledNetwork;
  readonly loss: Loss;
}

const entry = (
  name: string,
  network: CompiledNetwork,
  kind?: LayerKind,
  loss: Loss = 'categoricalCrossentropy',
): AgreementNetwork => ({ name, network, loss, ...(kind && { kind }) });

const rearranging = rearrangements(shape, classes).map(([name, network, kind]) => entry(name, network, kind));

/** Every kind of layer but the input, in each of its ways, both losses, and networks drawn at random. */
const free: readonly AgreementNetwork[] = [
  entry('dense', chain(['flatten'], ['dense', { units: 9, activation: 'relu' }]), 'dense'),
  entry('dense without bias', chain(['flatten'], ['dense', { units: 9, useBias: false }])),
  entry('dense with softmax inside', chain(['flatten'], ['dense', { units: 40, activation: 'softmax' }])),
  entry('convolution', convolution({}), 'conv2d'),
  entry('convolution with relu, without bias', convolution({ activation: 'relu', useBias: false })),
  entry('convolution of 1×1', convolution({ kernelSize: [1, 1] })),
  entry('convolution with softmax', convolution({ activation: 'softmax' })),
  entry('convolution with strides', convolution({ strides: [1, 2], padding: 'same' })),
  entry('convolution with wide strides', convolution({ strides: [3, 2], kernelSize: [2, 1] })),
  entry('convolution with same padding', convolution({ padding: 'same', kernelSize: [4, 5] })),
  entry('convolution with dilation', convolution({ dilationRate: [2, 1], kernelSize: [2, 2] })),
  entry('convolution with dilation, padded', convolution({ dilationRate: [1, 3], padding: 'same' })),
  entry('convolution with groups', convolution({ groups: 2, padding: 'same' })),
  entry('depthwise convolution', chain(before, ['depthwiseConv2d', depthwise]), 'depthwiseConv2d'),
  entry(
    'depthwise convolution of several filters',
    depthwiseTwice({ depthMultiplier: 3, activation: 'elu' }),
  ),
  entry('depthwise convolution with strides', depthwiseTwice({ strides: [2, 1], padding: 'same' })),
  entry('depthwise convolution with dilation and pads', depthwiseTwice({ ...pads, dilationRate: [2, 1] })),
  entry('depthwise convolution, pooled', chain(before, ['depthwiseConv2d', depthwise], ['maxPooling2d'])),
  entry('transposed convolution', transposed({}), 'conv2dTranspose'),
  entry('transposed convolution with strides', transposed({ strides: [2, 3], kernelSize: [3, 3] })),
  entry(
    'transposed convolution with same padding',
    transposed({ strides: [2, 1], kernelSize: [3, 4], padding: 'same', useBias: false }),
  ),
  entry('transposed convolution with groups', transposed({ groups: 2, strides: [2, 1], padding: 'same' })),
  entry('transposed convolution with softmax', transposed({ activation: 'softmax', strides: [2, 2] })),
  entry('transposed convolution without activation', transposed({ activation: 'linear' })),
  entry(
    'transposed convolution in branches',
    compiledGraph(shape, classes, [
      ['input', 'input', [], { shape }],
      ['first', 'conv2d', ['input'], { filters: 4, kernelSize: [3, 3], activation: 'tanh' }],
      ['back', 'conv2dTranspose', ['first'], { filters: 4, kernelSize: [3, 3], activation: 'tanh' }],
      ['again', 'conv2dTranspose', ['first'], { filters: 4, kernelSize: [3, 3], padding: 'valid' }],
      ['sum', 'add', ['input', 'back', 'again']],
      ['flat', 'flatten', ['sum']],
      ['output', 'dense', ['flat'], { units: classes, activation: 'softmax' }],
    ]),
  ),
  entry('convolution, pooled by twos', pooled({}, {}), 'maxPooling2d'),
  entry('convolution, pooled at the border', pooled({ padding: 'same' }, { padding: 'same' })),
  entry('convolution with same padding that starts', convolution(lower)),
  entry('convolution with strides, padded at the start', convolution({ ...lower, strides: [2, 2] })),
  entry('convolution with pads', convolution({ ...pads, strides: [2, 1] })),
  entry('convolution of 1×1 with pads', convolution({ ...pads, kernelSize: [1, 1], groups: 2 })),
  entry('convolution with pads, pooled with pads', pooled(pads, { ...pads, pads: [0, 1, 1, 0] })),
  entry('convolution, pooled at the start', pooled(lower, { poolSize: [3, 2], padding: 'sameLower' })),
  entry('convolution, pooled in columns', pooled({}, { poolSize: [4, 1], strides: [4, 2], padding: 'same' })),
  entry('convolution, pooled in pairs', pooled({ groups: 1 }, { poolSize: [1, 2], strides: [2, 3] })),
  entry('convolution, pooled with overlap', pooled({ activation: 'elu' }, overlapping)),
  entry('convolution in groups, pooled', pooled({ filters: 8, groups: 4, activation: 'relu' }, {})),
  entry('max pooling', chain(['maxPooling2d'], before), undefined),
  entry('max pooling with overlap', chain(before, ['dropout', { rate: 0 }], ['maxPooling2d', overlapping])),
  entry(
    'max pooling with pads',
    chain(['maxPooling2d', { ...overlapping, ...pads, pads: [2, 1, 0, 1] }], before),
  ),
  entry('average pooling', chain(before, ['averagePooling2d']), 'averagePooling2d'),
  entry('average pooling with overlap', chain(before, ['averagePooling2d', overlapping])),
  entry('average pooling that starts', chain(before, ['averagePooling2d', { padding: 'sameLower' }])),
  entry(
    'average pooling with pads',
    chain(before, ['averagePooling2d', { ...overlapping, ...pads, pads: [1, 2, 1, 0] }]),
  ),
  entry(
    'average pooling that counts pads',
    chain(before, ['averagePooling2d', { ...overlapping, ...pads, pads: [1, 2, 1, 0], countPadding: true }]),
  ),
  entry(
    'global average pooling',
    compiledChain(shape, classes, [before, ['globalAveragePooling2d'], head[1]]),
    'globalAveragePooling2d',
  ),
  entry(
    'global max pooling',
    compiledChain(shape, classes, [before, ['globalMaxPooling2d'], head[1]]),
    'globalMaxPooling2d',
  ),
  entry('L2 pooling', chain(before, ['l2Pooling2d']), 'l2Pooling2d'),
  entry('L2 pooling with overlap', chain(before, ['l2Pooling2d', overlapping])),
  entry(
    'L2 pooling with pads',
    chain(before, ['l2Pooling2d', { ...overlapping, ...pads, pads: [1, 2, 1, 0] }]),
  ),
  // Windows of relu hold zeros alone now and then.
  entry(
    'L2 pooling of zeros',
    chain(
      ['conv2d', { filters: 5, kernelSize: [2, 2], activation: 'relu' }],
      ['l2Pooling2d', { poolSize: [1, 2], strides: [1, 1] }],
    ),
  ),
  entry('flatten', compiledChain(shape, classes, [...head]), 'flatten'),
  ...rearranging,
  entry('dropout of nothing', chain(before, ['dropout', { rate: 0 }]), 'dropout'),
  entry(
    'batch normalization',
    chain(before, ['batchNormalization', { momentum: 0.7 }]),
    'batchNormalization',
  ),
  entry(
    'batch normalization with a curve',
    chain(before, ['batchNormalization'], ['activation', { activation: 'tanh' }]),
  ),
  entry(
    'batch normalization of vectors',
    compiledChain(shape, classes, [['flatten'], ['dense', { units: 5 }], ['batchNormalization'], head[1]]),
  ),
  entry('add', merged('add'), 'add'),
  entry('add of eight', many('add')),
  entry('multiply', merged('multiply'), 'multiply'),
  entry('multiply of eight', many('multiply')),
  entry('concatenate', merged('concatenate'), 'concatenate'),
  entry('concatenate of eight', many('concatenate')),
  entry(
    'softmax as a layer at the end',
    compiledChain(shape, classes, [
      ['flatten'],
      ['dense', { units: classes }],
      ['activation', { activation: 'softmax', alpha: 3, beta: 1 }],
    ]),
  ),
  ...curves.map((activation) =>
    entry(
      `activation ${activation}`,
      chain(before, ['activation', { ...bent, activation }]),
      activation === 'relu' ? 'activation' : undefined,
    ),
  ),
  ...curves.map((activation) =>
    entry(`activation ${activation} by itself`, chain(['activation', { ...bent, activation }], before)),
  ),
  ...curves.map((activation) =>
    entry(
      `activation ${activation} after a pooling`,
      chain(before, ['averagePooling2d'], ['activation', { ...bent, activation }]),
    ),
  ),
  entry('activation linear that changes nothing', chain(before, ['activation', { activation: 'linear' }])),
  entry('prelu', chain(before, ['prelu']), 'prelu'),
  entry('prelu by itself', chain(['prelu'], before)),
  entry('parametric softplus', chain(before, ['parametricSoftplus']), 'parametricSoftplus'),
  entry(
    'parametric softplus of vectors, one branch of two',
    compiledGraph(shape, classes, [
      ['input', 'input', [], { shape }],
      ['flat', 'flatten', ['input']],
      ['hidden', 'dense', ['flat'], { units: 6 }],
      ['bent', 'parametricSoftplus', ['hidden']],
      ['slope', 'prelu', ['hidden']],
      ['both', 'add', ['slope', 'bent']],
      ['output', 'dense', ['both'], { units: classes, activation: 'softmax' }],
    ]),
  ),
  ...Object.entries(numberedCurves).map(([name, params]) =>
    entry(
      `activation ${name}, between convolution and pooling`,
      chain(['conv2d', { filters: 5, kernelSize: [2, 2] }], ['activation', params], ['maxPooling2d']),
    ),
  ),
  entry(
    'mean squared error after dense',
    chain(['flatten'], ['dense', { units: 9, activation: 'relu' }]),
    undefined,
    'meanSquaredError',
  ),
  entry('mean squared error after convolution', convolution({}), undefined, 'meanSquaredError'),
  entry(
    'mean squared error without softmax',
    compiledChain(shape, classes, [before, ['globalAveragePooling2d'], ['dense', { units: classes }]]),
    undefined,
    'meanSquaredError',
  ),
  entry(
    'cross-entropy without softmax',
    compiledChain(shape, classes, [['flatten'], ['dense', { units: classes, activation: 'sigmoid' }]]),
  ),
  ...Array.from({ length: 12 }, (_, i) =>
    entry(`random network ${i + 1}`, randomNetwork(shape, classes, i + 1)),
  ),
];

/** All of these, and networks with frozen layers, one of every kind with weights among them. */
export const networks: readonly AgreementNetwork[] = [
  ...free,
  ...[...frozenKinds(free), ...frozenNetworks(shape, classes)].map(({ name, network }) =>
    entry(name, network),
  ),
];
