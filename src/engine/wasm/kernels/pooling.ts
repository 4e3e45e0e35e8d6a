/**
 * Max pooling, by itself or of what a convolution has just computed. Each maximum keeps a place of the engine's choice,
 * so that its gradient goes straight there. Ties go to the first, as in TensorFlow.js.
 */
import { sizeOf } from '../../../core/shape';
import type { WindowShape } from '../../plan/plan';
import type { Code, Lanes } from '../code';
import { f32x4, i32, i32x4, v128, type I32, type Local, type V128 } from '../expressions';
import { integers, kernel, type Kernel } from '../emit';

type I = Local<'i32'>;

/** What is kept of a maximum at row y and column x of the image: `y · row + x · column`. */
export interface Places {
  readonly row: number;
  readonly column: number;
}

export interface Pool {
  readonly window: WindowShape;
  readonly places: Places;
  /** Applied to each maximum: the activation after the pooling, which is the same as before it. */
  readonly relu: boolean;
}

/** Windows of at most so many values are written out. */
const WRITTEN_OUT = 9;

/** Whether every window lies inside the image. */
export function isInside({ image, size, strides, border, output }: WindowShape): boolean {
  return [0, 1].every((d) => border[d] === 0 && (output[d]! - 1) * strides[d]! + size[d]! <= image[d]!);
}

/**
 * Pools one row of windows.
 * @param y row of the image at which the windows begin; may lie outside.
 * @param source address of that row's first value.
 * @param to and `kept` are where the row's maxima and their places go.
 */
export function poolRow(code: Code, pool: Pool, y: I, source: I, to: I, kept: I): void {
  const { window, places, relu } = pool;
  const { image, size, strides, border, output } = window;
  const pixel = 4 * image[2];
  const out = code.let(i32.const(0));
  const x = code.let(i32.const(-border[1]));
  const corner = code.let(i32.add(source, i32.const(-border[1] * pixel)));
  const base = code.let(i32.add(i32.mul(y, i32.const(places.row)), i32.const(-border[1] * places.column)));
  const inside = isInside(window) && sizeOf(size) <= WRITTEN_OUT;
  code.for(i32.const(output[1]), () => {
    code.floats(i32.const(image[2]), (at, lanes) => {
      const from = code.let(i32.add(corner, at));
      const [best, where] = (inside ? insideWindow : anyWindow)(code, pool, { x, y, from, lanes });
      const place = code.let(i32.add(out, at));
      lanes.store(i32.add(to, place), relu ? f32x4.pmax(best, v128.zero) : best);
      lanes.store(i32.add(kept, place), i32x4.add(where, v128.splatI32(base)));
    });
    code.step(out, i32.const(pixel));
    code.step(corner, i32.const(strides[1] * pixel));
    code.step(base, i32.const(strides[1] * places.column));
    code.step(x, i32.const(strides[1]));
  });
}

interface At {
  readonly x: I;
  readonly y: I;
  /** The window's first value, inside or not. */
  readonly from: I;
  readonly lanes: Lanes;
}
type Found = readonly [best: Local<'v128'>, where: Local<'v128'>];

function insideWindow(code: Code, { window, places }: Pool, { from, lanes }: At): Found {
  const { image, size } = window;
  const best = code.let(lanes.load(from));
  const where = code.let(v128.zero);
  for (let i = 0; i < size[0]; i++)
    for (let j = i === 0 ? 1 : 0; j < size[1]; j++) {
      const value = code.let(lanes.load(from, 4 * (i * image[1] + j) * image[2]));
      takeGreater(code, [best, where], value, i32.const(i * places.row + j * places.column));
    }
  return [best, where];
}

function anyWindow(code: Code, { window, places }: Pool, { x, y, from, lanes }: At): Found {
  const { image, size } = window;
  // Not minus infinity: relu would make a 0 of it where all values are NaN, and the loss would look sound.
  const found = [code.let(f32x4.const(Number.NaN)), code.let(v128.zero)] as const;
  code.for(i32.const(size[0]), (i) =>
    code.if(i32.ltU(i32.add(y, i), i32.const(image[0])), () =>
      code.for(i32.const(size[1]), (j) =>
        code.if(i32.ltU(i32.add(x, j), i32.const(image[1])), () => {
          const step = i32.add(i32.mul(i, i32.const(image[1])), j);
          const value = code.let(lanes.load(i32.add(from, i32.mul(step, i32.const(4 * image[2])))));
          const place = i32.add(i32.mul(i, i32.const(places.row)), i32.mul(j, i32.const(places.column)));
          takeGreater(code, found, value, place);
        }),
      ),
    ),
  );
  return found;
}

/** A NaN gives way to any value, so that the first is always taken. */
function takeGreater(code: Code, [best, where]: Found, value: V128, place: I32): void {
  const stays = code.let(f32x4.ge(best, value));
  code.set(best, v128.select(best, value, stays));
  code.set(where, v128.select(where, v128.splatI32(place), stays));
}

/** Bytes from the image's start to the pixel: what max pooling by itself keeps. */
const pixelPlaces = ({ image }: WindowShape): Places => ({
  row: 4 * image[1] * image[2],
  column: 4 * image[2],
});

/** Parameters: images, input, output, positions. */
export function maxPoolingKernel(name: string, window: WindowShape): Kernel {
  const { image, strides, border, output } = window;
  const pool = { window, places: pixelPlaces(window), relu: false };
  const outputBytes = 4 * sizeOf(output) * image[2];
  return kernel(name, integers(4), (code, images, input, to, kept) => {
    code.for(images, () => {
      const y = code.let(i32.const(-border[0]));
      code.for(i32.const(output[0]), () => {
        const source = code.let(i32.add(input, i32.mul(y, i32.const(pool.places.row))));
        poolRow(code, pool, y, source, to, kept);
        code.step(to, i32.const(outputBytes / output[0]));
        code.step(kept, i32.const(outputBytes / output[0]));
        code.step(y, i32.const(strides[0]));
      });
      code.step(input, i32.const(4 * sizeOf(image)));
    });
  });
}

/** Adds each output's gradient to the place of its maximum. Parameters: images, gradient, positions, input's gradient. */
export function maxPoolingGradientKernel(name: string, window: WindowShape): Kernel {
  const { image, output } = window;
  return kernel(name, integers(4), (code, images, gradient, kept, to) => {
    const at = code.let(i32.const(0));
    code.for(images, () => {
      code.for(i32.const(sizeOf(output)), () =>
        code.for(i32.const(image[2]), (channel) => {
          const place = i32.add(i32.load(i32.add(kept, at)), i32.bytes(channel));
          const target = code.let(i32.add(to, place));
          code.addF32(target, i32.add(gradient, at));
          code.step(at, i32.const(4));
        }),
      );
      code.step(to, i32.const(4 * sizeOf(image)));
    });
  });
}
