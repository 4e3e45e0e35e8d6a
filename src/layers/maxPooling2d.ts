/** Max pooling; a border has no values, so it is never the largest. */
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { PoolingType } from '../coreml/messages';
import { composedLayer } from './composedLayer';
import { defineLayer } from './defineLayer';
import { kerasPooling, pytorchPooling } from './paddedSnippets';
import { isNative, LOWEST, padImages } from './paddedTensor';
import {
  poolingArithmetic,
  poolingParams,
  poolingShape,
  poolingSummary,
  poolingWindow,
  readPooling,
  writePooling,
} from './pooling';

export const maxPooling2d = defineLayer({
  kind: 'maxPooling2d',
  label: 'MaxPooling2D',
  autoName: 'max_pooling2d',
  aliases: ['MaxPool2d'],
  group: 'pooling',
  icon: 'shrink',
  documentation:
    'Keeps the largest value of each small window, so the image shrinks and what was found stays.',
  params: poolingParams,
  inputs: { min: 1, max: 1 },
  summary: poolingSummary,
  outputShape: ([image], p) => poolingShape('MaxPooling2D', image!, p),
  arithmetic: ([image], p, output) => poolingArithmetic(image!, p, output),
  tensorflow(tf, p, context) {
    const window = poolingWindow(p);
    const poolSize = [...p.poolSize] as [number, number];
    const strides = [...p.strides] as [number, number];
    if (!isNative(window))
      return composedLayer(tf, context, {
        outputShape: (image) => poolingShape('MaxPooling2D', image, p),
        call: (images) =>
          tf.core.maxPool(padImages(tf.core, images as Tensor4D, window, LOWEST), poolSize, strides, 'valid'),
      });
    return tf.layers.layers
      .maxPooling2d({ name: context.name, poolSize, strides, padding: window.padding })
      .apply(context.inputs[0]!) as SymbolicTensor;
  },
  coreml: {
    write: (context) => writePooling(PoolingType.max, context),
    read: (layer, context) => readPooling(PoolingType.max, layer, context),
  },
  snippets: {
    keras: (p, [image]) => kerasPooling('MaxPooling2D', poolingWindow(p), image!, false),
    pytorch: (p, [image]) => pytorchPooling('MaxPool2d', poolingWindow(p), image!, false),
  },
});
