/** Whether WebGPU is there, and how to open our own engine on it. The engine's code is loaded only then. */
import type { EngineDriver } from '../driver';
import { engineLabels } from '../labels';
import { probeAdapter } from './adapter';

export const webgpu: EngineDriver = {
  id: 'webgpu',
  label: engineLabels.webgpu,
  probe: probeAdapter,
  async open({ device, software }) {
    const { WebGpuEngine } = await import('./engine');
    return WebGpuEngine.open({ id: 'webgpu', label: engineLabels.webgpu, device, software });
  },
};
