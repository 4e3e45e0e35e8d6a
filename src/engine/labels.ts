/** What the engines are called on the screen. The names alone: no engine's code comes along. */
import type { EngineId } from './engine';

export const engineLabels: Readonly<Record<EngineId, string>> = {
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  'tfjs-webgpu': 'TensorFlow.js WebGPU',
  'tfjs-webgl': 'TensorFlow.js WebGL',
  'tfjs-cpu': 'TensorFlow.js CPU',
};

export function isEngineId(value: unknown): value is EngineId {
  return typeof value === 'string' && Object.hasOwn(engineLabels, value);
}
