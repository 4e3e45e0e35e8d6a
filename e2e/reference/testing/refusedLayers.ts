/**
 * Models of one rarer layer each, valid at first, and what breaks them. For rules.test.ts.
 */
import type { Convolution, LayerBody, Model } from '../types';
import { layerNamed, type Sample } from './refused';
import { convolution, floats, layer, plainModel, pooling } from './samples';

/** A model of a single layer that reads its input. */
const only = (shape: number[], body: LayerBody) => () =>
  plainModel(shape, [layer('out', ['in'], structuredClone(body))]);

/** Breaks the single layer, which is of this kind. */
function spoil<Kind extends LayerBody['kind']>(
  kind: Kind,
  breakIt: (body: Extract<LayerBody, { kind: Kind }>) => void,
): (model: Model) => void {
  return (model) => {
    const { body } = layerNamed(model, 'out');
    if (body.kind !== kind) throw new Error(`The sample is no ${kind}.`);
    breakIt(body as Extract<LayerBody, { kind: Kind }>);
  };
}

const upsample: LayerBody = {
  kind: 'upsample',
  scalingFactor: [2, 2],
  mode: 1,
  linearMode: 0,
  fractionalScalingFactor: [],
};
const embedding: LayerBody = {
  kind: 'embedding',
  inputDim: 3,
  outputChannels: 2,
  hasBias: true,
  weights: floats([1, 2, 3, 4, 5, 6]),
  bias: floats([1, 2]),
};
const prelu: LayerBody = { kind: 'activation', activation: { name: 'prelu', alpha: floats([1, 2, 3]) } };
const softplus: LayerBody = {
  kind: 'activation',
  activation: { name: 'parametricSoftplus', alpha: floats([1]), beta: floats([1, 2, 3]) },
};
const border = { start: 1, end: 0 };
const padding: LayerBody = {
  kind: 'padding',
  padding: { mode: 'reflection' },
  amounts: [border, border],
};
const turned = convolution({
  isDeconvolution: true,
  outputChannels: 2,
  kernelChannels: 4,
  groups: 2,
  kernelSize: [1, 1],
  weights: floats([1, 2, 3, 4]),
  outputShape: [2, 2],
});
const last = pooling({ padding: { mode: 'includeLastPixel', amounts: [1, 1] } });
const spoilTurned = (changes: Partial<Convolution>) =>
  spoil('convolution', (body) => Object.assign(body, changes));

