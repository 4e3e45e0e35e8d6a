/** Whether WebAssembly with SIMD is there, with how many threads, and how to open the engine on it. Its code is loaded only then. */
import type { EngineDriver } from '../driver';
import { engineLabels } from '../labels';

/** A function that returns an empty vector: `v128.const 0`, then `drop`. Valid exactly where SIMD is there. */
const simd = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
  ...[10, 23, 1, 21, 0, 0xfd, 0x0c, ...Array<number>(16).fill(0), 0x1a, 0x0b],
);

/** More threads than this wait for each other longer than they work. */
const MOST_THREADS = 8;

/** One thread where the page is not cross-origin isolated: there is no shared memory then. */
function availableThreads(): number {
  const shared = typeof SharedArrayBuffer === 'function' && globalThis.crossOriginIsolated;
  return shared ? Math.min(MOST_THREADS, navigator.hardwareConcurrency || 1) : 1;
}

/** "2 threads". */
export const threadsInWords = (count: number): string => (count === 1 ? '1 thread' : `${count} threads`);

export interface WasmDriverOptions {
  /** Missing: as many as the device has, up to 8. */
  readonly threads?: number;
  /** Missing: relaxed SIMD is used where there is any. */
  readonly relaxed?: boolean;
}

/** The engine with what is found on the device, or with what is asked for. */
export function wasmDriver({ threads, relaxed }: WasmDriverOptions = {}): EngineDriver {
  const count = (): number => Math.min(threads ?? Infinity, availableThreads());
  return {
    id: 'wasm',
    label: engineLabels.wasm,
    probe() {
      const available = typeof WebAssembly === 'object' && WebAssembly.validate(simd);
      return Promise.resolve(
        available
          ? { available, device: threadsInWords(count()), software: false }
          : { available, reason: 'This browser has no WebAssembly with SIMD.' },
      );
    },
    async open() {
      const { WasmEngine } = await import('./engine');
      const { hasRelaxedSimd } = await import('./module');
      return WasmEngine.open({ threads: count(), relaxed: relaxed ?? hasRelaxedSimd() });
    },
  };
}

export const wasm = wasmDriver();
