/** Composes the screen: top bar, palette, canvas, inspector, lab, and what floats above them. Nothing else. */
import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { Canvas } from './canvas/Canvas';
import { ErrorBoundary } from './common/ErrorBoundary';
import { NoticeBar } from './common/NoticeBar';
import { exportDialog } from './export/openExport';
import { Inspector } from './inspector/Inspector';
import { startRequest } from './lab/startRequest';
import { FileDrop } from './open/FileDrop';
import { openDialog } from './open/openDialog';
import { Palette } from './palette/Palette';
import { SheetTabs, useSheet } from './SheetTabs';
import { useRun } from './stores';
import { TopBar } from './topbar/TopBar';
import { useCommandKeys } from './useCommandKeys';

const Lab = lazy(() => import('./lab/Lab').then(({ Lab }) => ({ default: Lab })));
const StartDialog = lazy(() =>
  import('./lab/StartDialog').then(({ StartDialog }) => ({ default: StartDialog })),
);
const ExportDialog = lazy(() =>
  import('./export/ExportDialog').then(({ ExportDialog }) => ({ default: ExportDialog })),
);

const OpenDialog = lazy(() =>
  import('./open/OpenDialog').then(({ OpenDialog }) => ({ default: OpenDialog })),
);

/** Where a dialog that breaks says so. */
const floating = 'fixed inset-x-4 bottom-4 z-50 rounded-2xl border border-line shadow-float';

export function App() {
  useCommandKeys();
  const labOpen = useRun((run) => run.status !== 'idle');
  const exportOpen = useStore(exportDialog, ({ open }) => open);
  const request = useStore(startRequest, (state) => state.request);
  const look = useStore(openDialog, (state) => state.look);
  const sheet = useSheet();
  return (
    <div className="app" data-lab={labOpen ? 'open' : 'closed'} data-sheet={sheet}>
      <TopBar />
      <Palette />
      <Canvas />
      <SheetTabs labOpen={labOpen} />
      <Inspector />
      {labOpen && (
        <ErrorBoundary what="Lab" className="border-t border-line">
          <Suspense fallback={<section aria-label="Lab" className="bg-card" />}>
            <Lab />
          </Suspense>
        </ErrorBoundary>
      )}
      <NoticeBar />
      <FileDrop />
      {request && (
        <ErrorBoundary what="The question before a new start" className={floating}>
          <Suspense>
            <StartDialog request={request} />
          </Suspense>
        </ErrorBoundary>
      )}
      {exportOpen && (
        <ErrorBoundary what="The export" className={floating}>
          <Suspense>
            <ExportDialog />
          </Suspense>
        </ErrorBoundary>
      )}
      {look && (
        <ErrorBoundary what="Opening a file" className={floating}>
          <Suspense>
            <OpenDialog key={look.id} look={look} />
          </Suspense>
        </ErrorBoundary>
      )}
    </div>
  );
}
