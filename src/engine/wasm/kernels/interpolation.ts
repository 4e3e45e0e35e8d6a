/** Linear interpolation of images: each output pixel of the four that it lies between, by tables made beforehand. */
import type { InterpolationShape } from '../../plan/plan';
import type { Code } from '../code';
import { f32x4, i32, v128, type Local } from '../expressions';
import { integers, kernel, type Kernel } from '../emit';

type I = Local<'i32'>;

/**
 * Bytes of a tap in a table, one for each output row or column: offsets in bytes of the two input rows or columns that
 * it lies between, as whole numbers, and its share of the second.
 */
export const TAP_BYTES = 16;

interface Corner {
  readonly offset: I;
  readonly share: Local<'v128'>;
}

/** Visits each output pixel of one image: `out` is its offset, `corners` are the input pixels that it lies between. */
function eachPixel(
  code: Code,
  { rows, columns, channels }: InterpolationShape,
  tables: readonly [rows: I, columns: I],
  visit: (out: I, corners: readonly Corner[]) => void,
): void {
  const out = code.let(i32.const(0));
  const row = code.let(tables[0]);
  code.for(i32.const(rows.outputs), () => {
    const column = code.let(tables[1]);
    code.for(i32.const(columns.outputs), () => {
      const [right, down] = [column, row].map((tap) => code.let(v128.loadSplat(tap, 8)));
      const [left, up] = [right!, down!].map((share) => code.let(f32x4.sub(f32x4.const(1), share)));
      const corner = (y: 0 | 1, x: 0 | 1): Corner => ({
        offset: code.let(i32.add(i32.load(row, 4 * y), i32.load(column, 4 * x))),
        share: code.let(f32x4.mul(y === 1 ? down! : up!, x === 1 ? right! : left!)),
      });
      visit(out, [corner(0, 0), corner(0, 1), corner(1, 0), corner(1, 1)]);
      code.step(out, i32.const(4 * channels));
      code.step(column, i32.const(TAP_BYTES));
    });
    code.step(row, i32.const(TAP_BYTES));
  });
}

/** Bytes of the two images. */
const bytesOf = ({ rows, columns, channels }: InterpolationShape): readonly [number, number] => [
  4 * rows.inputs * columns.inputs * channels,
  4 * rows.outputs * columns.outputs * channels,
];

/** Parameters: images, input, output, table of rows, table of columns. */
export function interpolationKernel(name: string, shape: InterpolationShape): Kernel {
  const [small, large] = bytesOf(shape);
  return kernel(name, integers(5), (code, images, input, output, ...tables) =>
    code.for(images, () => {
      eachPixel(code, shape, tables, (out, corners) =>
        code.floats(i32.const(shape.channels), (at, lanes) => {
          const sum = corners
            .map(({ offset, share }) => f32x4.mul(lanes.load(i32.add(i32.add(input, offset), at)), share))
            .reduce(f32x4.add);
          lanes.store(i32.add(i32.add(output, out), at), sum);
        }),
      );
      code.step(input, i32.const(small));
      code.step(output, i32.const(large));
    }),
  );
}

/** Adds each output's gradient to the pixels that it lies between. Parameters: images, input's gradient, gradient, and the tables. */
export function interpolationGradientKernel(name: string, shape: InterpolationShape): Kernel {
  const [small, large] = bytesOf(shape);
  return kernel(name, integers(5), (code, images, input, gradient, ...tables) =>
    code.for(images, () => {
      eachPixel(code, shape, tables, (out, corners) =>
        code.floats(i32.const(shape.channels), (at, lanes) => {
          const value = code.let(lanes.load(i32.add(i32.add(gradient, out), at)));
          // One after the other: at the edges, two corners are one pixel.
          for (const { offset, share } of corners) {
            const target = code.let(i32.add(i32.add(input, offset), at));
            lanes.store(target, f32x4.add(lanes.load(target), f32x4.mul(value, share)));
          }
        }),
      );
      code.step(input, i32.const(small));
      code.step(gradient, i32.const(large));
    }),
  );
}
