/** TensorFlow.js on WebGPU. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as core from '@tensorflow/tfjs-core';
import type { EngineDriver } from '../driver';
import { engineLabels } from '../labels';
import { probeAdapter } from '../webgpu/adapter';
import { watchDevice } from '../webgpu/watchDevice';
import { startBackend, TfjsEngine } from './engine';

export const webgpu: EngineDriver = {
  id: 'tfjs-webgpu',
  label: engineLabels['tfjs-webgpu'],
  probe: probeAdapter,
  async open({ device: name, software }) {
    await import('@tensorflow/tfjs-backend-webgpu');
    await startBackend('webgpu', 'WebGPU');
    const { device } = core.backend() as WebGPUBackend;
    const watch = watchDevice(device);
    const info = { id: 'tfjs-webgpu', label: engineLabels['tfjs-webgpu'], device: name, software } as const;
    return new TfjsEngine(info, { name: 'webgpu', watch, release: () => device.destroy() });
  },
};
