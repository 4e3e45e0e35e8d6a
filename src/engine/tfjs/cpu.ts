/** TensorFlow.js in plain JavaScript: slow, and there everywhere. The other engines are checked against it. */
import type { EngineDriver } from '../driver';
import { engineLabels } from '../labels';
import { startBackend, TfjsEngine } from './engine';
import { DeviceWatch } from '../watch';

export const cpu: EngineDriver = {
  id: 'tfjs-cpu',
  label: engineLabels['tfjs-cpu'],
  probe: () => Promise.resolve({ available: true, device: '1 thread', software: false }),
  async open({ device, software }) {
    await import('@tensorflow/tfjs-backend-cpu');
    await startBackend('cpu', 'The CPU engine');
    const info = { id: 'tfjs-cpu', label: engineLabels['tfjs-cpu'], device, software } as const;
    return new TfjsEngine(info, { name: 'cpu', watch: new DeviceWatch(), release: () => undefined });
  },
};
