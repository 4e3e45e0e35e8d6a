import { describe, expect, test } from 'vitest';
import { f32, i32, v128 } from './expressions';
import { emitModule, integers, kernel } from './emit';
import { hasRelaxedSimd } from './module';

/** Exports many functions, one of them long, so that sizes take more than one byte. */
const many = Array.from({ length: 150 }, (_, n) =>
  kernel(`store ${n}`, integers(1), (code, to) => code.storeI32(to, i32.const(n))),
);
const long = kernel('long', ['i32', 'f32'], (code, to, value) => {
  for (let i = 0; i < 3000; i++) code.storeF32(to, f32.add(f32.load(to), value));
});

describe('a module', () => {
  test('exports each kernel by its name, with its parameters', () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const module = new WebAssembly.Module(emitModule([...many, long]));
    expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
    expect(WebAssembly.Module.exports(module).map(({ name }) => name)).toEqual([
      ...many.map(({ name }) => name),
      'long',
    ]);
    const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports;
    (kernels['store 149'] as (to: number) => void)(8);
    (kernels['long'] as (to: number, value: number) => void)(16, 0.5);
    expect(new Int32Array(memory.buffer, 8, 1)[0]).toBe(149);
    expect(new Float32Array(memory.buffer, 16, 1)[0]).toBe(1500);
  });

  test('without kernels is valid too', () => {
    expect(WebAssembly.validate(emitModule([]))).toBe(true);
    expect(WebAssembly.validate(emitModule([], true))).toBe(true);
  });

  test('takes a memory that is shared between threads, or one that is not, as it was emitted', () => {
    const own = new WebAssembly.Memory({ initial: 2 });
    const shared = new WebAssembly.Memory({ initial: 2, maximum: 65_536, shared: true });
    for (const isShared of [false, true]) {
      const bytes = emitModule([many[7]!], isShared);
      expect(WebAssembly.validate(bytes)).toBe(true);
      const module = new WebAssembly.Module(bytes);
      const [right, wrong] = isShared ? [shared, own] : [own, shared];
      const kernels = new WebAssembly.Instance(module, { env: { memory: right } }).exports;
      (kernels['store 7'] as (to: number) => void)(0);
      expect(new Int32Array(right.buffer)[0]).toBe(7);
      expect(() => new WebAssembly.Instance(module, { env: { memory: wrong } })).toThrow(
        WebAssembly.LinkError,
      );
    }
  });
});

test('a kernel is written once for each module and not before', () => {
  let written = 0;
  const counted = kernel('counted', [], (code) => {
    written++;
    code.store(i32.const(0), v128.zero);
  });
  expect(written).toBe(0);
  emitModule([counted]);
  expect(written).toBe(1);
});

test('relaxed SIMD is there where its madd instruction is valid', () => {
  // Copied from the specification: (v128.const 0) (v128.const 0) (v128.const 0) f32x4.relaxed_madd drop
  const zero = [0xfd, 0x0c, ...Array<number>(16).fill(0)];
  const body = [0, ...zero, ...zero, ...zero, 0xfd, 0x85, 0x02, 0x1a, 0x0b];
  const valid = WebAssembly.validate(
    Uint8Array.of(
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
      ...[10, body.length + 2, 1, body.length, ...body],
    ),
  );
  expect(hasRelaxedSimd()).toBe(valid);
});
