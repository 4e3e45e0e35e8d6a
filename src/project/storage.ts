/**
 * Keeps projects in the browser (IndexedDB). Every change is saved at once; while one is being written, only the latest
 * of those that follow is kept waiting. What cannot be read is put aside in a store of its own and never overwritten.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { storageError } from './storageError';
import { parseProject, type Project } from './project';

interface StoredProject {
  readonly id: string;
  /** Milliseconds since 1970, larger at every write. */
  readonly savedAt: number;
  readonly project: unknown;
}

/** A project that could not be read, as it was found. */
export interface SetAside {
  readonly raw: unknown;
  /** A sentence. */
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

interface Schema extends DBSchema {
  projects: { key: string; value: StoredProject };
  setAside: { key: number; value: SetAside };
}

/** What `loadProject` found: the latest project, one that cannot be read, or none. */
export interface Loaded {
  readonly project?: Project;
  readonly setAside?: { readonly raw: unknown; readonly reason: string };
}

/** All of it rejects with an Error whose message is a sentence for the person. */
export interface ProjectStorage {
  /** The project that was saved last. */
  loadProject(): Promise<Loaded>;
  /** Resolves when this project, or a later state of it, is on the disk. */
  saveProject(project: Project): Promise<void>;
  /** Resolves when everything that was given to `saveProject` is written. */
  flush(): Promise<void>;
  /** Moves what cannot be read out of the projects, so that it is not found again, and keeps it. */
  setAside(raw: unknown, reason: string): Promise<void>;
  /** The projects that can be opened, the one that was saved last first. */
  recentProjects(): Promise<readonly Project[]>;
  /** Everything that was put aside, the oldest first. */
  listSetAside(): Promise<readonly SetAside[]>;
  close(): Promise<void>;
}

interface Waiting {
  project: Project;
  /** Settles when it is written, or cannot be. */
  readonly written: Promise<void>;
  readonly settle: { readonly resolve: () => void; readonly reject: (error: unknown) => void };
}

function waitingFor(project: Project): Waiting {
  let settle: Waiting['settle'] | undefined;
  const written = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
  return { project, written, settle: settle! };
}

/** A storage over the database of this name. It is opened at the first use, and again after it was closed. */
export function createProjectStorage(databaseName: string): ProjectStorage {
  let opened: Promise<IDBPDatabase<Schema>> | undefined;
  const waiting = new Map<string, Waiting>();
  let writing: Promise<void> | undefined;
  let lastSavedAt = 0;

  const database = (): Promise<IDBPDatabase<Schema>> => {
    opened ??= open(databaseName, () => (opened = undefined));
    opened.catch(() => (opened = undefined));
    return opened;
  };

  async function attempt<T>(task: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    try {
      return await task(await database());
    } catch (error) {
      throw storageError(error);
    }
  }

  async function writeAll(): Promise<void> {
    // What is saved in the same turn of the event loop is one write.
    await Promise.resolve();
    for (let [entry] = waiting; entry; [entry] = waiting) {
      const [id, { project, settle }] = entry;
      waiting.delete(id);
      lastSavedAt = Math.max(Date.now(), lastSavedAt + 1);
      const record = { id, savedAt: lastSavedAt, project };
      await attempt((db) => db.put('projects', record)).then(settle.resolve, settle.reject);
    }
    writing = undefined;
  }

  return {
    loadProject: () =>
      attempt(async (db) => {
        const latest = (await db.getAll('projects')).reduce<StoredProject | undefined>(
          (best, record) => (best && savedAt(best) >= savedAt(record) ? best : record),
          undefined,
        );
        if (!latest) return {};
        lastSavedAt = Math.max(lastSavedAt, savedAt(latest));
        const parsed = parseProject(latest.project);
        return 'project' in parsed ? parsed : { setAside: { raw: rawOf(latest), reason: parsed.error } };
      }),
    saveProject(project) {
      const before = waiting.get(project.id);
      if (before) before.project = project;
      const entry = before ?? waitingFor(project);
      waiting.set(project.id, entry);
      writing ??= writeAll();
      return entry.written;
    },
    flush: () => writing ?? Promise.resolve(),
    setAside: (raw, reason) =>
      attempt(async (db) => {
        const change = db.transaction(['projects', 'setAside'], 'readwrite');
        const projects = change.objectStore('projects');
        const found = JSON.stringify(raw);
        for (const record of await projects.getAll())
          if (JSON.stringify(rawOf(record)) === found) await projects.delete(record.id);
        await change.objectStore('setAside').add({ raw, reason, at: Date.now() });
        await change.done;
      }),
    recentProjects: () =>
      attempt(async (db) =>
        (await db.getAll('projects'))
          .sort((a, b) => savedAt(b) - savedAt(a))
          .flatMap((record) => {
            const parsed = parseProject(record.project);
            return 'project' in parsed ? [parsed.project] : [];
          }),
      ),
    listSetAside: () => attempt((db) => db.getAll('setAside')),
    async close() {
      await writing;
      (await opened)?.close();
      opened = undefined;
    },
  };
}

/** A damaged record may lack its date; it then counts as the oldest. */
function savedAt(record: StoredProject): number {
  return Number.isFinite(record.savedAt) ? record.savedAt : 0;
}

/** What is put aside of a record: the project, or all of it where a fault left no project in it. */
function rawOf(record: StoredProject): unknown {
  return record.project ?? record;
}

function open(name: string, gone: () => void): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('projects', { keyPath: 'id' });
      db.createObjectStore('setAside', { autoIncrement: true });
    },
    blocking(_current, _next, event) {
      (event.target as IDBDatabase).close();
      gone();
    },
    terminated: gone,
  });
}

/** The app's own storage. */
export const { loadProject, saveProject, flush, setAside, listSetAside, recentProjects } =
  createProjectStorage('layerpad');
