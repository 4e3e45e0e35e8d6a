/** Kernels as a module: emitted and compiled once for a network. */
import { emitModule, kernel } from './emit';
import type { Program } from './program';
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
