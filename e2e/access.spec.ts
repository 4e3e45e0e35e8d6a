/** What a machine can see of WCAG 2.2 AA, by axe, on every screen of the designer and in the Lab, in light and dark. */
import type { Page } from '@playwright/test';
import axe, { type RunOptions } from 'axe-core';
import { clampedRelu, foreignFile } from '../src/formats/coreml/read/foreign.testing';
import { expect, test } from './fixtures';

const options: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
};

/** Each violation as one line; animations are waited for, since colours are judged as they stand. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate(
    (given) => (globalThis as unknown as { axe: typeof axe }).axe.run(given),
    options,
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
}

for (const colorScheme of ['light', 'dark'] as const)
  test(`axe finds nothing on the screens of the designer in ${colorScheme}`, async ({ app, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await violations(page), 'the empty canvas').toEqual([]);

    await app.tap('Templates');
    expect(await violations(page), 'the templates').toEqual([]);
    await page.keyboard.press('Escape');

    await app.loadTemplate();
    await app.select('conv2d_1');
    expect(await violations(page), 'a selected layer').toEqual([]);

    await app.button('Connection input to conv2d, 28×28×1').tap();
    await app.tap('Cut connection input to conv2d');
    expect(await violations(page), 'a problem').toEqual([]);
    await app.tap('Undo');

    await app.tap('Export');
    await page.getByRole('button', { name: 'Save', exact: true }).and(page.locator(':enabled')).waitFor();
    expect(await violations(page), 'the export dialog').toEqual([]);
    for (const part of ['What the device may change', 'About the model'])
      await page.getByRole('dialog').getByText(part, { exact: true }).tap();
    await app.tap('Add a pair');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What trains').selectOption({ label: 'Layer by layer' });
    for (const number of ['Epochs', 'Seed'])
      await dialog.getByLabel(`${number}: what the device may set`).selectOption('set');
    expect(await violations(page), 'the export dialog with all of its choices').toEqual([]);
    for (const format of await dialog.getByRole('radiogroup', { name: 'Format' }).getByRole('radio').all()) {
      await format.check();
      expect(await violations(page), `the export as ${await format.getAttribute('aria-label')}`).toEqual([]);
    }
    await app.tap('Close');

    await page.getByLabel('File to open').setInputFiles({
      name: 'clamped.mlmodel',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(foreignFile({ tail: clampedRelu, frozen: true })),
    });
    await expect(page.getByRole('region', { name: 'Unknown layers' })).toBeVisible();
    expect(await violations(page), 'a file with an unknown layer').toEqual([]);
    await app.tap('Cancel');

    await app.select('conv2d_1');
    await app.inspector.getByLabel('Trainable').tap();
    await expect(app.inspector.getByRole('region', { name: 'Core ML' })).toContainText('Let it train');
    expect(await violations(page), 'a frozen layer with its way out').toEqual([]);
    await app.tap('Let it train');

    await app.pinEngine('TensorFlow.js WebGPU');
    await app.train();
    await expect(app.status).toContainText(/Epoch 1 of/, { timeout: 60_000 });
    await app.lab.getByText('Why this engine').tap();
    expect(await violations(page), 'the Lab, an engine refused in it').toEqual([]);
    await app.tap('Stop');
    await expect(app.status).toContainText('Stopped', { timeout: 60_000 });
  });
