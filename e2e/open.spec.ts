/** Opening files of Core ML models: an own one comes back with its accuracy, another's is laid out, and trouble is told. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { clampedRelu, foreignFile } from '../src/formats/coreml/read/foreign.testing';
import { varint } from '../src/coreml/testing';
import type { App } from './app';
import { expect, test } from './fixtures';

async function choose(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  await page
    .getByLabel('File to open')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });
}

async function openFile(app: App, name: string, bytes: Uint8Array): Promise<void> {
  await choose(app.page, name, bytes);
  await app.page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).tap();
  await expect(app.page.getByRole('dialog')).toBeHidden();
}

test('a network that was trained and exported comes back with its weights, and tests as it did', async ({
  app,
  page,
}) => {
  test.setTimeout(300_000);
  await app.buildSmall();
  await app.setTraining({ Epochs: 1, 'Batch size': 50, 'Training images': 2000, 'Learning rate': 0.002 });
  await app.train();
  await app.finished(240_000);
  const shown = await app.testAccuracy();
  const names = await app.nodes.count();
  await app.tap('Export');
  const download = page.waitForEvent('download');
  await app.tap('Save');
  const file = await readFile(await (await download).path());

  await app.tap('Templates');
  await page.getByRole('menuitem', { name: 'Empty network' }).tap();
  await expect(app.nodes).toHaveCount(0);
  await openFile(app, 'mine.mlmodel', file);
  await expect(app.nodes).toHaveCount(names);
  await app.tap('Export');
  await expect(page.getByTestId('weights-origin')).not.toContainText('drawn from seed');
  const again = page.waitForEvent('download');
  await app.tap('Save');
  expect((await readFile(await (await again).path())).equals(file)).toBe(true);

  await app.tap('Evaluate');
  await expect(app.status).toContainText(`Test accuracy ${shown.toFixed(4)}`, { timeout: 120_000 });
});

test('another program’s file is laid out with its layers, and its optimizer and frozen layers are shown first', async ({
  app,
  page,
}) => {
  await choose(page, 'digits.mlmodel', foreignFile({ frozen: true }));
  const dialog = page.getByRole('dialog', { name: 'Open digits.mlmodel' });
  await expect(dialog.getByLabel('What comes in')).toContainText('SGD, learning rate 0.25');
  await expect(dialog.getByLabel('What comes in')).toContainText('Frozen layerstail_conv');
  await expect(dialog.getByLabel('Notes on the file')).toContainText('16-bit floats');
  await dialog.getByRole('button', { name: 'Open', exact: true }).tap();
  await expect(app.nodes).toHaveCount(11);
  await expect(app.facts).toContainText('2,');
  const boxes = await app.nodes.evaluateAll((nodes) =>
    nodes.map((node) => {
      const { x, y } = node.getBoundingClientRect();
      return `${Math.round(x)} ${Math.round(y)}`;
    }),
  );
  expect(new Set(boxes).size).toBe(11);
});

test('an unknown layer is named, cuts the network, or is left out with its neighbours joined', async ({
  app,
  page,
}) => {
  await choose(page, 'clamped.mlmodel', foreignFile({ tail: clampedRelu }));
  const unknown = page.getByRole('region', { name: 'Unknown layers' });
  await expect(unknown).toContainText('tail/relu · clampedReLU');
  await expect(page.getByLabel('Notes on the file')).toContainText('The weights cannot be kept');
  await unknown.getByRole('checkbox').tap();
  await expect(page.getByLabel('Notes on the file')).not.toContainText('The weights cannot be kept');
  await page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).tap();
  await expect(app.nodes).toHaveCount(10);
  await app.tap('Export');
  await expect(page.getByTestId('weights-origin')).not.toContainText('drawn from seed');
});

test('reading a large file is told, and another of the same name takes its place', async ({ app, page }) => {
  await expect(app.nodes).toHaveCount(0);
  const ballast = 9_000_000;
  const large = Buffer.concat([
    foreignFile(),
    Buffer.from([...varint(77 * 8 + 2), ...varint(ballast)]),
    Buffer.alloc(ballast),
  ]);
  const told = page.getByText('Reading digits.MLMODEL…').waitFor();
  await choose(page, 'digits.MLMODEL', large);
  await told;
  const notes = page.getByLabel('Notes on the file');
  await expect(notes).toContainText('The file has the field 77 of Model');
  await expect(page.getByText('Reading digits.MLMODEL…')).toHaveCount(0);
  await choose(page, 'digits.MLMODEL', foreignFile());
  await expect(notes).not.toContainText('field 77');
});

test('a damaged file is refused in words, and the network stays', async ({ app, page }) => {
  await app.loadTemplate();
  await choose(page, 'cut.mlmodel', foreignFile().subarray(0, 5000));
  await expect(app.notices).toContainText('cut.mlmodel was not opened: This is no readable Core ML model');
  await expect(app.notices).toContainText('Your network is unchanged.');
  await choose(page, 'photo.jpg', Uint8Array.of(0xff, 0xd8, 0xff));
  await expect(app.notices).toContainText('photo.jpg was not opened: it is neither a project');
  await expect(app.nodes).toHaveCount(8);
});

test('a file can be dropped on the app, and a model read as JSON', async ({ app, page }) => {
  const bytes = [...foreignFile()];
  const transfer = await page.evaluateHandle((values) => {
    const carried = new DataTransfer();
    carried.items.add(new File([Uint8Array.from(values)], 'dropped.mlmodel'));
    return carried;
  }, bytes);
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
  await expect(page.getByText('Drop a .mlmodel')).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  await expect(page.getByText('Drop a .mlmodel')).toBeHidden();
  await page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).tap();
  await expect(app.nodes).toHaveCount(11);

  await app.tap('Export');
  await page.getByRole('radio', { name: 'Core ML as JSON (.json)' }).check();
  await app.tap('View');
  await expect(page.getByLabel('Text of the file')).toContainText('"name": "digitProbabilities"');
  await expect(page.getByLabel('Text of the file')).not.toContainText('floatValue');
  await app.tap('Close the text');
  const download = page.waitForEvent('download');
  await app.tap('Save');
  const text = await readFile(await (await download).path());
  await openFile(app, 'model.json', text);
  await expect(app.nodes).toHaveCount(11);
});
