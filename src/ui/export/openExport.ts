/** Whether the export dialog is open; the top bar opens it, the dialog closes itself. */
import { createStore } from 'zustand/vanilla';

export const exportDialog = createStore<{ readonly open: boolean }>(() => ({ open: false }));

export function openExport(): void {
  exportDialog.setState({ open: true });
}
