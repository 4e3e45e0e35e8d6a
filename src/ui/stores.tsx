/** How components reach the stores: the editor, the run and the settings of this device. The stores themselves know no React. */
import { createContext, use, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { EditorState, EditorStore } from '../state/editor';
import type { Preferences, PreferencesStore } from '../state/preferences';
import type { RunState, RunStore } from '../state/run';

export interface Stores {
  readonly editor: EditorStore;
  readonly run: RunStore;
  readonly preferences: PreferencesStore;
}

const StoresContext = createContext<Stores | undefined>(undefined);

export function StoresProvider({ stores, children }: { stores: Stores; children: ReactNode }) {
  return <StoresContext value={stores}>{children}</StoresContext>;
}

export function useStores(): Stores {
  const stores = use(StoresContext);
  if (!stores) throw new Error('useStores is called outside StoresProvider.');
  return stores;
}

/** The part of the editor that `select` picks; the component follows its changes. */
export function useEditor<T>(select: (state: EditorState) => T): T {
  return useStore(useStores().editor, select);
}

/** The part of the run that `select` picks; the component follows its changes. */
export function useRun<T>(select: (state: RunState) => T): T {
  return useStore(useStores().run, select);
}

/** The part of the device's settings that `select` picks; the component follows its changes. */
export function usePreferences<T>(select: (state: Preferences) => T): T {
  return useStore(useStores().preferences, select);
}
