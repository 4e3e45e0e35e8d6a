/** Exporting Swift: the app for the iPad with all of MNIST, without the page standing still, and the code. */
import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import type { App } from './app';
import { expect, test } from './fixtures';
import { checkRules, readModel } from './reference';

async function save(app: App): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const download = app.page.waitForEvent('download');
  await app.tap('Save');
  const file = await download;
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

test('the app for the iPad holds the model and all images, and the page stays alive meanwhile', async ({
  app,
  page,
}) => {
  await app.loadTemplate();
  await app.tap('Export');
  await page.getByRole('radio', { name: 'Swift Playgrounds app (.swiftpm)' }).check();
  await expect(page.getByText('Preparing the file…')).toBeVisible();
  const longest = await page.evaluate(async () => {
    let worst = 0;
    const button = () =>
      [...document.querySelectorAll('button')].find((one) => one.textContent.trim() === 'Save');
    for (let before = performance.now(); button()?.disabled !== false;) {
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      worst = Math.max(worst, now - before);
      before = now;
    }
    return worst;
  });
  expect(longest).toBeLessThan(2000);
  const { name, bytes } = await save(app);
  expect(name).toBe('LeNet-MNIST.swiftpm.zip');
  expect(bytes.length).toBeGreaterThan(10_000_000);
  const files = unzipSync(bytes);
  const model = readModel(files['LeNet-MNIST.swiftpm/App/Data/Network.model']!);
  expect(checkRules(model)).toEqual([]);
  expect(model.isUpdatable).toBe(true);
  const images = Buffer.from(files['LeNet-MNIST.swiftpm/App/Data/Images.data']!);
  expect([images.readUInt32LE(20), images.readUInt32LE(24)]).toEqual([60_000, 10_000]);
});

test('fewer images make a smaller file, and Swift code is saved alone', async ({ app, page }) => {
  await app.loadTemplate();
  await app.tap('Export');
  const dialog = page.getByRole('dialog');
  await page.getByRole('radio', { name: 'Swift Playgrounds app (.swiftpm)' }).check();
  await dialog.getByRole('combobox', { name: 'Training images' }).selectOption({ label: '1,000' });
  await app.option('Test images', '500').check();
  await expect(app.button('Save')).toBeEnabled();
  const smaller = await save(app);
  expect(smaller.bytes.length).toBeLessThan(4_000_000);
  for (const [format, start] of [
    ['Swift code (.swift)', '// Trains the network'],
    ['SwiftCoreMLTools code (.swift)', 'import SwiftCoreMLTools'],
  ] as const) {
    await app.tap('Export');
    await page.getByRole('radio', { name: format }).check();
    await expect(app.button('Save')).toBeEnabled();
    const { name, bytes } = await save(app);
    expect(name).toMatch(/\.swift$/);
    expect(bytes.toString().startsWith(start)).toBe(true);
  }
});
