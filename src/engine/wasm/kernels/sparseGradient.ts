/**
 * Gradients of a convolution that is pooled. Of each pooling window one value alone has a gradient, and relu takes half of
 * those away, so what is left is walked one by one: each adds a patch of the image to its filter's gradient, and its
 * filter to a patch of the input's gradient. Filters lie in rows here, each run of taps filled up to whole vectors.
 */
import { sizeOf } from '../../../core/shape';
import type { ConvolutionShape, FusedPooling } from '../../plan/plan';
import type { Code } from '../code';
import { f32, f32x4, i32, v128, type Local } from '../expressions';
import { integers, kernel, type Kernel } from '../emit';
import { beginInput, endInput } from './convolutionGradient';
import { geometryOf, padImage, type Geometry } from './geometry';
import { loadPart, PANEL, storePart, type Target } from './tile';

type I = Local<'i32'>;

/** Vectors of a run that are written out. */
const WRITTEN_OUT = 16;

/** Runs of a filter, and floats of one with its filling. */
function runsOf({ loops, run }: Geometry) {
  return { runs: loops.reduce((product, { count }) => product * count, 1), runSize: Math.ceil(run / 4) * 4 };
}

/** Floats of a filter's row. */
export function filterSize(shape: ConvolutionShape): number {
  const { runs, runSize } = runsOf(geometryOf(shape));
  return runs * runSize;
}

export interface SparseForm {
  readonly shape: ConvolutionShape;
  readonly pooling: FusedPooling;
  /** Whether the input has a gradient, and whether it is added to what is there. */
  readonly input: 'none' | 'write' | 'add';
  /** The weights stay: nothing is added to their sums. */
  readonly frozen?: boolean;
}

/** Bytes of an entry of the list: the gradient, the place of its patch, and that of its filter's row. */
const ENTRY = 12;

/** Bytes that the kernel needs for itself: the image and its gradient with their borders, and a list of a place's filters. */
export function sparseScratch({ shape }: SparseForm): number {
  const { padded, bytes } = geometryOf(shape);
  return (padded ? 2 * bytes : 0) + ENTRY * (shape.filters + 1);
}

/**
 * Adds to the sums of filters and biases, and to the input's gradient.
 * Parameters: images, input, gradient before the activation, positions, input's gradient, filters, sums of filters, sums
 * of biases, scratch.
 */
export function sparseGradientKernel(name: string, form: SparseForm, target: Target): Kernel {
  const { shape, pooling, input: inputForm, frozen } = form;
  const geometry = geometryOf(shape);
  const { padded, bytes } = geometry;
  const places = sizeOf(pooling.window.output);
  return kernel(
    name,
    integers(9),
    (code, images, input, gradient, kept, to, filters, sums, biases, scratch) => {
      const second = code.let(i32.add(scratch, i32.const(padded ? bytes : 0)));
      const list = code.let(i32.add(scratch, i32.const(padded ? 2 * bytes : 0)));
      code.for(images, () => {
        const image = code.let(padded ? scratch : input);
        if (padded) padImage(code, geometry, input, scratch);
        const back =
          inputForm === 'none' ? undefined : beginInput(code, geometry, to, second, inputForm === 'add');
        code.for(i32.const(places), () => {
          if (!frozen) addToBiases(code, shape.filters, biases, gradient);
          const end = listGradients(code, shape, geometry, { gradient, kept, list });
          const at = code.let(list);
          code.while(
            () => i32.ltU(at, end),
            () => {
              const value = code.let(v128.loadSplat(at));
              const [place, row] = [code.let(i32.load(at, 4)), code.let(i32.load(at, 8))];
              addPatch(code, geometry, target, value, {
                patch: code.let(i32.add(image, place)),
                ...(!frozen && { sum: code.let(i32.add(sums, row)) }),
                filter: code.let(i32.add(filters, row)),
                ...(back && { gradient: code.let(i32.add(back, place)) }),
              });
              code.step(at, i32.const(ENTRY));
            },
          );
        });
        if (back && padded) endInput(code, geometry, to, second);
        code.step(input, i32.const(geometry.imageBytes));
        code.step(to, i32.const(geometry.imageBytes));
      });
    },
  );
}

/** Adds the gradients of one place to the sums of the biases. */
function addToBiases(code: Code, filters: number, biases: I, gradient: I): void {
  code.floats(i32.const(filters), (at, lanes) => {
    const bias = code.let(i32.add(biases, at));
    lanes.store(bias, f32x4.add(lanes.load(bias), lanes.load(i32.add(gradient, at))));
  });
}

/**
 * Writes the filters of one place that have a gradient to the list, and moves on to the next place. Every filter is
 * written, and the list grows by those that count: a branch on each would be guessed wrong half of the time.
 * @returns the end of the list.
 */
