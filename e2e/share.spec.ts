/** The share sheet, where the device has one: Chromium here has none, so the test stands in for it. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';

interface Shared {
  readonly name: string;
  readonly size: number;
  /** Whether nothing but the file was given: some devices drop a file that comes with text. */
  readonly filesOnly: boolean;
  /** Whether it was asked for within the tap, as Safari demands. */
  readonly fromTap: boolean;
}

/** A device whose share sheet takes files of this ending. */
async function withShareSheet(page: Page, ending = '.mlmodel'): Promise<() => Promise<Shared[]>> {
  await page.addInitScript((taken) => {
    const shared: Shared[] = [];
    Object.assign(globalThis, { shared });
    Object.assign(navigator, {
      canShare: ({ files }: ShareData) => files?.every(({ name }) => name.endsWith(taken)) ?? false,
      share: ({ files, ...rest }: ShareData) => {
        const filesOnly = Object.keys(rest).length === 0;
        for (const { name, size } of files ?? [])
          shared.push({ name, size, filesOnly, fromTap: navigator.userActivation.isActive });
        return Promise.resolve();
      },
    });
  }, ending);
  await page.reload();
  return () => page.evaluate(() => (globalThis as unknown as { shared: Shared[] }).shared);
}

/** The bytes of LeNet's weights: a file that holds them is larger. */
const WEIGHTS = 4 * 585_958;

test('the model goes to the share sheet straight from the tap, and the dialog closes', async ({
  app,
  page,
}) => {
  const shared = await withShareSheet(page);
  await app.loadTemplate();
  await app.tap('Export');
  await page.getByRole('button', { name: 'Share file' }).tap();
  await expect(page.getByRole('dialog')).toBeHidden();
  const size: unknown = expect.any(Number);
  expect(await shared()).toEqual([{ name: 'LeNet-MNIST.mlmodel', size, filesOnly: true, fromTap: true }]);
  expect((await shared())[0]!.size).toBeGreaterThan(WEIGHTS);
});

test('a device that shares no models is offered the same in a zip archive', async ({ app, page }) => {
  const shared = await withShareSheet(page, '.zip');
  await app.loadTemplate();
  await app.tap('Export');
  await app.tap('Share file');
  await expect(page.getByRole('dialog')).toBeHidden();
  expect(await shared()).toMatchObject([{ name: 'LeNet-MNIST.mlmodel.zip', filesOnly: true, fromTap: true }]);
  expect((await shared())[0]!.size).toBeGreaterThan(WEIGHTS);
});

test('from the home screen, where downloads fail, sharing is the one way to save', async ({ app, page }) => {
  await page.addInitScript(() => Object.assign(navigator, { standalone: true }));
  const shared = await withShareSheet(page);
  await app.loadTemplate();
  await app.tap('Export');
  await app.button('Share file').waitFor();
  await expect(app.button('Save')).toHaveCount(0);
  await app.tap('Share file');
  await expect(page.getByRole('dialog')).toBeHidden();
  expect(await shared()).toMatchObject([{ name: 'LeNet-MNIST.mlmodel', fromTap: true }]);
});

test('a file that the share sheet does not take is downloaded', async ({ app, page }) => {
  const shared = await withShareSheet(page);
  await app.loadTemplate();
  const download = page.waitForEvent('download');
  await app.tap('Share');
  expect((await download).suggestedFilename()).toBe('LeNet-MNIST.layerpad.json');
  expect(await shared()).toEqual([]);
});

test('the app can be put on the home screen, with icons of its own', async ({ page, app }) => {
  await app.canvas.waitFor();
  const href = await page.locator('link[rel="manifest"]').getAttribute('href');
  const manifestUrl = new URL(href!, page.url());
  const manifest = (await (await page.request.get(manifestUrl.href)).json()) as {
    display: string;
    start_url: string;
    icons: { src: string; type: string }[];
  };
  expect(manifest.display).toBe('standalone');
  expect(new URL(manifest.start_url, manifestUrl).href).toBe(page.url());
  const icon = await page.locator('link[rel="apple-touch-icon"]').getAttribute('href');
  for (const src of [icon!, ...manifest.icons.map((one) => one.src)]) {
    const answer = await page.request.get(new URL(src, manifestUrl).href);
    expect(answer.headers()['content-type']).toMatch(/^image\//);
    expect((await answer.body()).length).toBeGreaterThan(300);
  }
});
