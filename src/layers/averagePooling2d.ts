/** Average pooling; with same padding the padded border does not count, as in TensorFlow. */
import { PoolingType } from '../coreml/messages';
import { defineLayer } from './defineLayer';
import {
  kerasPooling,
  poolingAdds,
  poolingArithmetic,
  poolingParams,
  poolingShape,
  poolingSummary,
  pytorchPooling,
  writePooling,
} from './pooling';

export const averagePooling2d = defineLayer({
  kind: 'averagePooling2d',
  label: 'AveragePooling2D',
  autoName: 'average_pooling2d',
  group: 'pooling',
  icon: 'blend',
  documentation: 'Replaces each small window by its mean, which shrinks and smooths the image.',
  params: poolingParams,
  inputs: { min: 1, max: 1 },
  summary: poolingSummary,
  outputShape: ([image], p) => poolingShape('AveragePooling2D', image!, p),
  multiplyAdds: (_, p, output) => poolingAdds(p, output),
  arithmetic: ([image], p, output) => poolingArithmetic(image!, p, output),
  tensorflow: (tf, p, { name, inputs }) =>
    tf.layers.layers
      .averagePooling2d({
        name,
        poolSize: [...p.poolSize] as [number, number],
        strides: [...p.strides] as [number, number],
        padding: p.padding,
      })
      .apply(inputs[0]!) as (typeof inputs)[0],
  coreml: { write: (context) => writePooling(PoolingType.average, context) },
  snippets: {
    keras: (p) => kerasPooling('AveragePooling2D', p),
    pytorch: (p, [image]) => pytorchPooling('AvgPool2d', p, image!),
  },
});
