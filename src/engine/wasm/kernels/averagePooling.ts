/** Average pooling: means over what of each window lies inside the image, or over all of it where the border counts. */
import { sizeOf } from '../../../core/shape';
import type { WindowShape } from '../../plan/plan';
import type { Code } from '../code';
import { f32, f32x4, i32, v128, type Local } from '../expressions';
import { integers, kernel, type Kernel } from '../emit';
import { eachOutput, type Pixels } from './eachOutput';

/** One over the pixels that count of a window. */
function shareOf(code: Code, { size }: WindowShape, countPadding: boolean, pixels: Pixels): Local<'f32'> {
  const counted = code.let(i32.const(countPadding ? sizeOf(size) : 0));
  if (!countPadding) pixels(() => code.step(counted, i32.const(1)));
  return code.let(f32.div(f32.const(1), f32.ofInt(counted)));
}

/** Parameters: images, input, output. */
export function averagePoolingKernel(name: string, window: WindowShape, countPadding: boolean): Kernel {
  const { image, output } = window;
  return kernel(name, integers(3), (code, images, input, to) =>
    code.for(images, () => {
      eachOutput(code, window, (out, pixels) => {
        const share = shareOf(code, window, countPadding, pixels);
        code.floats(i32.const(image[2]), (at, lanes) => {
          const sum = code.let(v128.zero);
          pixels((offset) => code.set(sum, f32x4.add(sum, lanes.load(i32.add(i32.add(input, offset), at)))));
          lanes.store(i32.add(i32.add(to, out), at), f32x4.mul(sum, v128.splat(share)));
        });
      });
      code.step(input, i32.const(4 * sizeOf(image)));
      code.step(to, i32.const(4 * sizeOf(output) * image[2]));
    }),
  );
}

/** Adds each output's gradient in equal shares. Parameters: images, gradient, input's gradient. */
export function averagePoolingGradientKernel(
  name: string,
  window: WindowShape,
  countPadding: boolean,
): Kernel {
  const { image, output } = window;
  return kernel(name, integers(3), (code, images, gradient, to) =>
    code.for(images, () => {
      eachOutput(code, window, (out, pixels) => {
        const share = shareOf(code, window, countPadding, pixels);
        code.floats(i32.const(image[2]), (at, lanes) => {
          const from = i32.add(i32.add(gradient, out), at);
          const part = code.let(f32x4.mul(lanes.load(from), v128.splat(share)));
          pixels((offset) => {
            const target = code.let(i32.add(i32.add(to, offset), at));
            lanes.store(target, f32x4.add(lanes.load(target), part));
          });
        });
      });
      code.step(gradient, i32.const(4 * sizeOf(output) * image[2]));
      code.step(to, i32.const(4 * sizeOf(image)));
    }),
  );
}
