/** How components reach the stores: the editor and the run. The stores themselves know no React. */
import { createContext, use, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { EditorState, EditorStore } from '../state/editor';
import type { RunState, RunStore } from '../state/run';

export interface Stores {
  readonly editor: EditorStore;
  readonly run: RunStore;
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
