/**
 * Batch normalization over the last axis, in parts that some images are enough for; what is put together from all of
 * them stands in `run/normalization.ts`. Statistics of `channels` values lie side by side.
 */
import { f32x4, i32, v128, type Local, type V128 } from '../expressions';
import { integers, kernel, type Kernel } from '../emit';
import { column, columns, values } from './columns';

type I = Local<'i32'>;

/** Mean of each channel, and the sum of squared distances from it. Parameters: rows, values, means, squares; 1 / rows. */
export function momentsKernel(name: string, channels: number): Kernel {
  return kernel(name, [...integers(4), 'f32'], (code, rows, values, means, squares, share) =>
    columns(code, channels, (at, lanes) => {
      const start = code.let(i32.add(values, at));
      const sum = code.let(v128.zero);
      column(code, rows, start, 4 * channels, (from) => code.set(sum, f32x4.add(sum, lanes.load(from))));
      const mean = code.let(f32x4.mul(sum, v128.splat(share)));
      const square = code.let(v128.zero);
      column(code, rows, start, 4 * channels, (from) => {
        const distance = code.let(f32x4.sub(lanes.load(from), mean));
        code.set(square, f32x4.add(square, f32x4.mul(distance, distance)));
      });
      lanes.store(i32.add(means, at), mean);
      lanes.store(i32.add(squares, at), square);
    }),
  );
}

/** to = (from − mean) · scale + shift. Parameters: rows, from, to, means, scales, shifts. */
export function normalizeKernel(name: string, channels: number): Kernel {
  return kernel(name, integers(6), (code, rows, from, to, means, scales, shifts) =>
    values(code, rows, channels, [from, to], (at, lanes) => {
      const of = (base: I): V128 => lanes.load(i32.add(base, at));
      const centred = f32x4.sub(of(from), of(means));
      lanes.store(i32.add(to, at), f32x4.add(f32x4.mul(centred, of(scales)), of(shifts)));
    }),
  );
}

/** Sums of the gradients, and of the gradients times the centred values. Parameters: rows, values, gradients, means, sums, products. */
export function gradientSumsKernel(name: string, channels: number): Kernel {
  return kernel(name, integers(6), (code, rows, from, gradients, means, sums, products) =>
    columns(code, channels, (at, lanes) => {
      const mean = code.let(lanes.load(i32.add(means, at)));
      const [sum, product] = [code.let(v128.zero), code.let(v128.zero)];
      const value = code.let(i32.add(from, at));
      column(code, rows, i32.add(gradients, at), 4 * channels, (place) => {
        const g = code.let(lanes.load(place));
        code.set(sum, f32x4.add(sum, g));
        code.set(product, f32x4.add(product, f32x4.mul(g, f32x4.sub(lanes.load(value), mean))));
        code.step(value, i32.const(4 * channels));
      });
      lanes.store(i32.add(sums, at), sum);
      lanes.store(i32.add(products, at), product);
    }),
  );
}

/**
 * to = a · (gradient − b − (from − mean) · c), or that added. Parameters: rows, from, gradients, to, means, a, b, c.
 */
export function normalizationInputKernel(name: string, channels: number, accumulate: boolean): Kernel {
  return kernel(name, integers(8), (code, rows, from, gradients, to, means, a, b, c) =>
    values(code, rows, channels, [from, gradients, to], (at, lanes) => {
      const of = (base: I): V128 => lanes.load(i32.add(base, at));
      const along = f32x4.mul(f32x4.sub(of(from), of(means)), of(c));
      const gradient = f32x4.mul(of(a), f32x4.sub(f32x4.sub(of(gradients), of(b)), along));
      lanes.store(i32.add(to, at), accumulate ? f32x4.add(of(to), gradient) : gradient);
    }),
  );
}
