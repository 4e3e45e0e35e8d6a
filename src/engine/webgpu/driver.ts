/** Whether WebGPU is there, and how to open our own engine on it. The engine's code is loaded only then. */
import type { EngineDriver } from '../driver';
import { probeAdapter } from './adapter';

export const webgpu: EngineDriver = {
  id: 'webgpu',
  label: 'WebGPU',
  probe: probeAdapter,
  async open({ device, software }) {
    const { WebGpuEngine } = await import('./engine');
    return WebGpuEngine.open({ id: 'webgpu', label: 'WebGPU', device, software });
  },
};
