/** The kernels as functions: emitted, compiled once, and put on a memory for each trainer. */
import { emitModule } from './emit';
import { elementKernels } from './kernels/elements';
import { matrixKernels } from './kernels/matrix';
import { patchKernels } from './kernels/patches';
import { poolingKernels } from './kernels/pooling';

const names = [
  'packRows',
  'packColumns',
  'multiplyRows',
  'multiplyColumns',
  'gatherPatches',
  'scatterPatches',
  'addBias',
  'relu',
  'reluGradient',
  'addRows',
  'adam',
  'descend',
  'descendWithMomentum',
  'maxPool',
  'maxPoolGradient',
] as const;

/** Each takes what its definition in `kernels/` says. Addresses are bytes; strides and counts are floats. */
export type Kernels = Readonly<Record<(typeof names)[number], (...parameters: number[]) => void>>;

/** Whether `f32x4.relaxed_madd` is there: without it the products do not validate. */
function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(emitModule(matrixKernels(true)));
}

/**
 * Compiles the kernels. The bytes are made here, so nothing is loaded.
 * @param relaxed whether to use the fused multiply-add where there is one; it changes the last bit of sums.
 */
export function compileKernels(relaxed = hasRelaxedSimd()): Promise<WebAssembly.Module> {
  const kernels = [...matrixKernels(relaxed), ...patchKernels, ...elementKernels, ...poolingKernels];
  return WebAssembly.compile(emitModule(kernels));
}

export async function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<Kernels> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const missing = names.filter((name) => typeof exports[name] !== 'function');
  if (missing.length > 0) throw new Error(`The module has no ${missing.join(', ')}.`);
  return exports as Kernels;
}
