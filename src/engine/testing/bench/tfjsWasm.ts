/**
 * TensorFlow.js on its WebAssembly backend, for the benchmark only: the backend lacks a kernel that training needs, which
 * is registered here. On one thread: more of them made it no faster where it was measured by itself, and do not start at
 * all once a bundler has renamed the names that the backend sends to its workers as text.
 */
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import * as core from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { EngineDriver } from '../../driver';
import { startBackend, TfjsEngine } from '../../tfjs/engine';
import { DeviceWatch } from '../../watch';

const binaries = {
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': threadedSimd,
};

/**
 * The gradient of a convolution's kernel: the input's windows as rows of a matrix, one column block for each place in the
 * window, transposed, times the outputs' gradient.
 */
function filterGradient({ inputs, attrs }: Parameters<core.KernelFunc>[0]): core.TensorInfo {
  const { x, dy } = inputs as unknown as { x: Tensor4D; dy: Tensor4D };
  const { filterShape, strides, pad, dimRoundingMode } = attrs as unknown as core.Conv2DBackpropFilterAttrs;
  const { padInfo, strideHeight, strideWidth, ...info } = core.backend_util.computeConv2DInfo(
    x.shape,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const { batchSize, outHeight, outWidth, inChannels, outChannels, filterHeight, filterWidth } = info;
  const rows = batchSize * outHeight * outWidth;
  return core.tidy(() => {
    const { top, bottom, left, right } = padInfo;
    const padded =
      top + bottom + left + right === 0
        ? x
        : core.pad4d(x, [
            [0, 0],
            [top, bottom],
            [left, right],
            [0, 0],
          ]);
    const windows = Array.from({ length: filterHeight * filterWidth }, (_, i) => {
      const [row, column] = [Math.floor(i / filterWidth), i % filterWidth];
      const end = [
        batchSize,
        row + (outHeight - 1) * strideHeight + 1,
        column + (outWidth - 1) * strideWidth + 1,
      ];
      const window = core.stridedSlice(
        padded,
        [0, row, column, 0],
        [...end, inChannels],
        [1, strideHeight, strideWidth, 1],
      );
      return core.reshape(window, [rows, inChannels]);
    });
    const gradient = core.matMul(core.concat(windows, 1), core.reshape(dy, [rows, outChannels]), true);
    return core.reshape(gradient, filterShape);
  });
}

const info = { id: 'tfjs-cpu', label: 'TensorFlow.js wasm', device: 'SIMD', software: false } as const;

export const tfjsWasm: EngineDriver = {
  // The app does not offer this backend, and has no name for it.
  id: info.id,
  label: info.label,
  probe: () => Promise.resolve({ available: true, device: info.device, software: info.software }),
  async open() {
    core.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    setThreadsCount(1);
    setWasmPaths(binaries);
    core.registerKernel({
      kernelName: core.Conv2DBackpropFilter,
      backendName: 'wasm',
      kernelFunc: filterGradient,
    });
    await startBackend('wasm', info.label);
    return new TfjsEngine(info, { name: 'wasm', watch: new DeviceWatch(), release: () => undefined });
  },
};
