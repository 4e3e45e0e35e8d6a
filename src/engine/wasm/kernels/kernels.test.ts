import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../../core/random';
import { compileKernels, instantiateKernels, type Kernels } from '../module';
import type { Machine } from '../run/machine';
import { multiply, PACKED_AT, PRODUCT_BYTES } from '../run/products';

const memory = new WebAssembly.Memory({ initial: 160 });
const floats = new Float32Array(memory.buffer);
const integers = new Int32Array(memory.buffer);
let kernels: Kernels;
let machine: Machine;
beforeAll(async () => {
  kernels = await instantiateKernels(await compileKernels(false), memory);
  // Products use of the machine only what is here.
  machine = { kernels, floats, packed: PACKED_AT } as Machine;
});

/** Addresses of three large parts of the memory, after what products need. */
const [A, B, C] = [0, 1, 2].map((i) => PRODUCT_BYTES + i * 3 * 2 ** 20) as [number, number, number];
const at = (address: number, count: number): Float32Array =>
  floats.subarray(address / 4, address / 4 + count);

function fill(address: number, count: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const values = at(address, count);
  for (let i = 0; i < count; i++) values[i] = random.normal();
  return values.slice();
}

function expectClose(actual: Float32Array, expected: ArrayLike<number>, tolerance = 1e-5): void {
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  const worst = actual.reduce((max, value, i) => Math.max(max, Math.abs(value - expected[i]!)), 0);
  expect(actual.length).toBe(expected.length);
  expect(worst).toBeLessThanOrEqual(tolerance * scale);
}

const check = (...[property, options]: Parameters<typeof fc.assert>): void =>
  void fc.assert(property, { seed: 7, numRuns: 60, ...options });
const size = (max: number) => fc.integer({ min: 1, max });

describe('the product of matrices', () => {
  const product = (rows: number, columns: number, depth: number, flags: readonly boolean[], seed: number) => {
    const [aTransposed, bTransposed, accumulate] = flags as [boolean, boolean, boolean];
    const a = fill(A, rows * depth, seed);
    const b = fill(B, depth * columns, seed + 1);
    const stride = columns + 3;
    const c = fill(C, rows * stride, seed + 2);
    multiply(machine, {
      a: { at: A, stride: aTransposed ? rows : depth, transposed: aTransposed },
      b: { at: B, stride: bTransposed ? depth : columns, transposed: bTransposed },
      c: { at: C, stride },
      rows,
      columns,
      depth,
      accumulate,
    });
    const expected = Float64Array.from(c);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        let sum = accumulate ? c[i * stride + j]! : 0;
        for (let k = 0; k < depth; k++)
          sum +=
            (aTransposed ? a[k * rows + i]! : a[i * depth + k]!) *
            (bTransposed ? b[j * depth + k]! : b[k * columns + j]!);
        expected[i * stride + j] = sum;
      }
    // What lies between the rows of C stays as it was.
    expectClose(at(C, rows * stride), expected);
  };
  const flags = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean());

  test('is that of three loops, in all shapes and layouts', () =>
    check(fc.property(size(19), size(21), size(40), flags, size(1000), product)));
  test('is right when it is cut into blocks', () => {
    product(5, 270, 530, [false, false, false], 3);
    product(3, 521, 1030, [true, true, true], 4);
  });
  test('is right in the relaxed build too, where there is one', async () => {
    const relaxed = await instantiateKernels(await compileKernels(), memory);
    const plain = machine;
    machine = { ...plain, kernels: relaxed };
    product(7, 13, 33, [true, false, true], 5);
    machine = plain;
  });
});

const windows = fc
  .record({
    height: size(7),
    width: size(7),
    channels: size(9),
    size: fc.tuple(size(3), size(4)),
    strides: fc.tuple(size(3), size(2)),
    dilation: fc.tuple(size(2), size(3)),
    border: fc.tuple(fc.nat(2), fc.nat(3)),
    output: fc.tuple(size(4), size(5)),
    seed: size(1000),
  })
  .map((window) => ({ ...window, pixels: window.height * window.width }));
type Window = typeof windows extends fc.Arbitrary<infer W> ? W : never;

/** Every tap: its place in the image, or undefined on the border, in the order of the patches. */
function taps({ height, width, size: kernel, strides, dilation, border, output }: Window) {
  const places: (number | undefined)[] = [];
  for (let y = 0; y < output[0]; y++)
    for (let x = 0; x < output[1]; x++)
      for (let i = 0; i < kernel[0]; i++)
        for (let j = 0; j < kernel[1]; j++) {
          const row = y * strides[0] + i * dilation[0] - border[0];
          const column = x * strides[1] + j * dilation[1] - border[1];
          const inside = row >= 0 && row < height && column >= 0 && column < width;
          places.push(inside ? row * width + column : undefined);
        }
  return places;
}

