/**
 * What a person has set for this device. It is kept in the browser, not in a project: which engine trains is a matter of
 * the device in the hand, and a project that travels to another one would take a wrong answer along.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineId } from '../engine/engine';
import { isEngineId } from '../engine/labels';

export interface Preferences {
  /** The engine that trains where it works; undefined takes the fastest. */
  readonly engine: EngineId | undefined;
  setEngine(engine: EngineId | undefined): void;
}

export type PreferencesStore = StoreApi<Preferences>;

const KEY = 'layerpad.engine';

/** @param storage is asked each time: a browser may refuse it, and then a setting lives as long as the page. */
export function createPreferences(
  storage: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> = () => localStorage,
): PreferencesStore {
  return createStore<Preferences>((set) => ({
    engine: stored(storage),
    setEngine(engine) {
      set({ engine });
      try {
        if (engine) storage().setItem(KEY, engine);
        else storage().removeItem(KEY);
      } catch {
        // Refused or full.
      }
    },
  }));
}

function stored(storage: () => Pick<Storage, 'getItem'>): EngineId | undefined {
  try {
    const value = storage().getItem(KEY);
    return isEngineId(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
