/** Average pooling. Unless it is asked to, the border does not count, as in TensorFlow's same padding. */
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { ParamsOf } from '../core/params';
import { PoolingType } from '../coreml/messages';
import { composedLayer } from './composedLayer';
import { defineLayer, type TensorFlow, type TensorFlowContext } from './defineLayer';
import { kerasPooling, pytorchPooling } from './paddedSnippets';
import { padImages } from './paddedTensor';
import {
  poolingAdds,
  poolingArithmetic,
  poolingParams,
  poolingShape,
  poolingSummary,
  poolingWindow,
  readPooling,
  writePooling,
} from './pooling';
import { borders, type Border } from './windows';

const params = {
  ...poolingParams,
  countPadding: {
    type: 'boolean',
    label: 'Count padding',
    help: 'Divides by the whole window also where it reaches over the edge, as if there were zeros.',
    default: false,
    visible: (p: { readonly padding?: unknown }) => p.padding !== 'valid',
  },
} as const;

export const averagePooling2d = defineLayer({
  kind: 'averagePooling2d',
  label: 'AveragePooling2D',
  autoName: 'average_pooling2d',
  aliases: ['AvgPool2d'],
  group: 'pooling',
  icon: 'blend',
  documentation: 'Replaces each small window by its mean, which shrinks and smooths the image.',
  params,
  inputs: { min: 1, max: 1 },
  summary: poolingSummary,
  outputShape: ([image], p) => poolingShape('AveragePooling2D', image!, p),
  multiplyAdds: (_, p, output) => poolingAdds(p, output),
  arithmetic: ([image], p, output) => poolingArithmetic(image!, p, output),
  tensorflow: (tf, p, context) =>
    p.padding !== 'valid'
      ? averageWithBorder(tf, context, p)
      : (tf.layers.layers
          .averagePooling2d({
            name: context.name,
            poolSize: [...p.poolSize] as [number, number],
            strides: [...p.strides] as [number, number],
            padding: 'valid',
          })
          .apply(context.inputs[0]!) as SymbolicTensor),
  coreml: {
    write: (context) => writePooling(PoolingType.average, context, context.params.countPadding),
    read(layer, context) {
      const read = readPooling(PoolingType.average, layer, context);
      if (read === undefined || typeof read === 'string') return read;
      return { ...read, params: { ...read.params, countPadding: !layer.pooling?.avgPoolExcludePadding } };
    },
  },
  snippets: {
    keras: (p, [image]) => kerasPooling('AveragePooling2D', poolingWindow(p), image!, p.countPadding),
    pytorch: (p, [image]) => pytorchPooling('AvgPool2d', poolingWindow(p), image!, p.countPadding),
  },
});

/**
 * TensorFlow.js's own layer leaves the border out when it averages, as it should, and counts it in the gradient. Here the
 * border is zeros that count, and each mean is multiplied by what the border made it too small.
 */
function averageWithBorder(
  tf: TensorFlow,
  context: TensorFlowContext,
  p: ParamsOf<typeof params>,
): SymbolicTensor {
  const { core } = tf;
  const window = poolingWindow(p);
  const [height, width] = p.poolSize as [number, number];
  return composedLayer(tf, context, {
    outputShape: (image) => poolingShape('AveragePooling2D', image, p),
    call(images) {
      const padded = padImages(core, images as Tensor4D, window);
      const means = core.avgPool(padded, [height, width], [...p.strides] as [number, number], 'valid');
      if (p.countPadding) return means;
      const [rows, columns] = borders(window, images.shape.slice(1, 3)) as [Border, Border];
      const scales = rows.inside.map((high) =>
        columns.inside.map((wide) => [(height * width) / (high * wide)]),
      );
      return core.mul(means, core.tensor([scales]));
    },
  });
}
