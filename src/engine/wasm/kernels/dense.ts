/**
 * The dense layer: three products of matrices. The kernel lies in panels of eight units, so forward nothing is packed;
 * its gradient is used up by the optimizer tile by tile.
 */
import type { DenseShape } from '../../plan/plan';
import type { Code } from '../code';
import { f32x4, i32, v128, type F32, type I32, type Local } from '../expressions';
import { integers, kernel, type Kernel } from '../emit';
import { prepareUpdate, scalarTypes, type OptimizerKind } from './optimizers';
import { addRows, newSums, PANEL, storeRows, sumTile, vectorsOf, type Target } from './tile';
import { transposeRows } from './transpose';

type I = Local<'i32'>;

const PANEL_BYTES = 4 * PANEL;

/** Cuts a number of rows that is known when it runs: full tiles, then what is left. `tile` moves its pointers. */
function eachTile(code: Code, { rows }: Target, count: I32, tile: (height: number) => void): void {
  const left = code.let(count);
  code.while(
    () => i32.geU(left, i32.const(rows)),
    () => {
      tile(rows);
      code.step(left, i32.const(-rows));
    },
  );
  for (let height = 1; height < rows; height++) code.if(i32.eq(left, i32.const(height)), () => tile(height));
}

/** Runs `panel` for panels `from`..`to` of `columns` columns; only the last may be narrower than eight. */
function eachPanel(code: Code, columns: number, from: I, to: I, panel: (n: I, width: number) => void): void {
  const full = Math.floor(columns / PANEL);
  const n = code.let(from);
  code.while(
    () => i32.and(i32.ltU(n, to), i32.ltU(n, i32.const(full))),
    () => {
      panel(n, PANEL);
      code.step(n, i32.const(1));
    },
  );
  if (columns % PANEL > 0) code.if(i32.ltU(n, to), () => panel(n, columns % PANEL));
}

const at = (base: I, n: I, bytes: number): I32 => i32.add(base, i32.mul(n, i32.const(bytes)));

/** output = input · kernel + bias, and relu. Parameters: rows, input, output, kernel, bias, panels from and to. */
export function denseKernel(name: string, shape: DenseShape, target: Target): Kernel {
  const { inputs, units, bias, curve } = shape;
  return kernel(name, integers(7), (code, rows, input, output, weights, biases, from, to) =>
    eachPanel(code, units, from, to, (n, width) => {
      const b = code.let(at(weights, n, PANEL_BYTES * inputs));
      const start = Array.from({ length: vectorsOf(width) }, (_, v) =>
        code.let(bias === undefined ? v128.zero : v128.load(at(biases, n, PANEL_BYTES), 16 * v)),
      );
      const a = code.let(input);
      const c = code.let(at(output, n, PANEL_BYTES));
      eachTile(code, target, rows, (height) => {
        const sums = newSums(code, height, start);
        const steps = { aStep: 4, bStep: PANEL_BYTES };
        sumTile(code, target, sums, a, b, { aRow: 4 * inputs, loops: [], depth: inputs, ...steps });
        if (curve.name === 'relu') for (const sum of sums.flat()) code.set(sum, f32x4.pmax(sum, v128.zero));
        storeRows(code, sums, c, 4 * units, width);
        code.step(a, i32.const(4 * inputs * height));
        code.step(c, i32.const(4 * units * height));
      });
    }),
  );
}

/** Bytes that the gradient of the input needs for itself: a panel of the kernel, turned. */
export const denseInputScratch = ({ units }: DenseShape): number =>
  PANEL_BYTES * PANEL * Math.ceil(units / PANEL);

/**
 * input's gradient = gradient · kernelᵀ, or that added. Parameters: rows, gradient, input's gradient, kernel, scratch,
 * panels of eight inputs from and to.
 */
