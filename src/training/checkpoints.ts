/**
 * Where checkpoints are kept: IndexedDB, one per project, in a database of its own, so that a full one never stands in
 * the way of the project itself. Stores and finds only; checkpoint.ts says what is fit to use.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Checkpoint } from './protocol';

export interface CheckpointStore {
  /** @returns what is stored, unchecked; undefined where there is nothing. @throws where storage cannot be read. */
  read(projectId: string): Promise<unknown>;
  /** Replaces the project's checkpoint. @throws where storage is full or blocked. */
  write(checkpoint: Checkpoint): Promise<void>;
}

interface Schema extends DBSchema {
  checkpoints: { key: string; value: unknown };
}

const NAME = 'layerpad-checkpoints';
const STORE = 'checkpoints';

/** The browser's storage, of a page or of a worker. Opened at the first use, and again after a failure. */
export function browserCheckpoints(): CheckpointStore {
  let database: Promise<IDBPDatabase<Schema>> | undefined;
  const forget = (): void => (database = undefined);
  const open = (): Promise<IDBPDatabase<Schema>> => {
    database ??= openDB<Schema>(NAME, 1, {
      upgrade: (db) => void db.createObjectStore(STORE),
      // A later version of the app wants the database: let go, and open again when it is needed.
      blocking: (_current, _wanted, event) => {
        (event.target as IDBDatabase).close();
        forget();
      },
      terminated: forget,
    }).catch((error: unknown) => {
      forget();
      throw error;
    });
    return database;
  };
  return {
    read: async (projectId) => (await open()).get(STORE, projectId),
    write: async (checkpoint) => {
      await (await open()).put(STORE, checkpoint, checkpoint.projectId);
    },
  };
}

/** A failed write in words: what happened, that training goes on, what to do. */
export function describeSaveFailure(error: unknown): string {
  const full = error instanceof Error && error.name === 'QuotaExceededError';
  const text = error instanceof Error ? error.message : String(error);
  return full
    ? 'This browser’s storage is full, so the weights cannot be kept. Training goes on, but would be lost with this page; free some space on the device.'
    : `The weights cannot be kept in this browser’s storage (${text}). Training goes on, but would be lost with this page.`;
}
