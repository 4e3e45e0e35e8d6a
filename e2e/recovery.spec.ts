/** Devices that go away in the middle of a run: training goes on from the last good weights, and says so. */
import type { Page } from '@playwright/test';
import type { App } from './app';
import { expect, test } from './fixtures';

const LONG = 120_000;

async function prepare(app: App): Promise<void> {
  await app.buildSmall();
  await app.setTraining({ Epochs: 1000, 'Batch size': 64, 'Training images': 6000 });
}

/** Runs `code` at the start of the app's scripts of this name. */
async function prepend(page: Page, script: string, code: string): Promise<void> {
  await page.context().route(`**/assets/${script}-*.js`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${code}\n${await response.text()}` });
  });
}

async function trainsOn(app: App, told: RegExp): Promise<void> {
  await expect(app.lab.getByText(told)).toBeVisible({ timeout: LONG });
  const before = await app.batches();
  await expect.poll(() => app.batches(), { timeout: LONG }).toBeGreaterThan(before);
  await app.tap('Stop');
  await expect(app.status).toContainText('Stopped', { timeout: LONG });
  await expect(app.lab.getByRole('alert')).toHaveCount(0);
}

test('a graphics processor that is lost is opened again, and training goes on', async ({ app, page }) => {
  test.setTimeout(2 * LONG);
  // The first context that lives for six seconds is lost.
  await prepend(
    page,
    'worker',
    `{ const get = OffscreenCanvas.prototype.getContext;
       let lost = false;
       OffscreenCanvas.prototype.getContext = function (...given) {
         const context = get.apply(this, given);
         setTimeout(() => {
           if (lost || context.isContextLost()) return;
           lost = true;
           context.getExtension('WEBGL_lose_context').loseContext();
         }, 6000);
         return context;
       }; }`,
  );
  await prepare(app);
  await app.pinEngine('TensorFlow.js WebGL');
  await app.train();
  await trainsOn(
    app,
    /The graphics processor was lost\. It was opened again, and training went on from step [\d,]+\./,
  );
  await expect(app.engine).toContainText('TensorFlow.js WebGL');
});

test('a thread of WebAssembly that dies is started again, and training goes on', async ({ app, page }) => {
  test.setTimeout(2 * LONG);
  // The browser takes the first helping thread away after six seconds, without a word.
  await prepend(
    page,
    'worker',
    `{ const Threads = Worker;
       let first = true;
       self.Worker = class extends Threads {
         constructor(...given) {
           super(...given);
           if (first) setTimeout(() => this.terminate(), 6000);
           first = false;
         }
       }; }`,
  );
  await prepare(app);
  await app.pinEngine('WebAssembly');
  await app.train();
  await trainsOn(app, /thread.* It was opened again, and training went on from step [\d,]+\./);
});
