/** Nothing leaves the app's origin. Every journey is watched for that (fixtures.ts); these tests prove the watch. */
import { expect, test } from './fixtures';

const elsewhere = 'https://example.com/?leak';

test('the content policy stops a request of the page to another origin, and the watch sees it', async ({
  app,
  page,
  incidents,
}) => {
  await app.loadTemplate();
  const answered = await page.evaluate(
    (url) =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    elsewhere,
  );
  expect(answered).toBe(false);
  await expect.poll(() => incidents.join('\n')).toContain('Content Security Policy');
  incidents.length = 0;
});

test('the content policy stops a request of the training worker', async ({ app, page, incidents }) => {
  await page.context().route('**/assets/worker-*.js', async (route) => {
    const body = `addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
        console.error(effectiveDirective, 'refused', blockedURI));
      void fetch('${elsewhere}').catch(() => undefined);`;
    await route.fulfill({ response: await route.fetch(), body });
  });
  await app.loadTemplate();
  await app.train();
  await expect.poll(() => incidents).toEqual([`console: connect-src refused ${elsewhere}`]);
  incidents.length = 0;
});

test('without the policy, the watch sees a request of the training worker', async ({
  app,
  page,
  incidents,
}) => {
  await page.context().route('https://example.com/**', (route) => route.abort('aborted'));
  await page.context().route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    const { 'content-security-policy': policy, ...headers } = response.headers();
    expect(policy).toContain("connect-src 'self'");
    await route.fulfill({ headers, body: `void fetch('${elsewhere}').catch(() => undefined);` });
  });
  await app.loadTemplate();
  await app.train();
  await expect.poll(() => incidents).toEqual([`request to ${elsewhere}`]);
  incidents.length = 0;
});

test('the page is isolated, so that WebAssembly may use threads', async ({ page, app }) => {
  await expect(app.canvas).toBeVisible();
  expect(await page.evaluate(() => [isSecureContext, crossOriginIsolated])).toEqual([true, true]);
});
