/**
 * The contenders that run in the browser. To add one: a line here. Nothing is loaded before it is opened, so that Node can
 * read the list too.
 */
import type { EngineDriver } from '../../driver';
import { openContender, type Contender } from './contender';
import type { BenchCase } from './data';

export interface BenchRow {
  /** "wasm-relaxed-2": by which `--engines` finds it. */
  readonly id: string;
  readonly engine: string;
  /** How many threads compute; undefined where nobody can tell it how many. */
  readonly threads: number | undefined;
  /** Which of the browsers of scripts/bench/chromium.mjs it needs. */
  readonly browser: 'plain' | 'webgl' | 'webglSwiftShader' | 'webgpu';
  open(start: BenchCase): Promise<Contender>;
}

/** An engine behind the app's own interface. */
function engine(
  [id, name, threads, browser]: readonly [string, string, number | undefined, BenchRow['browser']],
  driver: () => Promise<EngineDriver>,
): BenchRow {
  const open = async (start: BenchCase) => openContender(await driver(), start);
  return { id, engine: name, threads, browser, open };
}

/** @param threads the numbers of threads to try. */
export function benchRows(threads: readonly number[]): readonly BenchRow[] {
  const wasm = (relaxed: boolean): BenchRow[] =>
    threads.map((count) =>
      engine(
        [
          `wasm-${relaxed ? 'relaxed' : 'simd'}-${count}`,
          `WebAssembly, ${relaxed ? 'relaxed' : 'plain'} SIMD`,
          count,
          'plain',
        ],
        async () => (await import('../../wasm/driver')).wasmDriver({ threads: count, relaxed }),
      ),
    );
  return [
    ...wasm(true),
    ...wasm(false),
    engine(
      ['webgpu', 'WebGPU', undefined, 'webgpu'],
      async () => (await import('../../webgpu/driver')).webgpu,
    ),
    engine(
      ['tfjs-wasm', 'TensorFlow.js wasm', 1, 'plain'],
      async () => (await import('./tfjsWasm')).tfjsWasm,
    ),
    engine(
      ['tfjs-webgl', 'TensorFlow.js webgl', undefined, 'webgl'],
      async () => (await import('../../tfjs/webgl')).webgl,
    ),
    engine(
      ['tfjs-webgl-swiftshader', 'TensorFlow.js webgl', undefined, 'webglSwiftShader'],
      async () => (await import('../../tfjs/webgl')).webgl,
    ),
    engine(
      ['tfjs-webgpu', 'TensorFlow.js webgpu', undefined, 'webgpu'],
      async () => (await import('../../tfjs/webgpu')).webgpu,
    ),
    engine(['tfjs-cpu', 'TensorFlow.js cpu', 1, 'plain'], async () => (await import('../../tfjs/cpu')).cpu),
    {
      id: 'jax-wasm',
      engine: 'jax-js wasm',
      threads: undefined,
      browser: 'plain',
      open: async (start) => (await import('./jax')).openJax('wasm', start),
    },
    {
      id: 'jax-webgpu',
      engine: 'jax-js webgpu',
      threads: undefined,
      browser: 'webgpu',
      open: async (start) => (await import('./jax')).openJax('webgpu', start),
    },
  ];
}
