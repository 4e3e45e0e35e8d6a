/** Starts the app: stores, the stored project, the screen. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { loadProject, saveProject, setAside } from './project/storage';
import { createEditor } from './state/editor';
import { createPreferences } from './state/preferences';
import { createRun } from './state/run';
import { browserCheckpoints } from './training/checkpoints';
import { startTrainingClient } from './training/client';
import { App } from './ui/App';
import { ErrorBoundary } from './ui/common/ErrorBoundary';
import { downloadFile } from './ui/common/saveFile';
import { notify } from './ui/common/notices';
import './ui/theme.css';
import './ui/layout.css';
import { setAsideFile } from './ui/topbar/StoredProjects';
import { saveAsItChanges } from './ui/saving';
import { StoresProvider } from './ui/stores';

const editor = createEditor();
const preferences = createPreferences();
const run = createRun(startTrainingClient, browserCheckpoints(), () => preferences.getState().engine);

await openStoredProject();
saveAsItChanges(editor, saveProject);
void run.getState().openProject(editor.getState().project.id);
// Without a run there is no Lab that would say it.
run.subscribe(({ status, message }, before) => {
  if (status === 'idle' && message !== undefined && message !== before.message)
    notify({ kind: 'problem', text: message });
});
editor.subscribe(({ project }, before) => {
  if (project.id !== before.project.id) void run.getState().openProject(project.id);
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <StoresProvider stores={{ editor, run, preferences }}>
      <ErrorBoundary what="Layerpad" className="h-full">
        <App />
      </ErrorBoundary>
    </StoresProvider>
  </StrictMode>,
);

/** Storage that never answers must not keep the screen empty. */
function silence(): Promise<never> {
  return new Promise((_, reject) =>
    setTimeout(
      () =>
        reject(
          new Error(
            'This browser’s storage does not answer, so your last project could not be opened and new work may not be saved. Close other tabs with Layerpad and reload.',
          ),
        ),
      5000,
    ),
  );
}

/** Brings back the last project. One that cannot be read is kept aside, and the person is told. */
async function openStoredProject(): Promise<void> {
  try {
    const stored = await Promise.race([loadProject(), silence()]);
    if (stored.project) editor.getState().loadProject(stored.project);
    if (stored.setAside) {
      const { raw, reason } = stored.setAside;
      // Kept where it is if it cannot be moved; the person hears of it either way.
      await setAside(raw, reason).catch(() => undefined);
      notify({
        kind: 'problem',
        text: `Your last project could not be opened: ${reason} It is kept aside, and you start with an empty one.`,
        action: {
          label: 'Download it',
          run: () => downloadFile(setAsideFile(raw)),
        },
      });
    }
  } catch (error) {
    notify({ kind: 'problem', text: error instanceof Error ? error.message : String(error) });
  }
}
