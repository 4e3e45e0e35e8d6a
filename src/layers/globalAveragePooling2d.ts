/** Global average pooling: one number per channel. */
import { PoolingType } from '../coreml/messages';
import { sizeOf } from '../core/shape';
import { defineLayer } from './defineLayer';
import { readGlobalPooling, writeGlobalPooling } from './globalPooling';
import { requireImage } from './windows';

export const globalAveragePooling2d = defineLayer({
  kind: 'globalAveragePooling2d',
  label: 'GlobalAveragePooling2D',
  autoName: 'global_average_pooling2d',
  aliases: ['AdaptiveAvgPool2d', 'mean'],
  group: 'pooling',
  icon: 'minimize',
  documentation: 'Replaces each channel by its mean, which turns an image of any size into a flat vector.',
  params: {},
  inputs: { min: 1, max: 1 },
  summary: () => 'one mean per channel',
  outputShape: ([image]) => requireImage('GlobalAveragePooling2D', image!) ?? [image![2]!],
  multiplyAdds: ([image]) => sizeOf(image!),
  arithmetic: ([image]) => [`${image![2]} channels, each the mean of ${image![0]} × ${image![1]} values`],
  tensorflow: (tf, _, { name, inputs }) =>
    tf.layers.layers.globalAveragePooling2d({ name }).apply(inputs[0]!) as (typeof inputs)[0],
  coreml: {
    write: (context) => writeGlobalPooling(PoolingType.average, context),
    read: (layer) => readGlobalPooling(PoolingType.average, layer),
  },
  snippets: {
    keras: () => 'layers.GlobalAveragePooling2D()',
    pytorch: () => 'nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())',
  },
});