function listGradients(
  code: Code,
  shape: ConvolutionShape,
  { groups, columns, channels }: Geometry,
  { gradient, kept, list }: { readonly gradient: I; readonly kept: I; readonly list: I },
): I {
  const rowBytes = 4 * filterSize(shape);
  const end = code.let(list);
  const row = code.let(i32.const(0));
  const offset = code.let(i32.const(0));
  code.repeat(groups, () => {
    code.for(i32.const(columns), () => {
      const value = code.let(f32.load(gradient));
      code.storeF32(end, value);
      code.storeI32(end, i32.add(i32.load(kept), offset), 4);
      code.storeI32(end, row, 8);
      code.step(end, i32.mul(f32.ne(value, f32.const(0)), i32.const(ENTRY)));
      code.step(row, i32.const(rowBytes));
      code.step(gradient, i32.const(4));
      code.step(kept, i32.const(4));
    });
    code.step(offset, i32.const(4 * channels));
  });
  return end;
}

interface PatchAt {
  readonly patch: I;
  readonly sum?: I;
  readonly filter: I;
  readonly gradient?: I;
}

/** sum += value · patch, gradient += value · filter. */
function addPatch(code: Code, geometry: Geometry, { madd }: Target, value: Local<'v128'>, at: PatchAt): void {
  const { loops, run } = geometry;
  const { runs, runSize } = runsOf(geometry);
  const vectors = runSize / 4;
  const one = (places: PatchAt, image: number, filter: number, lanes: number): void => {
    const { patch, sum, gradient } = places;
    if (sum) code.store(sum, madd(value, v128.load(patch, image), v128.load(sum, filter)), filter);
    if (!gradient) return;
    const added = madd(value, v128.load(places.filter, filter), loadPart(gradient, lanes, image));
    storePart(code, gradient, lanes === 4 ? added : code.let(added), lanes, image);
  };
  const lanesOf = (v: number): number => Math.min(4, run - 4 * v);
  if (runs * vectors <= 2 * WRITTEN_OUT) {
    const level = (n: number, image: number, filter: number): void => {
      const loop = loops[n];
      if (!loop) for (let v = 0; v < vectors; v++) one(at, image + 16 * v, filter + 16 * v, lanesOf(v));
      let inner = 4 * runSize;
      for (const { count } of loops.slice(n + 1)) inner *= count;
      for (let i = 0; i < (loop?.count ?? 0); i++) level(n + 1, image + i * loop!.bytes, filter + i * inner);
    };
    return level(0, 0, 0);
  }
  const places = {
    patch: code.let(at.patch),
    ...(at.sum && { sum: code.let(at.sum) }),
    filter: code.let(at.filter),
    ...(at.gradient && { gradient: code.let(at.gradient) }),
  };
  const images = [places.patch, ...(places.gradient ? [places.gradient] : [])];
  const step = (imageBytes: number, filterBytes: number): void => {
    for (const image of images) code.step(image, i32.const(imageBytes));
    for (const row of [...(places.sum ? [places.sum] : []), places.filter])
      code.step(row, i32.const(filterBytes));
  };
  const oneRun = (): void => {
    const whole = Math.floor(run / 4 / WRITTEN_OUT);
    code.repeat(whole, () => {
      for (let v = 0; v < WRITTEN_OUT; v++) one(places, 16 * v, 16 * v, 4);
      step(16 * WRITTEN_OUT, 16 * WRITTEN_OUT);
    });
    const left = vectors - whole * WRITTEN_OUT;
    for (let v = 0; v < left; v++) one(places, 16 * v, 16 * v, lanesOf(whole * WRITTEN_OUT + v));
    step(-16 * whole * WRITTEN_OUT, 16 * left);
  };
  const nest = (n: number): void => {
    const loop = loops[n];
    if (!loop) return oneRun();
    code.repeat(loop.count, () => {
      nest(n + 1);
      step(loop.bytes, 0);
    });
    step(-loop.count * loop.bytes, 0);
  };
  nest(0);
}

/** Copies a panel of the kernel to rows of filters, or rows of sums to a panel. Parameters: panel, rows, filters. */
export function rowsKernel(name: string, shape: ConvolutionShape, way: 'toRows' | 'toPanel'): Kernel {
  const geometry = geometryOf(shape);
  const { runs, runSize } = runsOf(geometry);
  return kernel(name, integers(3), (code, panel, rows, filters) => {
    code.for(i32.const(runs), () => {
      code.for(i32.const(geometry.run), () => {
        code.for(filters, (filter) => {
          const one = code.let(i32.add(panel, i32.bytes(filter)));
          const other = code.let(i32.add(rows, i32.mul(filter, i32.const(4 * runs * runSize))));
          if (way === 'toRows') code.storeI32(other, i32.load(one));
          else code.storeI32(one, i32.load(other));
        });
        code.step(panel, i32.const(4 * PANEL));
        code.step(rows, i32.const(4));
      });
      code.step(rows, i32.const(4 * (runSize - geometry.run)));
    });
  });
}
