/**
 * Gradients of a convolution that stands by itself: those of its kernel, summed over some images in panels as the kernel
 * lies, and those of its input, to which each tap adds a product of matrices.
 */
import type { ConvolutionShape } from '../../plan/plan';
import type { Code } from '../code';
import { f32x4, i32, v128, type Local } from '../expressions';
import { integers, kernel, type Kernel } from '../emit';
import { eachCopiedRow, geometryOf, padImage, type Geometry } from './geometry';
import { addRows, cutRows, newSums, PANEL, storeRows, sumTile, vectorsOf, type Target } from './tile';

type I = Local<'i32'>;

const PANEL_BYTES = 4 * PANEL;

/** Bytes that either of the kernels needs for itself. */
export function gradientScratch(shape: ConvolutionShape): number {
  const { padded, bytes } = geometryOf(shape);
  return padded ? bytes : 0;
}

/** Adds to sums of the kernel's and the bias's gradients. Parameters: images, input, gradient, sums of kernel and bias, scratch. */
export function convolutionSumKernel(name: string, shape: ConvolutionShape, target: Target): Kernel {
  const geometry = geometryOf(shape);
  const { groups, columns, channels } = geometry;
  const [height, width] = shape.window.output;
  const pixel = 4 * shape.filters;
  return kernel(name, integers(6), (code, images, input, gradient, sums, biasSums, scratch) => {
    code.for(images, () => {
      const image = code.let(geometry.padded ? scratch : input);
      if (geometry.padded) padImage(code, geometry, input, scratch);
      const g = code.let(gradient);
      const c = code.let(sums);
      const bias = code.let(biasSums);
      const panel = (wide: number): void => {
        if (shape.bias !== undefined) addPositions(code, g, bias, height * width, pixel, wide);
        eachTap(code, geometry, image, (run) => {
          const a = code.let(run);
          const tile = (rows: number): void => {
            const partial = newSums(code, rows, Array(vectorsOf(wide)).fill(v128.zero));
            const walk = { loops: [{ count: height, a: geometry.down, b: width * pixel }], depth: width };
            const steps = { aRow: 4, aStep: geometry.across, bStep: pixel };
            sumTile(code, target, partial, a, g, { ...walk, ...steps });
            addRows(code, partial, c, PANEL_BYTES, wide);
            storeRows(code, partial, c, PANEL_BYTES, wide);
            code.step(a, i32.const(4 * rows));
            code.step(c, i32.const(PANEL_BYTES * rows));
          };
          const { full, rest } = cutRows(geometry.run, target.rows);
          code.repeat(full, () => tile(target.rows));
          rest.forEach(tile);
        });
        code.step(g, i32.const(4 * wide));
        code.step(bias, i32.const(PANEL_BYTES));
      };
      code.repeat(groups, () => {
        code.repeat(Math.floor(columns / PANEL), () => panel(PANEL));
        if (columns % PANEL > 0) panel(columns % PANEL);
        code.step(image, i32.const(4 * channels));
      });
      code.step(input, i32.const(geometry.imageBytes));
      code.step(gradient, i32.const(height * width * pixel));
    });
  });
}

/** Visits the start of each run of the kernel's taps in the image. */
function eachTap(code: Code, { loops }: Geometry, image: I, visit: (run: I) => void): void {
  const nest = (level: number, from: I): void => {
    const loop = loops[level];
    if (!loop) return visit(from);
    const at = code.let(from);
    code.repeat(loop.count, () => {
      nest(level + 1, at);
      code.step(at, i32.const(loop.bytes));
    });
  };
  nest(0, image);
}

function addPositions(
  code: Code,
  gradient: I,
  sums: I,
  positions: number,
  pixel: number,
  wide: number,
): void {
  const parts = newSums(code, 1, Array(vectorsOf(wide)).fill(v128.zero));
  const at = code.let(gradient);
  code.for(i32.const(positions), () => {
    parts[0]!.forEach((part, v) => code.set(part, f32x4.add(part, v128.load(at, 16 * v))));
    code.step(at, i32.const(pixel));
  });
  addRows(code, parts, sums, PANEL_BYTES, wide);
  storeRows(code, parts, sums, PANEL_BYTES, wide);
}

/** Floats of the turned kernel: for each group and tap panels of eight channels, a row for each filter. */
export function turnedSize(shape: ConvolutionShape): number {
  const { groups, columns, channels, rows } = geometryOf(shape);
  return groups * (rows / channels) * Math.ceil(channels / PANEL) * columns * PANEL;
}

