/** L2 pooling: the length of each small window, taken as a vector. Keras has no such layer; Core ML does. */
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Shape } from '../core/shape';
import { PoolingType } from '../coreml/messages';
import { composedLayer } from './composedLayer';
import { defineLayer } from './defineLayer';
import { kerasPooling, pytorchPad } from './paddedSnippets';
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
import { borders, type Window } from './windows';

/** The root is taken of no less, so that its slope stays a number where a window holds zeros alone. */
const SMALLEST = 1e-30;

export const l2Pooling2d = defineLayer({
  kind: 'l2Pooling2d',
  label: 'L2Pooling2D',
  autoName: 'l2_pooling2d',
  aliases: ['LPPool2d'],
  group: 'pooling',
  icon: 'radical',
  documentation:
    'Replaces each small window by the root of the sum of its squares: how strong a feature is there, whatever its sign.',
  params: poolingParams,
  inputs: { min: 1, max: 1 },
  summary: poolingSummary,
  outputShape: ([image], p) => poolingShape('L2Pooling2D', image!, p),
  multiplyAdds: (_, p, output) => poolingAdds(p, output),
  arithmetic: ([image], p, output) => poolingArithmetic(image!, p, output),
  tensorflow(tf, p, context) {
    const { core } = tf;
    const [height, width] = p.poolSize as [number, number];
    return composedLayer(tf, context, {
      outputShape: (image) => poolingShape('L2Pooling2D', image, p),
      call(images) {
        const squares = core.square(padImages(core, images as Tensor4D, poolingWindow(p)));
        const means = core.avgPool(squares, [height, width], [...p.strides] as [number, number], 'valid');
        const sums = core.mul(means, height * width);
        const some = core.step(sums);
        return core.mul(core.sqrt(core.maximum(sums, SMALLEST)), some);
      },
    });
  },
  coreml: {
    write: (context) => writePooling(PoolingType.l2, context),
    read: (layer, context) => readPooling(PoolingType.l2, layer, context),
  },
  snippets: {
    keras(p, [image]) {
      const pool = kerasPooling('AveragePooling2D', poolingWindow(p), image!, true);
      const count = p.poolSize[0]! * p.poolSize[1]!;
      return `# call: keras.ops.sqrt(${count} * pool(keras.ops.square(x))), with pool = ${pool}`;
    },
    pytorch: (p, [image]) => pytorchPooling(poolingWindow(p), image!),
  },
});

/** PyTorch's own layer does not pad. */
function pytorchPooling(window: Window, image: Shape): string {
  const pool = `nn.LPPool2d(2, (${window.size.join(', ')}), stride=(${window.strides.join(', ')}))`;
  const sides = borders(window, image.slice(0, 2));
  const bordered = sides.some(({ padding }) => Math.max(...padding) > 0);
  return bordered ? `nn.Sequential(${pytorchPad(sides, '0.0')}, ${pool})` : pool;
}
