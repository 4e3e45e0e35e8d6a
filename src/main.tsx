/** Starts the app: stores, the stored project, the screen. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { loadProject, saveProject, setAside } from './project/storage';
import { createEditor } from './state/editor';
import { createRun } from './state/run';
import { startTrainingClient } from './training/client';
import { App } from './ui/App';
import { downloadFile } from './ui/common/saveFile';
import { notify } from './ui/common/notices';
import './ui/theme.css';
import './ui/layout.css';
import { saveAsItChanges } from './ui/saving';
import { StoresProvider } from './ui/stores';

const editor = createEditor();
const run = createRun(startTrainingClient);

await openStoredProject();
saveAsItChanges(editor, saveProject);
void run.getState().openProject(editor.getState().project.id);
editor.subscribe(({ project }, before) => {
  if (project.id !== before.project.id) void run.getState().openProject(project.id);
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <StoresProvider stores={{ editor, run }}>
      <App />
    </StoresProvider>
  </StrictMode>,
);

/** Brings back the last project. One that cannot be read is kept aside, and the person is told. */
async function openStoredProject(): Promise<void> {
  try {
    const stored = await loadProject();
    if (stored.project) editor.getState().loadProject(stored.project);
    if (stored.setAside) {
      const { raw, reason } = stored.setAside;
      await setAside(raw, reason);
      notify({
        kind: 'problem',
        text: `Your last project could not be opened: ${reason} It is kept aside, and you start with an empty one.`,
        action: {
          label: 'Download it',
          run: () =>
            downloadFile(
              new File([JSON.stringify(raw, undefined, 2)], 'set-aside.layerpad.json', {
                type: 'application/json',
              }),
            ),
        },
      });
    }
  } catch (error) {
    notify({ kind: 'problem', text: error instanceof Error ? error.message : String(error) });
  }
}
