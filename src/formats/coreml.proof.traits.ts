/**
 * What the proof of the Core ML export must have seen, so that nothing passes by never being drawn: every option of every
 * layer kind, by the kinds' own schemas, and what a file can hold that the schemas do not name.
 */
import type { ParamValues } from '../core/params';
import { layers, type LayerKind } from '../layers';

/** Every value of a choice and of a switch that a kind has. How weights start is in no file, so it proves nothing. */
export function allOptions(): string[] {
  return layers.flatMap(({ kind, params }) =>
    Object.entries(params).flatMap(([key, spec]) => {
      if (key.endsWith('Initializer')) return [];
      if (spec.type === 'boolean') return [`${kind}.${key}=true`, `${kind}.${key}=false`];
      return spec.type === 'choice' ? spec.options.map((option) => `${kind}.${key}=${option}`) : [];
    }),
  );
}

/** The options that a layer was drawn with. */
export function optionsOf(kind: LayerKind, params: ParamValues): string[] {
  return Object.entries(params).map(([key, value]) => `${kind}.${key}=${String(value)}`);
}

/** What `traitsOf` of the reference says of layers of files. */
export const TRAITS = [
  ...['convolution', 'pooling'].flatMap((kind) =>
    ['valid', 'same', 'sameLower', 'explicit'].flatMap((way) => [`${kind} ${way}`, `${kind} ${way} strided`]),
  ),
  ...[
    'convolution valid dilated',
    'convolution same dilated',
    'groups',
    'pooling 0',
    'pooling 1',
    'pooling 2',
  ],
  ...['innerProduct', 'batchnorm', 'add', 'multiply', 'concat', 'softmax', 'permute', 'padding', 'embedding'],
  ...['flatten 0', 'flatten 1', 'reshape 0', 'reshape 1'],
  ...['0 0', '1 0', '1 1', '1 2'].map((modes) => `upsample ${modes}`),
  ...['relu', 'sigmoid', 'tanh', 'elu', 'softplus', 'softsign', 'leakyRelu'],
  ...['linear', 'thresholdedRelu', 'scaledTanh', 'sigmoidHard', 'prelu', 'parametricSoftplus'],
];
