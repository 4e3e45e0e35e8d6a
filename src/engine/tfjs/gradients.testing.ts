/** The networks whose gradients are compared with differences of their loss: one of every kind. For tests only. */
import { defaultsOf, type ParamValues } from '../../core/params';
import { layerOf, type LayerKind } from '../../layers';
import type { CompiledNetwork } from '../../network/compiled';
import type { Network, NetworkNode } from '../../network/network';
import { numberedCurves } from '../testing/agreementNetworks';
import { compiled, compiledChain, examples } from '../testing/examples';
import { freeze } from '../testing/networks';

export const shape = [5, 5, 2];
export const data = examples(4, shape, 3);
export const head = [['flatten'], ['dense', { units: 3, activation: 'softmax' }]] as const;
const convolution = (params: ParamValues): readonly [LayerKind, ParamValues] => [
  'conv2d',
  { filters: 4, kernelSize: [2, 3], activation: 'tanh', ...params },
];

/** Two branches of one convolution each, joined by `merge`. */
function branches(merge: LayerKind): CompiledNetwork {
  const node = (id: string, kind: LayerKind, params: ParamValues = {}): NetworkNode => ({
    id,
    kind,
    name: id,
    params: { ...defaultsOf(layerOf(kind).params), ...params },
    position: { x: 0, y: 0 },
  });
  const network: Network = {
    nodes: [
      node('input', 'input', { shape }),
      node('left', 'conv2d', { filters: 2, kernelSize: [3, 3], activation: 'sigmoid' }),
      node('right', 'conv2d', { filters: 2, kernelSize: [3, 3], activation: 'softsign' }),
      node('merged', merge),
      node('flat', 'flatten'),
      node('output', 'dense', { units: 3, activation: 'softmax' }),
    ],
    edges: [
      ['input', 'left'],
      ['input', 'right'],
      ['left', 'merged'],
      ['right', 'merged'],
      ['merged', 'flat'],
      ['flat', 'output'],
    ].map(([source, target]) => ({ id: `${source}-${target}`, source: source!, target: target! })),
  };
  return compiled(network, shape, 3);
}

