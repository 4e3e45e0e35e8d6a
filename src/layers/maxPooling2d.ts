/** Max pooling. */
import { PoolingType } from '../coreml/messages';
import { defineLayer } from './defineLayer';
import {
  kerasPooling,
  poolingArithmetic,
  poolingParams,
  poolingShape,
  poolingSummary,
  pytorchPooling,
  writePooling,
} from './pooling';

export const maxPooling2d = defineLayer({
  kind: 'maxPooling2d',
  label: 'MaxPooling2D',
  autoName: 'max_pooling2d',
  group: 'pooling',
  icon: 'shrink',
  documentation:
    'Keeps the largest value of each small window, so the image shrinks and what was found stays.',
  params: poolingParams,
  inputs: { min: 1, max: 1 },
  summary: poolingSummary,
  outputShape: ([image], p) => poolingShape('MaxPooling2D', image!, p),
  arithmetic: ([image], p, output) => poolingArithmetic(image!, p, output),
  tensorflow: (tf, p, { name, inputs }) =>
    tf.layers.layers
      .maxPooling2d({
        name,
        poolSize: [...p.poolSize] as [number, number],
        strides: [...p.strides] as [number, number],
        padding: p.padding,
      })
      .apply(inputs[0]!) as (typeof inputs)[0],
  coreml: { write: (context) => writePooling(PoolingType.max, context) },
  snippets: {
    keras: (p) => kerasPooling('MaxPooling2D', p),
    pytorch: (p, [image]) => pytorchPooling('MaxPool2d', p, image!),
  },
});
