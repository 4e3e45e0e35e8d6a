/** The share sheet, where the device has one: Chromium here has none, so the test stands in for it. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';

interface Shared {
  readonly name: string;
  readonly size: number;
  /** Whether it was asked for within the tap, as Safari demands. */
  readonly fromTap: boolean;
}

async function withShareSheet(page: Page): Promise<() => Promise<Shared[]>> {
  await page.addInitScript(() => {
    const shared: Shared[] = [];
    Object.assign(globalThis, { shared });
    Object.assign(navigator, {
      canShare: ({ files }: ShareData) => files?.every(({ name }) => name.endsWith('.mlmodel')) ?? false,
      share: ({ files }: ShareData) => {
        for (const { name, size } of files ?? [])
          shared.push({ name, size, fromTap: navigator.userActivation.isActive });
        return Promise.resolve();
      },
    });
  });
  await page.reload();
  return () => page.evaluate(() => (globalThis as unknown as { shared: Shared[] }).shared);
}

test('the model goes to the share sheet straight from the tap, and the dialog closes', async ({
  app,
  page,
}) => {
  const shared = await withShareSheet(page);
  await app.loadTemplate();
  await app.tap('Export');
  await page.getByRole('button', { name: 'Share file' }).tap();
  await expect(page.getByRole('dialog')).toBeHidden();
  expect(await shared()).toEqual([{ name: 'LeNet-MNIST.mlmodel', size: expect.any(Number), fromTap: true }]);
  expect((await shared())[0]!.size).toBeGreaterThan(4 * 585_958);
});

test('a file that the share sheet does not take is downloaded', async ({ app, page }) => {
  const shared = await withShareSheet(page);
  await app.loadTemplate();
  const download = page.waitForEvent('download');
  await app.tap('Share');
  expect((await download).suggestedFilename()).toBe('LeNet-MNIST.layerpad.json');
  expect(await shared()).toEqual([]);
});
