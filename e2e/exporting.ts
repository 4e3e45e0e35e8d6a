/** The export dialog as tests use it: opened, and saved to a file that the independent reference reads and checks. */
import { readFile } from 'node:fs/promises';
import type { App } from './app';
import { expect } from './fixtures';
import { checkRules, readModel, type Model } from './reference';

export async function openExport(app: App): Promise<void> {
  await app.tap('Export');
  await expect(app.page.getByRole('radio', { name: 'Core ML (.mlmodel)' })).toBeChecked();
}

/** Taps Save and reads the file that the browser downloads. */
export async function save(app: App): Promise<Model> {
  const download = app.page.waitForEvent('download');
  await app.tap('Save');
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^[\w-]+\.mlmodel$/);
  const model = readModel(await readFile(await file.path()));
  expect(checkRules(model)).toEqual([]);
  return model;
}
