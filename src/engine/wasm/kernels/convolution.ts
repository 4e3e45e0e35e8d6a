/**
 * The convolution as products of matrices whose A is the image itself: the rows of a tile are neighbouring outputs, and
 * the walk goes over the kernel's taps. With a pooling, a few rows are computed and pooled at once, so the convolution's
 * own output never leaves the cache.
 */
import type { ConvolutionShape, FusedPooling } from '../../plan/plan';
import type { Code } from '../code';
import { f32x4, i32, v128, type Local } from '../expressions';
import { integers, kernel, type Kernel } from '../emit';
import { geometryOf, padImage, type Geometry } from './geometry';
import { isInside, poolRow, type Pool } from './pooling';
import { addRows, cutRows, newSums, PANEL, storeRows, sumTile, vectorsOf, type Target } from './tile';

type I = Local<'i32'>;

export interface ConvolutionForm {
  readonly shape: ConvolutionShape;
  readonly pooling?: FusedPooling;
  /** Adds to what is there. Never with a pooling. */
  readonly accumulate?: boolean;
}

/** Bytes that a convolution needs for itself: the padded image, and rows that wait for their pooling. */
export function convolutionScratch({ shape, pooling }: ConvolutionForm): number {
  const { padded, bytes } = geometryOf(shape);
  return (padded ? bytes : 0) + (pooling ? rowsTogether(pooling) * rowBytesOf(shape) : 0);
}

/** Parameters: images, input, output, positions, kernel, bias, scratch. The curve is applied where it is relu. */
export function convolutionKernel(name: string, form: ConvolutionForm, target: Target): Kernel {
  const { shape, pooling, accumulate = false } = form;
  const geometry = geometryOf(shape);
  const { output } = shape.window;
  const relu = shape.curve.name === 'relu';
  return kernel(name, integers(7), (code, images, input, to, kept, weights, bias, scratch) => {
    const rows = (count: number, image: I, c: I): void => {
      const [a, out] = [code.let(image), code.let(c)];
      code.repeat(count, () => {
        convolveRow(
          code,
          { shape, geometry, target, relu: relu && !pooling, accumulate },
          a,
          out,
          weights,
          bias,
        );
        code.step(a, i32.const(geometry.down));
        code.step(out, i32.const(rowBytesOf(shape)));
      });
    };
    code.for(images, () => {
      const image = code.let(geometry.padded ? scratch : input);
      if (geometry.padded) padImage(code, geometry, input, scratch);
      if (!pooling) {
        rows(output[0], image, to);
        code.step(to, i32.const(output[0] * rowBytesOf(shape)));
      } else {
        const band = code.let(i32.add(scratch, i32.const(geometry.padded ? geometry.bytes : 0)));
        const places = { row: geometry.down, column: geometry.across };
        const pool: Pool = { window: pooling.window, places, relu };
        poolImage(code, pool, image, band, {
          to,
          kept,
          rows,
          down: geometry.down,
          rowBytes: rowBytesOf(shape),
        });
      }
      code.step(input, i32.const(geometry.imageBytes));
    });
  });
}

/** Rows of the convolution that are computed before they are pooled: one window's, or all where windows overlap. */
function rowsTogether({ window }: FusedPooling): number {
  return inBands(window) ? window.size[0] : window.image[0];
}
const inBands = (window: FusedPooling['window']): boolean =>
  isInside(window) && window.strides[0] >= window.size[0];

const rowBytesOf = ({ window, filters }: ConvolutionShape): number => 4 * window.output[1] * filters;

interface Pooled {
  readonly to: I;
  readonly kept: I;
  /** Computes so many rows of the convolution from a place in the image on. */
  readonly rows: (count: number, image: I, c: I) => void;
  readonly down: number;
  readonly rowBytes: number;
}

function poolImage(
  code: Code,
  pool: Pool,
  image: I,
  band: I,
  { to, kept, rows, down, rowBytes }: Pooled,
): void {
  const { strides, border, output, size, image: own } = pool.window;
  const bands = inBands(pool.window);
  if (!bands) rows(own[0], image, band);
  const y = code.let(i32.const(-border[0]));
  const at = code.let(image);
  code.for(i32.const(output[0]), () => {
    if (bands) rows(size[0], at, band);
    const source = code.let(bands ? band : i32.add(band, i32.mul(y, i32.const(rowBytes))));
    poolRow(code, pool, y, source, to, kept);
    code.step(to, i32.const(4 * output[1] * own[2]));
    code.step(kept, i32.const(4 * output[1] * own[2]));
    code.step(at, i32.const(strides[0] * down));
    code.step(y, i32.const(strides[0]));
  });
}

interface Row {
  readonly shape: ConvolutionShape;
  readonly geometry: Geometry;
  readonly target: Target;
  readonly relu: boolean;
  readonly accumulate: boolean;
}

/** One row of outputs from the place in the image at which its first patch begins. */
function convolveRow(code: Code, row: Row, image: I, to: I, weights: I, bias: I): void {
  const { shape, geometry, target } = row;
  const { groups, columns, channels, rows, across } = geometry;
  const pixel = 4 * shape.filters;
  const b = code.let(weights);
  const start = code.let(bias);
  const aGroup = code.let(image);
  const cGroup = code.let(to);
  const { full, rest } = cutRows(shape.window.output[1], target.rows);
  const panel = (width: number): void => {
    const [at, c] = [code.let(aGroup), code.let(cGroup)];
    const tile = (height: number): void => {
      convolveTile(code, row, { height, width, at, c, b, start });
      code.step(at, i32.const(height * across));
      code.step(c, i32.const(height * pixel));
    };
    code.repeat(full, () => tile(target.rows));
    rest.forEach(tile);
    code.step(b, i32.const(4 * PANEL * rows));
    code.step(start, i32.const(4 * PANEL));
    code.step(cGroup, i32.const(4 * width));
  };
  code.repeat(groups, () => {
    code.repeat(Math.floor(columns / PANEL), () => panel(PANEL));
    if (columns % PANEL > 0) panel(columns % PANEL);
    code.step(aGroup, i32.const(4 * channels));
  });
}

interface TileAt {
  readonly height: number;
  readonly width: number;
  readonly at: I;
  readonly c: I;
  readonly b: I;
  readonly start: I;
}

function convolveTile(code: Code, row: Row, { height, width, at, c, b, start }: TileAt): void {
  const { shape, geometry, target, relu, accumulate } = row;
  const first = Array.from({ length: vectorsOf(width) }, (_, v) =>
    shape.bias === undefined ? v128.zero : v128.load(start, 16 * v),
  );
  const sums = newSums(code, height, first);
  const { run, loops, across } = geometry;
  let inner = 4 * PANEL * run;
  const nested = [...loops].reverse().map(({ count, bytes }) => {
    const loop = { count, a: bytes, b: inner };
    inner *= count;
    return loop;
  });
  sumTile(code, target, sums, at, b, {
    aRow: across,
    loops: nested.reverse(),
    depth: run,
    aStep: 4,
    bStep: 4 * PANEL,
  });
  if (relu) for (const sum of sums.flat()) code.set(sum, f32x4.pmax(sum, v128.zero));
  if (accumulate) addRows(code, sums, c, 4 * shape.filters, width);
  storeRows(code, sums, c, 4 * shape.filters, width);
}
