/** Devices that go away in the middle of a run: training goes on from the last good weights, and says so. */
import type { Page } from '@playwright/test';
import type { App } from './app';
import { expect, test } from './fixtures';

const LONG = 120_000;

async function prepare(app: App): Promise<void> {
  await app.buildSmall();
  await app.setTraining({ Epochs: 1000, 'Batch size': 64, 'Training images': 6000 });
}

/**
 * Puts `setup` at the start of the training worker, and runs `strike` in it when the run has told of its progress for
 * the fifth time: no clock decides whether an engine is being tried or trains.
 */
async function strikeWhileTraining(page: Page, setup: string, strike: string): Promise<void> {
  const code = `{ ${setup}
    const post = self.postMessage;
    let told = 0;
    self.postMessage = (message, ...rest) => {
      post.call(self, message, ...rest);
      if (message?.type !== 'progress') return;
      told += 1;
      if (told === 5) { ${strike} }
    }; }`;
  await page.context().route('**/assets/worker-*.js', async (route) => {
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
  await strikeWhileTraining(
    page,
    `const get = OffscreenCanvas.prototype.getContext;
     const contexts = new Set();
     OffscreenCanvas.prototype.getContext = function (...given) {
       const context = get.apply(this, given);
       if (context) contexts.add(context);
       return context;
     };`,
    `for (const context of contexts)
       if (!context.isContextLost?.()) context.getExtension?.('WEBGL_lose_context')?.loseContext();`,
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
  // The browser takes the helping threads away without a word.
  await strikeWhileTraining(
    page,
    `const Threads = Worker;
     const helpers = [];
     self.Worker = class extends Threads {
       constructor(...given) {
         super(...given);
         helpers.push(this);
       }
     };`,
    `for (const helper of helpers) helper.terminate();`,
  );
  await prepare(app);
  await app.pinEngine('WebAssembly');
  await app.train();
  await trainsOn(app, /thread.* It was opened again, and training went on from step [\d,]+\./);
});
