/**
 * Opens the built app (or any address) in WebKit, loads the LeNet template and takes a picture: a look at the engine of
 * Safari on a machine without a Mac. It needs Debian's packages webkit2gtk-driver and xvfb; no test depends on it.
 *
 *     node scripts/webkit-look.mjs [--url http://localhost:5173] [--out picture.png]
 *
 * It speaks the W3C WebDriver protocol (www.w3.org/TR/webdriver2) to WebKitWebDriver with plain requests.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { root } from './install.mjs';
import { servePreview } from './preview.mjs';

const elementKey = 'element-6066-11e4-a52e-4f735466cecf';

/** MiniBrowser lies in the library folder of the machine's architecture, under the newest WebKitGTK. */
function findMiniBrowser() {
  const libraries = existsSync('/usr/lib')
    ? readdirSync('/usr/lib').filter((name) => name.includes('-linux-'))
    : [];
  const found = libraries
    .flatMap((folder) =>
      ['webkitgtk-6.0', 'webkit2gtk-4.1', 'webkit2gtk-4.0'].map((kit) => join('/usr/lib', folder, kit)),
    )
    .map((folder) => join(folder, 'MiniBrowser'))
    .find(existsSync);
  if (!found)
    throw new Error('WebKit was not found: install the Debian packages webkit2gtk-driver and xvfb.');
  return found;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the driver under a virtual screen; answers a function that sends one command to it. */
async function startDriver() {
  const port = await freePort();
  const driver = spawn(
    'xvfb-run',
    ['-a', '-s', '-screen 0 1280x1000x24', 'WebKitWebDriver', `--port=${port}`],
    {
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        // WebKit's sandbox does not start for root.
        ...(process.getuid?.() === 0 ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' } : {}),
        LIBGL_ALWAYS_SOFTWARE: '1',
      },
    },
  );
  const failed = once(driver, 'error').then(([error]) => {
    throw new Error(`The driver did not start (${error.message}): install webkit2gtk-driver and xvfb.`);
  });
  const send = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } } : {}),
      signal: AbortSignal.timeout(60_000),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  const ready = async () => {
    const end = Date.now() + 20_000;
    while (Date.now() < end) {
      const status = await send('GET', '/status').catch(() => undefined);
      if (status?.ready) return;
      await wait(100);
    }
    throw new Error('WebKitWebDriver did not answer within 20 seconds.');
  };
  const stop = () => {
    // The whole group: xvfb-run, the screen, the driver and its browser.
    if (driver.pid) process.kill(-driver.pid, 'SIGTERM');
  };
  try {
    await Promise.race([ready(), failed]);
  } catch (error) {
    stop();
    throw error;
  }
  return { send, stop };
}

/** Asks again until it is there. */
async function find(command, xpath) {
  const end = Date.now() + 20_000;
  for (;;) {
    try {
      const element = await command('POST', '/element', { using: 'xpath', value: xpath });
      return element[elementKey];
    } catch (error) {
      if (Date.now() > end) throw error;
      await wait(100);
    }
  }
}

async function look(url, out, isApp) {
  const { send, stop } = await startDriver();
  let session;
  try {
    const capabilities = {
      'webkitgtk:browserOptions': { binary: findMiniBrowser(), args: ['--automation'] },
    };
    session = await send('POST', '/session', { capabilities: { alwaysMatch: capabilities } });
    console.log(`WebKitGTK ${session.capabilities.browserVersion}`);
    const command = (method, path, body) => send(method, `/session/${session.sessionId}${path}`, body);
    const run = (script) => command('POST', '/execute/sync', { script, args: [] });
    await command('POST', '/window/rect', { x: 0, y: 0, width: 1180, height: 858 });
    await command('POST', '/url', { url });
    if (isApp) {
      const tap = async (xpath) => command('POST', `/element/${await find(command, xpath)}/click`, {});
      await tap('//button[@aria-label="Templates"]');
      await tap('//*[@role="menuitem" and contains(., "LeNet (MNIST)")]');
      await find(command, '//*[contains(., "585,958")]');
      await find(command, '//*[@data-testid="output-shape" and .="26×26×32"]');
    }
    console.log(
      await run(
        `return [innerWidth + '×' + innerHeight, 'isolated ' + self.crossOriginIsolated, 'WebGPU ' + ('gpu' in navigator),
          'DecompressionStream ' + (typeof DecompressionStream), 'cards ' + document.querySelectorAll('.layer-card').length].join(', ');`,
      ),
    );
    await run(
      'return Promise.all(document.getAnimations().map((animation) => animation.finished)).then(() => true);',
    );
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, Buffer.from(await command('GET', '/screenshot'), 'base64'));
    console.log(relative(process.cwd(), out));
  } finally {
    if (session) await send('DELETE', `/session/${session.sessionId}`).catch(() => undefined);
    stop();
  }
}

const { values } = parseArgs({ options: { url: { type: 'string' }, out: { type: 'string' } } });
const out = values.out ?? join(root, 'e2e', 'screenshots', 'webkit.png');
const server = values.url ? undefined : await servePreview();
try {
  await look(values.url ?? server.url, out, !values.url || values.url.includes('localhost'));
} finally {
  await server?.close();
}
