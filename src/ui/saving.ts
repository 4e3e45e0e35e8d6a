/** Saves the project as it changes and says how that went. Started once, outside React. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Project } from '../project/project';
import type { EditorStore } from '../state/editor';
import { notify } from './common/notices';

export type SaveState = 'saved' | 'saving' | 'failed';

const saveState = createStore<{ state: SaveState }>(() => ({ state: 'saved' }));

export function useSaveState(): SaveState {
  return useStore(saveState, ({ state }) => state);
}

/**
 * Saves every change of the editor's project.
 * @param save resolves when the project is on the disk and rejects with a sentence for the person.
 */
export function saveAsItChanges(editor: EditorStore, save: (project: Project) => Promise<void>): void {
  let latest: Project | undefined;
  editor.subscribe(({ project }, before) => {
    if (project === before.project) return;
    latest = project;
    saveState.setState({ state: 'saving' });
    save(project).then(
      () => {
        if (latest === project) saveState.setState({ state: 'saved' });
      },
      (error: unknown) => {
        if (saveState.getState().state !== 'failed')
          notify({ kind: 'problem', text: error instanceof Error ? error.message : String(error) });
        saveState.setState({ state: 'failed' });
      },
    );
  });
}
