/** Average pooling: means over what of each window lies inside the image, or over all of it where the border counts. */
import { sizeOf } from '../../../core/shape';
import type { WindowShape } from '../../plan/plan';
import type { Code } from '../code';
import { f32, f32x4, i32, v128, type I32, type Local } from '../expressions';
import { integers, kernel, type Kernel } from '../emit';

type I = Local<'i32'>;

/** Visits each output of one image: `out` is its offset in bytes, `share` one over the pixels that count of its window. */
function eachWindow(
  code: Code,
  window: WindowShape,
  countPadding: boolean,
  visit: (out: I, share: Local<'f32'>, pixels: (visit: (offset: I32) => void) => void) => void,
): void {
  const { image, size, strides, border, output } = window;
  const pixel = 4 * image[2];
  const out = code.let(i32.const(0));
  code.for(i32.const(output[0]), (y) =>
    code.for(i32.const(output[1]), (x) => {
      const top = code.let(i32.sub(i32.mul(y, i32.const(strides[0])), i32.const(border[0])));
      const left = code.let(i32.sub(i32.mul(x, i32.const(strides[1])), i32.const(border[1])));
      const pixels = (each: (offset: I32) => void): void =>
        code.for(i32.const(size[0]), (i) => {
          const row = code.let(i32.add(top, i));
          code.if(i32.ltU(row, i32.const(image[0])), () =>
            code.for(i32.const(size[1]), (j) => {
              const column = code.let(i32.add(left, j));
              const place = i32.add(i32.mul(row, i32.const(image[1])), column);
              code.if(i32.ltU(column, i32.const(image[1])), () => each(i32.mul(place, i32.const(pixel))));
            }),
          );
        });
      const counted = code.let(i32.const(countPadding ? sizeOf(size) : 0));
      if (!countPadding) pixels(() => code.step(counted, i32.const(1)));
      visit(out, code.let(f32.div(f32.const(1), f32.ofInt(counted))), pixels);
      code.step(out, i32.const(pixel));
    }),
  );
}

/** Parameters: images, input, output. */
export function averagePoolingKernel(name: string, window: WindowShape, countPadding: boolean): Kernel {
  const { image, output } = window;
  return kernel(name, integers(3), (code, images, input, to) =>
    code.for(images, () => {
      eachWindow(code, window, countPadding, (out, share, pixels) =>
        code.floats(i32.const(image[2]), (at, lanes) => {
          const sum = code.let(v128.zero);
          pixels((offset) => code.set(sum, f32x4.add(sum, lanes.load(i32.add(i32.add(input, offset), at)))));
          lanes.store(i32.add(i32.add(to, out), at), f32x4.mul(sum, v128.splat(share)));
        }),
      );
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
      eachWindow(code, window, countPadding, (out, share, pixels) =>
        code.floats(i32.const(image[2]), (at, lanes) => {
          const from = i32.add(i32.add(gradient, out), at);
          const part = code.let(f32x4.mul(lanes.load(from), v128.splat(share)));
          pixels((offset) => {
            const target = code.let(i32.add(i32.add(to, offset), at));
            lanes.store(target, f32x4.add(lanes.load(target), part));
          });
        }),
      );
      code.step(gradient, i32.const(4 * sizeOf(output) * image[2]));
      code.step(to, i32.const(4 * sizeOf(image)));
    }),
  );
}
