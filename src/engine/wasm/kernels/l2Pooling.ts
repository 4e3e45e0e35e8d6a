/** L2 pooling: the root of the sum of squares of each window. A border is zeros, which add nothing. */
import { sizeOf } from '../../../core/shape';
import type { WindowShape } from '../../plan/plan';
import { f32x4, i32, v128 } from '../expressions';
import { integers, kernel, type Kernel } from '../emit';
import { eachOutput } from './eachOutput';

const imageBytes = ({ image }: WindowShape): number => 4 * sizeOf(image);
const outputBytes = ({ image, output }: WindowShape): number => 4 * sizeOf(output) * image[2];

/** Parameters: images, input, output. */
export function l2PoolingKernel(name: string, window: WindowShape): Kernel {
  return kernel(name, integers(3), (code, images, input, to) =>
    code.for(images, () => {
      eachOutput(code, window, (out, pixels) =>
        code.floats(i32.const(window.image[2]), (at, lanes) => {
          const sum = code.let(v128.zero);
          pixels((offset) => {
            const value = code.let(lanes.load(i32.add(i32.add(input, offset), at)));
            code.set(sum, f32x4.add(sum, f32x4.mul(value, value)));
          });
          lanes.store(i32.add(i32.add(to, out), at), f32x4.sqrt(sum));
        }),
      );
      code.step(input, i32.const(imageBytes(window)));
      code.step(to, i32.const(outputBytes(window)));
    }),
  );
}

/**
 * Adds each output's gradient times value / output to the values of its window; nothing where the output is 0.
 * Parameters: images, input, output, gradient, input's gradient.
 */
export function l2PoolingGradientKernel(name: string, window: WindowShape): Kernel {
  return kernel(name, integers(5), (code, images, input, output, gradient, to) =>
    code.for(images, () => {
      eachOutput(code, window, (out, pixels) =>
        code.floats(i32.const(window.image[2]), (at, lanes) => {
          const length = code.let(lanes.load(i32.add(i32.add(output, out), at)));
          const share = f32x4.div(lanes.load(i32.add(i32.add(gradient, out), at)), length);
          const factor = code.let(v128.select(v128.zero, share, f32x4.ge(v128.zero, length)));
          pixels((offset) => {
            const value = lanes.load(i32.add(i32.add(input, offset), at));
            const target = code.let(i32.add(i32.add(to, offset), at));
            lanes.store(target, f32x4.add(lanes.load(target), f32x4.mul(factor, value)));
          });
        }),
      );
      for (const image of [input, to]) code.step(image, i32.const(imageBytes(window)));
      for (const pooled of [output, gradient]) code.step(pooled, i32.const(outputBytes(window)));
    }),
  );
}
