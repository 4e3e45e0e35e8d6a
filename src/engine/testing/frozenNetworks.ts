/** Networks with frozen layers, on which engines are compared: no weight of these moves, and gradients pass through them. */
import { createRandom } from '../../core/random';
import type { LayerKind } from '../../layers';
import type { CompiledNetwork } from '../../network/compiled';
import { compiledChain } from './examples';
import { compiledGraph, freeze, randomNetwork } from './networks';

export interface FrozenNetwork {
  readonly name: string;
  readonly network: CompiledNetwork;
}

/**
 * Of every kind with weights, one network in which the last layer of the kind is frozen.
 * @param networks a network for each kind.
 */
export function frozenKinds(
  networks: readonly { readonly kind?: LayerKind; readonly network: CompiledNetwork }[],
): readonly FrozenNetwork[] {
  return networks.flatMap(({ kind, network }) => {
    const last = network.layers.findLast((layer) => layer.kind === kind && layer.weights.length > 0);
    return kind && last ? [{ name: `frozen ${kind}`, network: freeze(network, [last.name]) }] : [];
  });
}

/** Frozen layers at the start, in the middle, at the end, in branches, and drawn at random. */
export function frozenNetworks(shape: readonly number[], classes: number): readonly FrozenNetwork[] {
  const head = [['flatten'], ['dense', { units: classes, activation: 'softmax' }]] as const;
  const first = ['conv2d', { filters: 5, kernelSize: [2, 2], padding: 'same', activation: 'tanh' }] as const;
  const middle = (...layers: Parameters<typeof compiledChain>[2][number][]): Parameters<typeof freeze> => {
    const network = compiledChain(shape, classes, [first, ...layers, ...head]);
    return [network, network.layers.slice(2, 2 + layers.length).map(({ name }) => name)];
  };
  const convolution = { filters: 6, kernelSize: [2, 3], activation: 'tanh' } as const;
  const residual = compiledGraph(shape, classes, [
    ['input', 'input', [], { shape }],
    ['first', 'conv2d', ['input'], { filters: 4, kernelSize: [1, 2], padding: 'same', activation: 'tanh' }],
    ['frozen', 'conv2d', ['first'], { filters: 4, kernelSize: [3, 3], padding: 'same', activation: 'elu' }],
    ['normalized', 'batchNormalization', ['first']],
    ['around', 'add', ['first', 'frozen', 'normalized']],
    ['flat', 'flatten', ['around']],
    ['hidden', 'dense', ['flat'], { units: 6, activation: 'softmax' }],
    ['output', 'dense', ['hidden'], { units: classes, activation: 'softmax' }],
  ]);
  const plain = compiledChain(shape, classes, [
    first,
    ['maxPooling2d'],
    ['flatten'],
    ['dense', { units: 9, activation: 'relu' }],
    head[1],
  ]);
  const named = (name: string, network: CompiledNetwork, names: readonly string[]): FrozenNetwork => ({
    name: `frozen: ${name}`,
    network: freeze(network, names),
  });
  return [
    named('the first convolution', plain, ['conv2d']),
    named('all but the last layer', plain, ['conv2d', 'dense']),
    named('the last layer', plain, ['dense_1']),
    named('all but the first layer', plain, ['dense', 'dense_1']),
    named('a convolution in the middle', ...middle(['conv2d', convolution])),
    named('a convolution with softmax', ...middle(['conv2d', { ...convolution, activation: 'softmax' }])),
    named('a convolution with groups', ...middle(['conv2d', { ...convolution, filters: 10, groups: 5 }])),
    named('a pooled convolution', ...middle(['conv2d', convolution], ['maxPooling2d'])),
    named(
      'a pooled convolution, padded',
      ...middle(['conv2d', { ...convolution, padding: 'same', kernelSize: [4, 5] }], ['maxPooling2d']),
    ),
    named(
      'a pooled convolution with overlap',
      ...middle(['conv2d', convolution], ['maxPooling2d', { poolSize: [3, 2], strides: [2, 1] }]),
    ),
    named('batch normalization with strong momentum', ...middle(['batchNormalization', { momentum: 0.2 }])),
    named(
      'batch normalization with a curve',
      ...middle(['batchNormalization'], ['activation', { activation: 'tanh' }]),
    ),
    named('branches that come together', residual, ['frozen', 'normalized', 'hidden']),
    ...Array.from({ length: 6 }, (_, i) => {
      const network = randomNetwork(shape, classes, i + 20);
      const random = createRandom(i);
      const weighted = network.layers.filter(({ weights }) => weights.length > 0);
      const [kept, ...others] = weighted.map(({ name }) => name);
      const chosen = others.filter(() => random.next() < 0.5);
      return named(`random network ${i + 1}`, network, i % 2 === 0 ? chosen : [...chosen, kept!]);
    }),
  ];
}
