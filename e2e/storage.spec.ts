/** Stored work that cannot be read: it is kept aside, never overwritten, and the person is told. */
import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures';

test('a project of an unknown version is kept aside, can be saved as a file, and does not come back', async ({
  app,
  page,
}) => {
  await app.loadTemplate();
  await expect(app.facts).toContainText('saved');
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opened = indexedDB.open('layerpad');
        opened.onerror = () => reject(new Error(String(opened.error)));
        opened.onsuccess = () => {
          const transaction = opened.result.transaction('projects', 'readwrite');
          const store = transaction.objectStore('projects');
          const all = store.getAll();
          all.onsuccess = () => {
            for (const entry of all.result as { project: { version: number } }[]) {
              entry.project.version = 99;
              store.put(entry);
            }
          };
          transaction.oncomplete = () => {
            opened.result.close();
            resolve();
          };
        };
      }),
  );

  await page.reload();
  await expect(app.notices).toContainText('Your last project could not be opened');
  await expect(app.notices).toContainText('version 99');
  const download = page.waitForEvent('download');
  await app.tap('Download it');
  const saved = JSON.parse(await readFile(await (await download).path(), 'utf8')) as { version: number };
  expect(saved.version).toBe(99);

  await page.reload();
  await app.button('Open LeNet (MNIST)').waitFor();
  await expect(app.notices).toBeEmpty();
});

test('a shared project file opens again, and a file of another kind is refused in words', async ({
  app,
  page,
}) => {
  await app.loadTemplate();
  const download = page.waitForEvent('download');
  await app.tap('Share');
  const file = await (await download).path();
  await app.tap('Templates');
  await page.getByRole('menuitem', { name: 'Empty network' }).tap();
  await expect(app.nodes).toHaveCount(0);

  const chooser = page.getByLabel('File to open');
  await chooser.setInputFiles({ name: 'notes.json', mimeType: 'application/json', buffer: Buffer.from('{') });
  await expect(app.notices).toContainText('notes.json was not opened');
  await chooser.setInputFiles({
    name: 'LeNet.layerpad.json',
    mimeType: 'application/json',
    buffer: await readFile(file),
  });
  await expect(app.nodes).toHaveCount(8);
  await expect(app.facts).toContainText('585,958');
});