export function denseInputKernel(
  name: string,
  shape: DenseShape,
  accumulate: boolean,
  target: Target,
): Kernel {
  const { inputs, units } = shape;
  return kernel(name, integers(7), (code, rows, gradient, output, weights, turned, from, to) =>
    eachPanel(code, inputs, from, to, (n, width) => {
      const panel = code.let(at(weights, n, PANEL_BYTES * PANEL));
      const place = code.let(turned);
      code.repeat(Math.ceil(units / PANEL), () => {
        transposeRows(code, panel, place);
        code.step(panel, i32.const(PANEL_BYTES * inputs));
        code.step(place, i32.const(PANEL_BYTES * PANEL));
      });
      const a = code.let(gradient);
      const c = code.let(at(output, n, PANEL_BYTES));
      eachTile(code, target, rows, (height) => {
        const sums = newSums(code, height, Array(vectorsOf(width)).fill(v128.zero));
        const steps = { aStep: 4, bStep: PANEL_BYTES };
        sumTile(code, target, sums, a, turned, { aRow: 4 * units, loops: [], depth: units, ...steps });
        if (accumulate) addRows(code, sums, c, 4 * inputs, width);
        storeRows(code, sums, c, 4 * inputs, width);
        code.step(a, i32.const(4 * units * height));
        code.step(c, i32.const(4 * inputs * height));
      });
    }),
  );
}

/** Bytes that the gradient of the kernel needs for itself: a panel of the output's gradient. */
export const denseUpdateScratch = (batch: number): number => PANEL_BYTES * batch;

/**
 * Sums the gradients of a part of the kernel, and of the bias with its first rows, over the batch, and updates both.
 * Parameters: rows of the batch, input, gradient, scratch; kernel, bias and their slots, (0 where there are none); the
 * panel, its rows from and to; the scalars.
 */
export function denseUpdateKernel(
  name: string,
  shape: DenseShape,
  optimizer: OptimizerKind,
  target: Target,
): Kernel {
  const { inputs, units, bias } = shape;
  return kernel(name, [...integers(13), ...scalarTypes], (code, ...parameters) => {
    const [rows, input, gradient, packed, ...places] = parameters.slice(0, 10) as I[];
    const [panel, from, to] = parameters.slice(10, 13) as [I, I, I];
    const update = prepareUpdate(code, optimizer, parameters.slice(13) as unknown as [F32, F32, F32, F32]);
    packPanel(code, rows!, i32.add(gradient!, i32.mul(panel, i32.const(PANEL_BYTES))), 4 * units, packed!);
    const [kernels, biases] = [places.slice(0, 3), places.slice(3)];
    if (bias !== undefined)
      code.if(i32.eq(from, i32.const(0)), () => {
        const sums = sumRows(code, rows!, packed!);
        const [weight, first, second] = biases.map((base) => code.let(at(base, panel, PANEL_BYTES)));
        sums.forEach((sum, v) => update(sum, { weight: weight!, first: first!, second: second! }, 16 * v));
      });
    const a = code.let(i32.add(input!, i32.bytes(from)));
    const row = i32.add(i32.mul(panel, i32.const(inputs)), from);
    const [weight, first, second] = kernels.map((base) =>
      code.let(i32.add(base, i32.mul(row, i32.const(PANEL_BYTES)))),
    );
    eachTile(code, target, i32.sub(to, from), (height) => {
      const sums = newSums(code, height, [v128.zero, v128.zero]);
      const steps = { aStep: 4 * inputs, bStep: PANEL_BYTES };
      sumTile(code, target, sums, a, packed!, { aRow: 4, loops: [], depth: rows!, ...steps });
      const at = { weight: weight!, first: first!, second: second! };
      sums.forEach((sum, r) => sum.forEach((part, v) => update(part, at, r * PANEL_BYTES + 16 * v)));
      code.step(a, i32.const(4 * height));
      for (const place of [weight!, first!, second!]) code.step(place, i32.const(PANEL_BYTES * height));
    });
  });
}

/** Copies eight columns of `rows` rows. Past the edge of the matrix it copies what lies there; nobody reads it. */
function packPanel(code: Code, rows: I, from: I32, stride: number, to: I): void {
  const [source, place] = [code.let(from), code.let(to)];
  code.for(rows, () => {
    for (const offset of [0, 16]) code.store(place, v128.load(source, offset), offset);
    code.step(source, i32.const(stride));
    code.step(place, i32.const(PANEL_BYTES));
  });
}

/** The sums of a panel's columns. */
function sumRows(code: Code, rows: I, packed: I) {
  const sums = [code.let(v128.zero), code.let(v128.zero)];
  const place = code.let(packed);
  code.for(rows, () => {
    sums.forEach((sum, v) => code.set(sum, f32x4.add(sum, v128.load(place, 16 * v))));
    code.step(place, i32.const(PANEL_BYTES));
  });
  return sums;
}
