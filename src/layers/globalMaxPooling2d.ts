/** Global max pooling: one number per channel. */
import { PoolingType } from '../coreml/messages';
import { defineLayer } from './defineLayer';
import { readGlobalPooling, writeGlobalPooling } from './globalPooling';
import { requireImage } from './windows';

export const globalMaxPooling2d = defineLayer({
  kind: 'globalMaxPooling2d',
  label: 'GlobalMaxPooling2D',
  autoName: 'global_max_pooling2d',
  aliases: ['AdaptiveMaxPool2d'],
  group: 'pooling',
  icon: 'mountain',
  documentation:
    'Keeps the largest value of each channel, wherever it was found, which turns an image of any size into a flat vector.',
  params: {},
  inputs: { min: 1, max: 1 },
  summary: () => 'one maximum per channel',
  outputShape: ([image]) => requireImage('GlobalMaxPooling2D', image!) ?? [image![2]!],
  arithmetic: ([image]) => [`${image![2]} channels, each the largest of ${image![0]} × ${image![1]} values`],
  tensorflow: (tf, _, { name, inputs }) =>
    tf.layers.layers.globalMaxPooling2d({ name }).apply(inputs[0]!) as (typeof inputs)[0],
  coreml: {
    write: (context) => writeGlobalPooling(PoolingType.max, context),
    read: (layer) => readGlobalPooling(PoolingType.max, layer),
  },
  snippets: {
    keras: () => 'layers.GlobalMaxPooling2D()',
    pytorch: () => 'nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten())',
  },
});
