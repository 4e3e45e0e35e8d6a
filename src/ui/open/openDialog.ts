/** The file whose contents are shown before it is opened. */
import { createStore } from 'zustand/vanilla';
import type { Imported, OpenedFile } from '../../formats/defineImport';

export interface Look {
  /** Another for each file that is looked into: files may share their names. */
  readonly id: number;
  readonly fileName: string;
  readonly opened: OpenedFile;
  /** What comes in with nothing joined. */
  readonly first: Imported;
}

export const openDialog = createStore<{ readonly look: Look | undefined }>(() => ({ look: undefined }));
