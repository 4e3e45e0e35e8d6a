/** Whether WebAssembly with SIMD is there, and how to open the engine on it. The engine's code is loaded only then. */
import type { EngineDriver } from '../driver';

/** A function that returns an empty vector: `v128.const 0`, then `drop`. Valid exactly where SIMD is there. */
const simd = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
  ...[10, 23, 1, 21, 0, 0xfd, 0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1a, 0x0b],
);

export const wasm: EngineDriver = {
  id: 'wasm',
  label: 'WebAssembly',
  probe() {
    const available = typeof WebAssembly === 'object' && WebAssembly.validate(simd);
    return Promise.resolve(
      available
        ? { available, device: '1 thread', software: false }
        : { available, reason: 'This browser has no WebAssembly with SIMD.' },
    );
  },
  async open({ device, software }) {
    const { WasmEngine } = await import('./engine');
    return WasmEngine.open({ id: 'wasm', label: 'WebAssembly', device, software });
  },
};
