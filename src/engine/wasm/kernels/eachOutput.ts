/** The walk that average and L2 pooling share: over the outputs of an image, and the pixels of each one's window. */
import type { WindowShape } from '../../plan/plan';
import type { Code } from '../code';
import { i32, type I32, type Local } from '../expressions';

type I = Local<'i32'>;

/** Writes `each` once for the pixels of a window that lie inside the image, with the offset in bytes of the first channel. */
export type Pixels = (each: (offset: I32) => void) => void;

/** Visits each output of one image: `out` is its offset in bytes. */
export function eachOutput(
  code: Code,
  { image, size, strides, border, output }: WindowShape,
  visit: (out: I, pixels: Pixels) => void,
): void {
  const pixel = 4 * image[2];
  const out = code.let(i32.const(0));
  code.for(i32.const(output[0]), (y) =>
    code.for(i32.const(output[1]), (x) => {
      const top = code.let(i32.sub(i32.mul(y, i32.const(strides[0])), i32.const(border[0])));
      const left = code.let(i32.sub(i32.mul(x, i32.const(strides[1])), i32.const(border[1])));
      visit(out, (each) =>
        code.for(i32.const(size[0]), (i) => {
          const row = code.let(i32.add(top, i));
          code.if(i32.ltU(row, i32.const(image[0])), () =>
            code.for(i32.const(size[1]), (j) => {
              const column = code.let(i32.add(left, j));
              const place = i32.add(i32.mul(row, i32.const(image[1])), column);
              code.if(i32.ltU(column, i32.const(image[1])), () => each(i32.mul(place, i32.const(pixel))));
            }),
          );
        }),
      );
      code.step(out, i32.const(pixel));
    }),
  );
}
