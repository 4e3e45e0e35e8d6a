import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newProject, type Project } from './project';
import { createProjectStorage, type ProjectStorage } from './storage';

let name: string;
let storage: ProjectStorage;
let count = 0;

beforeEach(() => {
  name = `test-${count++}`;
  storage = createProjectStorage(name);
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await storage.close();
});

const named = (text: string, project: Project = newProject()): Project => ({ ...project, name: text });

/** Writes a record as another version, or a fault, might have left it. */
async function plant(record: object): Promise<void> {
  await storage.loadProject();
  const db = await openDB(name);
  await db.put('projects', record);
  db.close();
}

describe('the storage of projects', () => {
  it('has nothing at first', async () => {
    expect(await storage.loadProject()).toEqual({});
    expect(await storage.listSetAside()).toEqual([]);
  });

  it('gives back the project that was saved last, also after a reload', async () => {
    const [first, second] = [named('first'), named('second')];
    await storage.saveProject(first);
    await storage.saveProject(second);
    await storage.saveProject(named('first again', first));
    await storage.close();
    expect(await createProjectStorage(name).loadProject()).toEqual({ project: named('first again', first) });
  });

  it('keeps the last of many quick changes and writes few of them', async () => {
    const project = newProject();
    const put = vi.spyOn(IDBObjectStore.prototype, 'put');
    const saves = Array.from({ length: 100 }, (_, i) => storage.saveProject(named(`change ${i}`, project)));
    await storage.flush();
    expect(await storage.loadProject()).toEqual({ project: named('change 99', project) });
    expect(put.mock.calls.length).toBe(1);
    await Promise.all(saves);
  });

  it('writes what changes while a write is under way', async () => {
    const project = newProject();
    const first = storage.saveProject(named('one', project));
    await storage.loadProject();
    const second = storage.saveProject(named('two', project));
    await Promise.all([first, second]);
    expect(await storage.loadProject()).toEqual({ project: named('two', project) });
  });

  it('flush waits for two projects that change in turn', async () => {
    const [first, second] = [named('first'), named('second')];
    void storage.saveProject(first);
    void storage.saveProject(second);
    await storage.flush();
    const db = await openDB(name);
    expect(await db.count('projects')).toBe(2);
    db.close();
  });
});

describe('a project that cannot be read', () => {
  const damaged = { format: 'layerpad-project', version: 99, id: 'old', precious: [1, 2, 3] };

  it('is reported with its reason, kept aside and not found again', async () => {
    await plant({ id: 'old', savedAt: 5, project: damaged });
    const { setAside } = await storage.loadProject();
    expect(setAside?.raw).toEqual(damaged);
    expect(setAside?.reason).toMatch(/^It is of version 99/);
    await storage.setAside(setAside!.raw, setAside!.reason);
    expect(await storage.loadProject()).toEqual({});
    expect(await storage.listSetAside()).toEqual([
      { raw: damaged, reason: setAside!.reason, at: expect.any(Number) },
    ]);
  });

  it('stays aside while other work is saved, also under its id', async () => {
    await plant({ id: 'old', savedAt: 5, project: damaged });
    await storage.setAside(damaged, 'First reason.');
    await storage.saveProject({ ...newProject(), id: 'old' });
    await storage.setAside('rubbish', 'Second reason.');
    const kept = await storage.listSetAside();
    expect(kept.map(({ raw }) => raw)).toEqual([damaged, 'rubbish']);
    expect((await storage.loadProject()).project?.id).toBe('old');
  });

  it('is reported where the record lacks everything', async () => {
    await plant({ id: 'old' });
    expect((await storage.loadProject()).setAside).toEqual({
      raw: { id: 'old' },
      reason: expect.stringMatching(/^It is not a Layerpad project/),
    });
    await storage.setAside({ id: 'old' }, 'Empty.');
    expect(await storage.loadProject()).toEqual({});
  });
});

describe('a browser that does not store', () => {
  it('says that there is no room, and saves again once there is', async () => {
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await expect(storage.saveProject(newProject())).rejects.toThrow(/^The browser has no room left/);
    const project = named('later');
    await storage.saveProject(project);
    expect(put).toHaveBeenCalledTimes(2);
    expect(await storage.loadProject()).toEqual({ project });
  });

  it('says so where there is no storage at all', async () => {
    vi.stubGlobal('indexedDB', undefined);
    await expect(storage.loadProject()).rejects.toThrow(/^This browser stores nothing here/);
    await expect(storage.saveProject(newProject())).rejects.toThrow(/^This browser stores nothing here/);
    vi.unstubAllGlobals();
  });

  it('asks to reload where a newer app has been here', async () => {
    (await openDB(name, 7)).close();
    await expect(storage.loadProject()).rejects.toThrow(/^A newer Layerpad has saved/);
  });

  it('gives way to a newer app in another tab', async () => {
    await storage.saveProject(newProject());
    const newer = await openDB(name, 2);
    expect(newer.version).toBe(2);
    newer.close();
  });
});
