/** Whether WebGPU is there, and on what. Both engines that run on it ask here. */
import { softwareAdapter, type Probe } from '../driver';

const absent = 'This browser does not offer WebGPU.';

/** The adapter that a device is asked for: the fast one, where there are two. */
export async function requestAdapter(): Promise<GPUAdapter | null> {
  return navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
}

/** Looks for an adapter and starts nothing on it. */
export async function probeAdapter(): Promise<Probe> {
  if (typeof navigator === 'undefined' || !('gpu' in navigator)) return { available: false, reason: absent };
  const adapter = await requestAdapter();
  if (!adapter) return { available: false, reason: 'WebGPU finds no graphics processor that it may use.' };
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const device = [vendor, architecture, description].filter(Boolean).join(' ');
  return { available: true, device, software: Boolean(isFallbackAdapter) || softwareAdapter.test(device) };
}