const SPOILT: readonly (readonly [how: string, base: () => Model, breakIt: (model: Model) => void])[] = [
  [
    'axes given twice',
    only([2, 3, 4], { kind: 'permute', axis: [0, 3, 1, 2] }),
    spoil('permute', (b) => (b.axis = [0, 3, 3, 2])),
  ],
  [
    'three axes',
    only([2, 3, 4], { kind: 'permute', axis: [0, 3, 1, 2] }),
    spoil('permute', (b) => b.axis.pop()),
  ],
  [
    'a reshape that loses numbers',
    only([2, 3, 4], { kind: 'reshape', targetShape: [4, 3, 2], mode: 0 }),
    spoil('reshape', (b) => (b.targetShape = [4, 3, 1])),
  ],
  [
    'a reshape to a vector',
    only([2, 3, 4], { kind: 'reshape', targetShape: [1, 4, 3, 2], mode: 1 }),
    spoil('reshape', (b) => (b.targetShape = [24])),
  ],
  [
    'a reshape of no known order',
    only([2, 3, 4], { kind: 'reshape', targetShape: [4, 3, 2], mode: 1 }),
    spoil('reshape', (b) => (b.mode = 2)),
  ],
  [
    'a flatten of no known order',
    only([2, 3, 4], { kind: 'flatten', mode: 1 }),
    spoil('flatten', (b) => (b.mode = 2)),
  ],
  ['a single factor', only([2, 3, 4], upsample), spoil('upsample', (b) => b.scalingFactor.pop())],
  ['a factor of 0', only([2, 3, 4], upsample), spoil('upsample', (b) => (b.scalingFactor = [0, 2]))],
  [
    'whole and fractional factors',
    only([2, 3, 4], upsample),
    spoil('upsample', (b) => (b.fractionalScalingFactor = [1.5, 1.5])),
  ],
  [
    'nearest numbers on aligned corners',
    only([2, 3, 4], upsample),
    spoil('upsample', (b) => Object.assign(b, { mode: 0, linearMode: 1 })),
  ],
  ['an embedding of too few vectors', only([1], embedding), spoil('embedding', (b) => (b.inputDim = 4))],
  ['an embedding without its bias', only([1], embedding), spoil('embedding', (b) => (b.bias = undefined))],
  [
    'an embedding of two indices',
    only([1], embedding),
    (m) => (m.description.inputs[0]!.type = plainModel([2], []).description.inputs[0]!.type),
  ],
  [
    'slopes of other channels',
    only([3], prelu),
    spoil('activation', (b) => (b.activation = { name: 'prelu', alpha: floats([1, 2]) })),
  ],
  [
    'no slopes',
    only([3], prelu),
    spoil('activation', (b) => (b.activation = { name: 'prelu', alpha: undefined })),
  ],
  [
    'betas of other channels',
    only([3], softplus),
    spoil(
      'activation',
      (b) => (b.activation = { name: 'parametricSoftplus', alpha: floats([1]), beta: floats([1, 2]) }),
    ),
  ],
  [
    'an activation of no kind',
    only([3], prelu),
    spoil('activation', (b) => (b.activation = { name: 'none' })),
  ],
  [
    'a mirror image wider than the image',
    only([2, 3, 4], padding),
    spoil('padding', (b) => (b.amounts[0]!.start = 3)),
  ],
  ['padding along the height alone', only([2, 3, 4], padding), spoil('padding', (b) => b.amounts.pop())],
  ['a deconvolution of other channels', only([4, 2, 2], turned), spoilTurned({ kernelChannels: 2 })],
  ['a deconvolution of too few weights', only([4, 2, 2], turned), spoilTurned({ weights: floats([1, 2]) })],
  ['groups that do not divide', only([4, 2, 2], turned), spoilTurned({ groups: 3 })],
  ['an output shape of one number', only([4, 2, 2], turned), spoilTurned({ outputShape: [2] })],
  ['an output shape of a convolution', only([1, 4, 4], convolution()), spoilTurned({ outputShape: [3, 3] })],
  [
    'a negative amount',
    only([1, 4, 4], convolution({ padding: { mode: 'valid', amounts: [border, border] } })),
    spoilTurned({ padding: { mode: 'valid', amounts: [border, { start: -1, end: 0 }] } }),
  ],
  [
    'an asymmetry that is not known',
    only([1, 4, 4], convolution({ padding: { mode: 'same', asymmetry: 1 } })),
    spoilTurned({ padding: { mode: 'same', asymmetry: 2 } }),
  ],
  [
    'a pooling that is not known',
    only([1, 4, 4], pooling({ type: 2 })),
    spoil('pooling', (b) => (b.type = 3)),
  ],
  [
    'windows in the padding alone',
    only([1, 4, 4], pooling({ padding: { mode: 'valid', amounts: [border, border] } })),
    spoil('pooling', (b) => (b.padding = { mode: 'valid', amounts: [border, { start: 2, end: 0 }] })),
  ],
  [
    'one amount up to the last pixel',
    only([1, 4, 4], last),
    spoil('pooling', (b) => (b.padding = { mode: 'includeLastPixel', amounts: [1] })),
  ],
];

export const REFUSED_LAYERS: readonly Sample[] = [
  ...SPOILT.map(([how, base, breakIt]): Sample => ['layer computable', how, base, breakIt]),
  [
    'specification version',
    'aligned corners in version 4',
    only([2, 3, 4], upsample),
    spoil('upsample', (b) => (b.linearMode = 1)),
  ],
  [
    'padding set',
    'a padding of no kind',
    only([2, 3, 4], padding),
    spoil('padding', (b) => (b.padding = undefined)),
  ],
  [
    'padding set',
    'a deconvolution without padding',
    only([4, 2, 2], turned),
    spoilTurned({ padding: undefined }),
  ],
  [
    'weights',
    'a slope that is no number',
    only([3], prelu),
    spoil('activation', (b) => (b.activation = { name: 'prelu', alpha: floats([1, NaN, 3]) })),
  ],
  [
    'weights',
    'an infinite vector',
    only([1], embedding),
    spoil('embedding', (b) => (b.weights!.floats[2] = Infinity)),
  ],
  [
    'updatable kinds',
    'an updatable embedding',
    only([1], embedding),
    (m) => (layerNamed(m, 'out').isUpdatable = true),
  ],
  [
    'updatable flags',
    'slopes flagged alone',
    only([3], prelu),
    spoil('activation', (b) => (b.activation = { name: 'prelu', alpha: floats([1, 2, 3], true) })),
  ],
];
