/** TensorFlow.js on WebGPU. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as core from '@tensorflow/tfjs-core';
import { softwareAdapter, type EngineDriver, type Probe } from '../driver';
import { engineLabels } from '../labels';
import { startBackend, TfjsEngine } from './engine';
import { DeviceWatch } from './watch';

const absent = 'This browser does not offer WebGPU.';

async function probe(): Promise<Probe> {
  if (typeof navigator === 'undefined' || !('gpu' in navigator)) return { available: false, reason: absent };
  const adapter = await navigator.gpu
    .requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null);
  if (!adapter) return { available: false, reason: 'WebGPU finds no graphics processor that it may use.' };
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const device = [vendor, architecture, description].filter(Boolean).join(' ');
  return { available: true, device, software: Boolean(isFallbackAdapter) || softwareAdapter.test(device) };
}

export const webgpu: EngineDriver = {
  id: 'tfjs-webgpu',
  label: engineLabels['tfjs-webgpu'],
  probe,
  async open({ device: name, software }) {
    await import('@tensorflow/tfjs-backend-webgpu');
    await startBackend('webgpu', 'WebGPU');
    const { device } = core.backend() as WebGPUBackend;
    const watch = new DeviceWatch();
    void device.lost.then(({ message }) =>
      watch.lose(`The graphics processor was lost (${message || 'no reason given'}).`),
    );
    // A command that failed leaves its output as it was: nothing computed after it can be trusted.
    device.addEventListener('uncapturederror', ({ error }) => {
      const ranOut = error instanceof GPUOutOfMemoryError;
      watch.lose(
        ranOut
          ? 'The graphics processor ran out of memory.'
          : `The graphics processor refused a command (${error.message}).`,
      );
    });
    const info = { id: 'tfjs-webgpu', label: engineLabels['tfjs-webgpu'], device: name, software } as const;
    return new TfjsEngine(info, { name: 'webgpu', watch, release: () => device.destroy() });
  },
};
