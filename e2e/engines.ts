/** Tests of the engines in the browser itself: on a page without the app, whose workers answer questions. */
import type { Page } from '@playwright/test';
import { join } from 'node:path';
import { buildWorkerPage, serveWorkerPage } from '../scripts/workerPage.mjs';
import type { Question } from '../src/engine/testing/enginePage';
import { expect, test as base } from './fixtures';

/** Builds and serves the page once for each of Playwright's workers; it takes the app's place. */
export const test = base.extend<object, { enginePage: string }>({
  enginePage: [
    async ({ browserName }, use, { workerIndex }) => {
      const folder = join(import.meta.dirname, `../test-results/engines-${browserName}-${workerIndex}`);
      await buildWorkerPage('src/engine/testing/enginePage.ts', folder);
      const server = await serveWorkerPage(folder);
      await use(server.url);
      server.close();
    },
    { scope: 'worker' },
  ],
  baseURL: ({ enginePage }, use) => use(enginePage),
  page: async ({ page }, use) => {
    await page.goto('/');
    await page.waitForFunction(() => 'ask' in globalThis);
    await use(page);
  },
});

/** Asks a new worker of this kind. */
export function askOf(worker: Question['worker']) {
  return <T>(page: Page, task: string, ...input: readonly unknown[]): Promise<T> =>
    page.evaluate((question) => globalThis.ask(question), { worker, task, input }) as Promise<T>;
}

export { expect };
