/** Networks of the agreement list whose layers put values in other places, make more of them, or look them up. */
import type { ParamValues } from '../../core/params';
import { sizeOf, type Shape } from '../../core/shape';
import type { LayerKind } from '../../layers';
import type { CompiledNetwork } from '../../network/compiled';
import { compiledChain } from './examples';
import { compiledGraph } from './networks';

type Step = readonly [LayerKind, ParamValues?];

/** Names, networks, and the kind that each stands for where it does, for images of this shape. */
export function rearrangements(
  shape: Shape,
  classes: number,
): readonly (readonly [name: string, network: CompiledNetwork, kind?: LayerKind])[] {
  const flat: Step = ['flatten'];
  const output: Step = ['dense', { units: classes, activation: 'softmax' }];
  const before: Step = ['conv2d', { filters: 6, kernelSize: [2, 2], activation: 'tanh' }];
  const after: Step = ['conv2d', { filters: 3, kernelSize: [2, 2], activation: 'tanh' }];
  /** Between two convolutions, so that gradients go through it. */
  const between = (...steps: readonly Step[]): CompiledNetwork =>
    compiledChain(shape, classes, [before, ...steps, after, flat, output]);
  const bilinear = (grid: string, size: readonly number[]): CompiledNetwork =>
    between(['upSampling2d', { size, interpolation: 'bilinear', grid }]);
  const vectors = (...steps: readonly Step[]): CompiledNetwork =>
    compiledChain(shape, classes, [...steps, output], { form: 'vector', size: sizeOf(shape) });
  const looked = (useBias: boolean): CompiledNetwork =>
    compiledChain(shape, classes, [
      flat,
      ['dense', { units: 1 }],
      ['embedding', { inputDim: 5, outputDim: 6, useBias }],
      ['activation', { activation: 'tanh' }],
      output,
    ]);
  /** A value that goes three ways, so that gradients are added to those that are there. */
  const forked = compiledGraph(shape, classes, [
    ['input', 'input', [], { shape }],
    ['conv', 'conv2d', ['input'], { filters: 6, kernelSize: [2, 2], activation: 'tanh' }],
    ['turned', 'permute', ['conv'], { dims: [1, 2, 3] }],
    ['large', 'upSampling2d', ['conv'], { size: [2, 1] }],
    ['between', 'upSampling2d', ['conv'], { size: [2, 1], interpolation: 'bilinear' }],
    ['wide', 'zeroPadding2d', ['turned'], { padding: [3, 3, 0, 0] }],
    ['sum', 'add', ['large', 'between', 'wide']],
    ['flat', 'flatten', ['sum'], { order: 'channelsFirst' }],
    ['output', 'dense', ['flat'], { units: classes, activation: 'softmax' }],
  ]);
  return [
    [
      'flatten channel by channel',
      compiledChain(shape, classes, [before, ['flatten', { order: 'channelsFirst' }], output]),
    ],
    ['permute', between(['permute', { dims: [2, 1, 3] }]), 'permute'],
    [
      'permute of all dimensions',
      between(['permute', { dims: [3, 1, 2] }], ['permute', { dims: [3, 2, 1] }]),
    ],
    ['reshape', between(['reshape', { targetShape: [9, 5, 4] }]), 'reshape'],
    ['reshape channel by channel', between(['reshape', { targetShape: [4, 9, 5], order: 'channelsFirst' }])],
    ['zero padding', between(['zeroPadding2d', { padding: [2, 0, 1, 3] }]), 'zeroPadding2d'],
    ['zero padding of nothing', between(['zeroPadding2d', { padding: [0, 0, 0, 0] }])],
    ['upsampling', between(['upSampling2d', { size: [3, 2] }]), 'upSampling2d'],
    ['upsampling in between by centres', bilinear('halfPixel', [2, 3])],
    ['upsampling in between by corners', bilinear('alignCorners', [3, 2])],
    ['upsampling in between by the first pixel', bilinear('asymmetric', [2, 1])],
    ['rearrangements that meet', forked],
    ['embedding', looked(false), 'embedding'],
    ['embedding with a bias', looked(true)],
    ['vectors', vectors(['dense', { units: 8, activation: 'tanh' }])],
    [
      'vectors as images channel by channel',
      vectors(['reshape', { targetShape: shape, order: 'channelsFirst' }], before, flat),
    ],
  ];
}
