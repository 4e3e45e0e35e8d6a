/** Average pooling; with same padding the padded border does not count, as in TensorFlow. */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { ParamsOf } from '../core/params';
import { PoolingType } from '../coreml/messages';
import { defineLayer, type TensorFlow, type TensorFlowContext } from './defineLayer';
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
import { borders, type Border } from './windows';

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
  tensorflow: (tf, p, context) =>
    p.padding === 'same'
      ? averageWithBorder(tf, context, p)
      : (tf.layers.layers
          .averagePooling2d({
            name: context.name,
            poolSize: [...p.poolSize] as [number, number],
            strides: [...p.strides] as [number, number],
            padding: 'valid',
          })
          .apply(context.inputs[0]!) as SymbolicTensor),
  coreml: { write: (context) => writePooling(PoolingType.average, context) },
  snippets: {
    keras: (p) => kerasPooling('AveragePooling2D', p),
    pytorch: (p, [image]) => pytorchPooling('AvgPool2d', p, image!),
  },
});

/**
 * TensorFlow.js's own layer leaves the border out when it averages, as it should, and counts it in the gradient. Here the
 * border is zeros that count, and each mean is multiplied by what the border made it too small.
 */
function averageWithBorder(
  { core, layers }: TensorFlow,
  { name, inputs }: TensorFlowContext,
  p: ParamsOf<typeof poolingParams>,
): SymbolicTensor {
  class AverageWithBorder extends layers.layers.Layer {
    static className = 'AverageWithBorder';

    override computeOutputShape([batch, height, width, channels]: number[]): number[] {
      const [rows, columns] = borders({ size: p.poolSize, strides: p.strides }, [height!, width!]);
      return [batch!, rows!.inside.length, columns!.inside.length, channels!];
    }

    override call(values: Tensor | Tensor[]): Tensor {
      return core.tidy(() => {
        const image = (Array.isArray(values) ? values[0]! : values) as Tensor4D;
        const [rows, columns] = borders({ size: p.poolSize, strides: p.strides }, [
          image.shape[1],
          image.shape[2],
        ]) as [Border, Border];
        const padded = core.pad(image, [[0, 0], rows.padding, columns.padding, [0, 0]]);
        const size = [...p.poolSize] as [number, number];
        const means = core.avgPool(padded, size, [...p.strides] as [number, number], 'valid');
        const scales = rows.inside.map((high) =>
          columns.inside.map((wide) => [(size[0] * size[1]) / (high * wide)]),
        );
        return core.mul(means, core.tensor([scales]));
      });
    }

    override getClassName(): string {
      return AverageWithBorder.className;
    }
  }
  return new AverageWithBorder({ name }).apply(inputs[0]!) as SymbolicTensor;
}