const before = ['conv2d', { filters: 3, kernelSize: [2, 2] }] as const;
export const networks: Record<string, readonly [LayerKind | undefined, CompiledNetwork]> = {
  dense: [
    'dense',
    compiledChain(shape, 3, [['flatten'], ['dense', { units: 4, activation: 'elu' }], head[1]]),
  ],
  'dense without bias': [
    undefined,
    compiledChain(shape, 3, [['flatten'], ['dense', { units: 3, useBias: false, activation: 'sigmoid' }]]),
  ],
  convolution: ['conv2d', compiledChain(shape, 3, [convolution({}), ...head])],
  'convolution with stride and same padding': [
    undefined,
    compiledChain(shape, 3, [convolution({ strides: [2, 2], padding: 'same' }), ...head]),
  ],
  'convolution with dilation': [
    undefined,
    compiledChain(shape, 3, [convolution({ dilationRate: [2, 1], kernelSize: [2, 2] }), ...head]),
  ],
  'convolution with dilation and same padding': [
    undefined,
    compiledChain(shape, 3, [convolution({ dilationRate: [2, 2], padding: 'same' }), ...head]),
  ],
  'convolution with groups': [undefined, compiledChain(shape, 3, [convolution({ groups: 2 }), ...head])],
  'convolution with pads': [
    undefined,
    compiledChain(shape, 3, [convolution({ padding: 'explicit', pads: [2, 0, 1, 3] }), ...head]),
  ],
  'depthwise convolution': [
    'depthwiseConv2d',
    compiledChain(shape, 3, [
      before,
      ['depthwiseConv2d', { kernelSize: [2, 2], depthMultiplier: 2, activation: 'tanh' }],
      ...head,
    ]),
  ],
  'transposed convolution': [
    'conv2dTranspose',
    compiledChain(shape, 3, [
      before,
      ['conv2dTranspose', { filters: 3, kernelSize: [3, 2], strides: [2, 1], padding: 'same' }],
      ...head,
    ]),
  ],
  'max pooling': ['maxPooling2d', compiledChain(shape, 3, [before, ['maxPooling2d'], ...head])],
  'max pooling with overlap': [
    undefined,
    compiledChain(shape, 3, [
      before,
      ['maxPooling2d', { poolSize: [3, 2], strides: [1, 2], padding: 'same' }],
      ...head,
    ]),
  ],
  'average pooling': [
    'averagePooling2d',
    compiledChain(shape, 3, [before, ['averagePooling2d', { poolSize: [3, 3], padding: 'same' }], ...head]),
  ],
  'global average pooling': [
    'globalAveragePooling2d',
    compiledChain(shape, 3, [before, ['globalAveragePooling2d'], head[1]]),
  ],
  'global max pooling': [
    'globalMaxPooling2d',
    compiledChain(shape, 3, [before, ['globalMaxPooling2d'], head[1]]),
  ],
  'L2 pooling': [
    'l2Pooling2d',
    compiledChain(shape, 3, [before, ['l2Pooling2d', { poolSize: [3, 2], padding: 'same' }], ...head]),
  ],
  flatten: ['flatten', compiledChain(shape, 3, [['flatten'], head[1]])],
  'flatten channel by channel': [
    undefined,
    compiledChain(shape, 3, [before, ['flatten', { order: 'channelsFirst' }], head[1]]),
  ],
  permute: ['permute', compiledChain(shape, 3, [before, ['permute', { dims: [3, 1, 2] }], ...head])],
  reshape: [
    'reshape',
    compiledChain(shape, 3, [
      before,
      ['reshape', { targetShape: [3, 8, 2], order: 'channelsFirst' }],
      convolution({}),
      ...head,
    ]),
  ],
  'zero padding': [
    'zeroPadding2d',
    compiledChain(shape, 3, [before, ['zeroPadding2d', { padding: [2, 0, 1, 1] }], convolution({}), ...head]),
  ],
  upsampling: [
    'upSampling2d',
    compiledChain(shape, 3, [before, ['upSampling2d', { size: [3, 2] }], convolution({}), ...head]),
  ],
  ...Object.fromEntries(
    ['halfPixel', 'alignCorners', 'asymmetric'].map((grid) => [
      `upsampling, ${grid}`,
      [
        undefined,
        compiledChain(shape, 3, [
          before,
          ['upSampling2d', { size: [2, 3], interpolation: 'bilinear', grid }],
          convolution({}),
          ...head,
        ]),
      ] as const,
    ]),
  ),
  ...Object.fromEntries(
    ['relu', 'sigmoid', 'tanh', 'softmax', 'leakyRelu', 'elu', 'softplus', 'softsign', 'linear'].map(
      (activation) => [
        `activation ${activation}`,
        [
          activation === 'relu' ? 'activation' : undefined,
          compiledChain(shape, 3, [
            before,
            ['activation', { activation, alpha: 0.7, negativeSlope: 0.2 }],
            ...head,
          ]),
        ] as const,
      ],
    ),
  ),
  ...Object.fromEntries(
    Object.entries(numberedCurves)
      // Where a curve jumps, differences of the loss are not its gradient.
      .filter(([name]) => !name.startsWith('thresholded'))
      .map(([name, params]) => [
        `activation ${name}`,
        [undefined, compiledChain(shape, 3, [before, ['activation', params], ...head])] as const,
      ]),
  ),
  prelu: ['prelu', compiledChain(shape, 3, [before, ['prelu'], ...head])],
  'parametric softplus': [
    'parametricSoftplus',
    compiledChain(shape, 3, [['flatten'], ['dense', { units: 6 }], ['parametricSoftplus'], head[1]]),
  ],
  'dropout of nothing': ['dropout', compiledChain(shape, 3, [before, ['dropout', { rate: 0 }], ...head])],
  add: ['add', branches('add')],
  multiply: ['multiply', branches('multiply')],
  concatenate: ['concatenate', branches('concatenate')],
  'frozen convolution': [
    undefined,
    freeze(compiledChain(shape, 3, [before, convolution({}), ...head]), ['conv2d_1']),
  ],
  'frozen batch normalization': [
    undefined,
    freeze(compiledChain(shape, 3, [before, ['batchNormalization'], ...head]), ['batch_normalization']),
  ],
  'frozen dense at the top': [undefined, freeze(compiledChain(shape, 3, [before, ...head]), ['dense'])],
};
