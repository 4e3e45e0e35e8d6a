/** Kernels as functions: emitted, compiled once for a network, and put on a memory for each thread. */
import { emitModule, kernel } from './emit';
import type { Program } from './program';
import type { Kernels } from './run/machine';
import { f32x4, i32, v128 } from './expressions';

/** Whether `f32x4.relaxed_madd` is there: without it a kernel that uses it does not validate. */
export function hasRelaxedSimd(): boolean {
  const probe = kernel('probe', [], (code) =>
    code.store(i32.const(0), f32x4.relaxedMadd(v128.zero, v128.zero, v128.zero)),
  );
  return WebAssembly.validate(emitModule([probe]));
}

/** Compiles a program's kernels. The bytes are made here, so nothing is loaded. */
export function compileProgram({ kernels }: Program, shared: boolean): Promise<WebAssembly.Module> {
  return WebAssembly.compile(emitModule(kernels, shared));
}

/** Puts compiled kernels on a memory. Threads do it for themselves, each on the same memory. */
export function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}
