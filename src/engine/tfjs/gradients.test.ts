import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ParamValues } from '../../core/params';
import { createRandom } from '../../core/random';
import { layers, type LayerKind } from '../../layers';
import { isFrozen, weightKey, type CompiledNetwork, type Weights } from '../../network/compiled';
import type { Network, NetworkNode } from '../../network/network';
import type { Engine, Loss } from '../engine';
import { numberedCurves } from '../testing/agreementNetworks';
import { compiled, compiledChain, examples, range } from '../testing/examples';
import { freeze, randomWeights } from '../testing/networks';
import { cpu } from './cpu';

const shape = [5, 5, 2];
const data = examples(4, shape, 3);
const head = [['flatten'], ['dense', { units: 3, activation: 'softmax' }]] as const;
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
    params: { ...Object.fromEntries(defaults(kind)), ...params },
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

const defaults = (kind: LayerKind) =>
  Object.entries(layers.find((layer) => layer.kind === kind)!.params).map(([key, spec]) => [
    key,
    spec.default,
  ]);

const before = ['conv2d', { filters: 3, kernelSize: [2, 2] }] as const;
const networks: Record<string, readonly [LayerKind | undefined, CompiledNetwork]> = {
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

let engine: Engine;
beforeAll(async () => {
  engine = await cpu.open({ available: true, device: '', software: false });
});
afterAll(() => engine.dispose());

/** Weights that make every value of the network far from the corners of relu and of the maximum for most draws. */
const weightsOf = (network: CompiledNetwork): Weights => randomWeights(network, createRandom(11));

const sgd = { type: 'sgd', learningRate: 1, momentum: 0 } as const;

async function lossAt(network: CompiledNetwork, loss: Loss, weights: Weights): Promise<number> {
  const state = { step: 0, weights, slots: {} };
  const trainer = await engine.createTrainer({ network, loss, optimizer: sgd, seed: 1, state });
  const result = await trainer.evaluate(data, range(0, 4));
  trainer.dispose();
  return result.loss;
}

async function gradient(network: CompiledNetwork, loss: Loss, weights: Weights): Promise<Weights> {
  const state = { step: 0, weights, slots: {} };
  const trainer = await engine.createTrainer({ network, loss, optimizer: sgd, seed: 1, state });
  trainer.step(data, range(0, 4));
  const after = await trainer.state();
  trainer.dispose();
  return Object.fromEntries(
    Object.entries(weights).map(([key, w]) => [key, w.map((value, i) => value - after.weights[key]![i]!)]),
  );
}

/**
 * Central differences of the loss itself in a few weights of each kind; float32 leaves about three digits. Weights of
 * frozen layers do not move at all.
 */
async function compare(network: CompiledNetwork, loss: Loss): Promise<void> {
  const weights = weightsOf(network);
  const computed = await gradient(network, loss, weights);
  const random = createRandom(5);
  const frozen = network.layers
    .filter(isFrozen)
    .flatMap((layer) => layer.weights.map((spec) => weightKey(layer, spec)));
  for (const key of frozen) expect(new Set(computed[key]), `${key} stays`).toEqual(new Set([0]));
  for (const [key, values] of Object.entries(weights).filter(([name]) => !frozen.includes(name))) {
    for (let n = 0; n < 2; n++) {
      const i = Math.floor(random.next() * values.length);
      const at = (delta: number): Promise<number> =>
        lossAt(network, loss, { ...weights, [key]: values.with(i, values[i]! + delta) });
      const h = 2 ** -10;
      const expected = ((await at(h)) - (await at(-h))) / (2 * h);
      const difference = Math.abs(computed[key]![i]! - expected);
      expect(difference, `${key}[${i}] is ${computed[key]![i]}, by differences ${expected}`).toBeLessThan(
        1e-3,
      );
    }
    expect(Math.max(...computed[key]!.map(Math.abs)), `${key} moves`).toBeGreaterThan(3e-3);
  }
}

describe('the gradient equals the differences of the loss', () => {
  for (const [name, [, network]] of Object.entries(networks)) {
    test(name, () => compare(network, 'categoricalCrossentropy'));
  }
  test('mean squared error', () => compare(networks['convolution']![1], 'meanSquaredError'));
  test('mean squared error after sigmoid', () =>
    compare(networks['dense without bias']![1], 'meanSquaredError'));
});

test('every kind of layer that gradients pass through is among them', () => {
  const covered = Object.values(networks).map(([kind]) => kind);
  // Batch normalization trains on other statistics than it evaluates with, so it has a test of its own below. An
  // embedding takes no image: see `embedding.test.ts`.
  const missing = layers.map(({ kind }) => kind).filter((kind) => !covered.includes(kind));
  expect(missing).toEqual(['input', 'embedding', 'batchNormalization']);
});

test('batch normalization has the gradient of its own training loss', async () => {
  const network = compiledChain(shape, 3, [
    ['conv2d', { filters: 2, kernelSize: [2, 2], useBias: false }],
    ['batchNormalization'],
    ...head,
  ]);
  const weights = weightsOf(network);
  const computed = await gradient(network, 'categoricalCrossentropy', weights);
  const trainingLoss = async (changed: Weights): Promise<number> => {
    const state = { step: 0, weights: changed, slots: {} };
    const loss = 'categoricalCrossentropy';
    const trainer = await engine.createTrainer({ network, loss, optimizer: sgd, seed: 1, state });
    trainer.step(data, range(0, 4));
    const [metrics] = await trainer.metrics();
    trainer.dispose();
    return metrics!.loss;
  };
  const h = 2 ** -10;
  for (const key of [
    'conv2d/kernel',
    'batch_normalization/gamma',
    'batch_normalization/beta',
    'dense/kernel',
  ]) {
    const values = weights[key]!;
    const up = await trainingLoss({ ...weights, [key]: values.with(1, values[1]! + h) });
    const down = await trainingLoss({ ...weights, [key]: values.with(1, values[1]! - h) });
    expect(computed[key]![1]!, key).toBeCloseTo((up - down) / (2 * h), 2.5);
  }
});
