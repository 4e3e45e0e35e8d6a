/** Settings of this device: kept, read again, and harmless where the browser refuses to keep them. */
import { expect, it } from 'vitest';
import { createPreferences } from './preferences';

function memory() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

it('takes the fastest engine until one is asked for, and remembers that', () => {
  const storage = memory();
  const preferences = createPreferences(() => storage);
  expect(preferences.getState().engine).toBeUndefined();
  preferences.getState().setEngine('tfjs-webgl');
  expect(preferences.getState().engine).toBe('tfjs-webgl');
  expect(createPreferences(() => storage).getState().engine).toBe('tfjs-webgl');
});

it('forgets the engine when the fastest is to be taken again', () => {
  const storage = memory();
  createPreferences(() => storage)
    .getState()
    .setEngine('wasm');
  createPreferences(() => storage)
    .getState()
    .setEngine(undefined);
  expect(storage.kept.size).toBe(0);
  expect(createPreferences(() => storage).getState().engine).toBeUndefined();
});

it('passes over an engine that there is not', () => {
  const storage = memory();
  createPreferences(() => storage)
    .getState()
    .setEngine('wasm');
  for (const key of storage.kept.keys()) storage.kept.set(key, 'cuda');
  expect(createPreferences(() => storage).getState().engine).toBeUndefined();
});

it('keeps the setting for the page where the browser refuses storage', () => {
  const refused = createPreferences(() => {
    throw new DOMException('Storage is blocked.', 'SecurityError');
  });
  refused.getState().setEngine('wasm');
  expect(refused.getState().engine).toBe('wasm');
});