describe('patches', () => {
  const parameters = (w: Window, part: number): readonly number[] => [
    ...[w.height, w.width, w.channels, part],
    ...[...w.size, ...w.strides, ...w.dilation, ...w.border, ...w.output],
    part === w.channels && w.dilation[1] === 1 && w.size[1] <= w.width ? 1 : 0,
  ];
  const cases = fc.tuple(windows, fc.nat(8)).map(([w, n]) => ({ w, part: 1 + (n % w.channels) }));

  test('are gathered from the image, zeros outside', () =>
    check(
      fc.property(cases, ({ w, part }) => {
        const image = fill(A, w.pixels * w.channels, w.seed);
        const expected = taps(w).flatMap((place) =>
          Array.from({ length: part }, (_, c) => (place === undefined ? 0 : image[place * w.channels + c]!)),
        );
        fill(B, expected.length, 1);
        kernels.gatherPatches(A, B, ...parameters(w, part));
        expect([...at(B, expected.length)]).toEqual(expected);
      }),
    ));

  test('are added back where they came from', () =>
    check(
      fc.property(cases, ({ w, part }) => {
        const expected = Float64Array.from(fill(A, w.pixels * w.channels, w.seed));
        const places = taps(w);
        const patches = fill(B, places.length * part, w.seed + 1);
        places.forEach((place, i) => {
          for (let c = 0; c < part && place !== undefined; c++)
            expected[place * w.channels + c]! += patches[i * part + c]!;
        });
        kernels.scatterPatches(A, B, ...parameters(w, part));
        expectClose(at(A, expected.length), expected);
      }),
    ));
});

test('max pooling finds the first of the largest and sends gradients there', () =>
  check(
    fc.property(windows, (drawn) => {
      // A window that lies outside altogether has no maximum; the designer makes none.
      const w: Window = {
        ...drawn,
        dilation: [1, 1],
        border: [Math.min(drawn.border[0], drawn.size[0] - 1), Math.min(drawn.border[1], drawn.size[1] - 1)],
      };
      const inner = [w.height, w.width].map((n, i) => Math.floor((n - 1 + w.border[i]!) / w.strides[i]!) + 1);
      const output = [Math.min(w.output[0], inner[0]!), Math.min(w.output[1], inner[1]!)] as [number, number];
      const window = { ...w, output };
      const { channels } = w;
      // Few different values, so that there are ties.
      const image = at(A, w.pixels * channels);
      fill(A, image.length, w.seed);
      image.forEach((value, i) => (image[i] = Math.round(value)));
      const count = output[0] * output[1] * channels;
      const positions = C - 2 ** 20;
      kernels.maxPool(
        ...[A, B, positions, w.height, w.width, channels],
        ...[...w.size, ...w.strides, ...w.border, ...output],
      );
      const places = taps(window);
      const taken = w.size[0] * w.size[1];
      const best = Array.from({ length: count }, (_, i) => {
        const from = Math.floor(i / channels) * taken;
        const inside = places.slice(from, from + taken).filter((place) => place !== undefined);
        const value = (place: number): number => image[place * channels + (i % channels)]!;
        return inside.reduce((a, b) => (value(b) > value(a) ? b : a)) * channels + (i % channels);
      });
      expect([...at(B, count)]).toEqual(best.map((place) => image[place]!));
      expect([...integers.subarray(positions / 4, positions / 4 + count)]).toEqual(
        best.map((place, i) => place - (i % channels)),
      );
      const expected = Float64Array.from(fill(A, image.length, 3));
      const gradients = fill(B, count, 4);
      best.forEach((place, i) => (expected[place]! += gradients[i]!));
      kernels.maxPoolGradient(B, positions, A, count / channels, channels);
      expectClose(at(A, image.length), expected);
    }),
  ));

describe('rows of values', () => {
  const shapes = [size(9), size(13), fc.boolean(), size(1000)] as const;
  test('get their bias, and relu, which lets NaN pass', () =>
    check(
      fc.property(...shapes, (rows, columns, relu, seed) => {
        const values = fill(A, rows * columns, seed);
        const bias = fill(B, columns, seed + 1);
        at(A, 1)[0] = Number.NaN;
        kernels.addBias(A, B, rows, columns, relu ? 1 : 0);
        const sums = values.map((value, i) => value + bias[i % columns]!);
        expect(at(A, 1)[0]).toBeNaN();
        expect([...at(A, values.length)].slice(1)).toEqual(
          [...sums.map((sum) => (relu ? Math.max(sum, 0) : sum))].slice(1),
        );
      }),
    ));
  test('are added up', () =>
    check(
      fc.property(...shapes, (rows, columns, _, seed) => {
        const values = fill(A, rows * columns, seed);
        const expected = Float64Array.from(fill(B, columns, seed + 1));
        values.forEach((value, i) => (expected[i % columns]! += value));
        kernels.addRows(A, B, rows, columns);
        expectClose(at(B, columns), expected);
      }),
    ));
  test('go through relu and back', () =>
    check(
      fc.property(size(37), size(1000), (count, seed) => {
        const values = fill(A, count, seed);
        const gradients = fill(C, count, seed + 1);
        kernels.relu(A, B, count);
        kernels.reluGradient(B, C, count);
        expect([...at(B, count)]).toEqual([...values.map((value) => Math.max(value, 0))]);
        expect([...at(C, count)]).toEqual([...gradients.map((g, i) => (values[i]! > 0 ? g : 0))]);
      }),
    ));
});
