/**
 * What every journey runs with: the app opened in a fresh browser profile, and a watch that fails the test when
 * anything leaves the app's origin, an error reaches the console, or the content policy refuses something.
 */
import { test as base, expect, type BrowserContext } from '@playwright/test';
import { App } from './app';

/** Addresses that never touch the network. */
const inside = /^(blob|data|about):/;

interface Fixtures {
  app: App;
  /** Everything that should not have happened so far, in words. A test that provokes an error takes it out. */
  incidents: string[];
}

function watch(context: BrowserContext, origin: string): string[] {
  const incidents: string[] = [];
  // Pages and their workers alike.
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !inside.test(url)) incidents.push(`request to ${url}`);
  });
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // The app itself stops reading when a run ends before its data is there.
    if (reason !== 'net::ERR_ABORTED') incidents.push(`failed request to ${request.url()}: ${reason}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 400) incidents.push(`${response.status()} for ${response.url()}`);
  });
  context.on('weberror', (error) => incidents.push(`uncaught ${error.error().message}`));
  // Chromium reports a refusal of the content policy as an error on the console.
  context.on('console', (message) => {
    if (message.type() === 'error') incidents.push(`console: ${message.text()}`);
  });
  return incidents;
}

export const test = base.extend<Fixtures>({
  incidents: [
    async ({ context, baseURL }, use) => {
      const incidents = watch(context, baseURL!);
      await use(incidents);
      expect(incidents).toEqual([]);
    },
    { auto: true },
  ],
  app: async ({ page, incidents }, use) => {
    expect(incidents).toEqual([]);
    const app = new App(page);
    await app.open();
    await use(app);
  },
});

export { expect };