/** Adds or writes the gradient of the input. Parameters: images, gradient, input's gradient, turned kernel, scratch. */
export function convolutionInputKernel(
  name: string,
  shape: ConvolutionShape,
  accumulate: boolean,
  target: Target,
): Kernel {
  const geometry = geometryOf(shape);
  const { groups, columns, channels, padded, across } = geometry;
  const { size, dilation, output } = shape.window;
  const pixel = 4 * shape.filters;
  const cut = cutRows(output[1], target.rows);
  return kernel(name, integers(5), (code, images, gradient, to, turned, scratch) => {
    code.for(images, () => {
      const image = beginInput(code, geometry, to, scratch, accumulate);
      const row = code.let(image);
      code.repeat(output[0], () => {
        const b = code.let(turned);
        const g = code.let(gradient);
        const group = code.let(row);
        code.repeat(groups, () => {
          const tapRow = code.let(group);
          code.repeat(size[0], () => {
            const tap = code.let(tapRow);
            code.repeat(size[1], () => {
              const place = code.let(tap);
              const panel = (wide: number): void => {
                const [a, c] = [code.let(g), code.let(place)];
                const tile = (rows: number): void => {
                  const sums = newSums(code, rows, Array(vectorsOf(wide)).fill(v128.zero));
                  const steps = { aRow: pixel, aStep: 4, bStep: PANEL_BYTES };
                  sumTile(code, target, sums, a, b, { loops: [], depth: columns, ...steps });
                  addRows(code, sums, c, across, wide);
                  storeRows(code, sums, c, across, wide);
                  code.step(a, i32.const(pixel * rows));
                  code.step(c, i32.const(across * rows));
                };
                code.repeat(cut.full, () => tile(target.rows));
                cut.rest.forEach(tile);
                code.step(b, i32.const(PANEL_BYTES * columns));
                code.step(place, i32.const(4 * wide));
              };
              code.repeat(Math.floor(channels / PANEL), () => panel(PANEL));
              if (channels % PANEL > 0) panel(channels % PANEL);
              code.step(tap, i32.const(dilation[1] * geometry.pixelBytes));
            });
            code.step(tapRow, i32.const(dilation[0] * geometry.rowBytes));
          });
          code.step(g, i32.const(4 * columns));
          code.step(group, i32.const(4 * channels));
        });
        code.step(row, i32.const(geometry.down));
        code.step(gradient, i32.const(output[1] * pixel));
      });
      if (padded) endInput(code, geometry, to, scratch);
      code.step(to, i32.const(geometry.imageBytes));
    });
  });
}

/** Where an image's gradient is summed: in its place, or in a copy with a border. It starts from zero or what is there. */
export function beginInput(code: Code, geometry: Geometry, to: I, scratch: I, accumulate: boolean): I {
  if (!accumulate) code.clear(to, i32.const(geometry.imageBytes));
  if (geometry.padded) code.clear(scratch, i32.const(geometry.bytes));
  return code.let(geometry.padded ? scratch : to);
}

/** Adds the copy without its border. */
export function endInput(code: Code, geometry: Geometry, to: I, scratch: I): void {
  eachCopiedRow(code, geometry, to, scratch, (image, copy) =>
    code.floats(i32.const(geometry.copiedBytes / 4), (at, lanes) => {
      const target = code.let(i32.add(image, at));
      lanes.store(target, f32x4.add(lanes.load(target), lanes.load(i32.add(copy, at))));
    }),
  );
}

/** Copies a panel of the kernel to the turned one. Parameters: panel, turned kernel of its group at its first filter, filters. */
export function turnKernel(name: string, shape: ConvolutionShape): Kernel {
  const { columns, channels, rows } = geometryOf(shape);
  const panels = Math.ceil(channels / PANEL);
  return kernel(name, integers(3), (code, panel, turned, filters) => {
    const tap = code.let(turned);
    code.for(i32.const(rows / channels), () => {
      code.for(i32.const(channels), (channel) => {
        const block = i32.mul(i32.divU(channel, i32.const(PANEL)), i32.const(PANEL_BYTES * columns));
        const lane = i32.bytes(i32.remU(channel, i32.const(PANEL)));
        const to = code.let(i32.add(tap, i32.add(block, lane)));
        code.for(filters, (filter) => {
          const from = i32.add(panel, i32.bytes(filter));
          code.storeI32(i32.add(to, i32.mul(filter, i32.const(PANEL_BYTES))), i32.load(from));
        });
        code.step(panel, i32.const(PANEL_BYTES));
      });
      code.step(tap, i32.const(panels * PANEL_BYTES * columns));
    });
  });
}
