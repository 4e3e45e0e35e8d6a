/**
 * WebKit, the engine of every browser on an iPad, as Debian ships it (WebKitGTK): finds it, gets it, starts it under a
 * screen of its own and drives it. It speaks the W3C WebDriver protocol (www.w3.org/TR/webdriver2) to WebKitWebDriver with
 * plain requests. It knows nothing of the app.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startGroup } from './processGroup.mjs';

const packages = ['webkit2gtk-driver', 'xvfb'];
const programs = ['WebKitWebDriver', 'Xvfb'];
const elementKey = 'element-6066-11e4-a52e-4f735466cecf';
/** MiniBrowser's own bars: the page is that much lower than its window. */
const BARS = 38;

const onPath = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

/** MiniBrowser lies in the library folder of the machine's architecture, under the newest WebKitGTK. */
function findMiniBrowser() {
  const libraries = existsSync('/usr/lib')
    ? readdirSync('/usr/lib').filter((name) => name.includes('-linux-'))
    : [];
  return libraries
    .flatMap((folder) =>
      ['webkitgtk-6.0', 'webkit2gtk-4.1', 'webkit2gtk-4.0'].map((kit) => join('/usr/lib', folder, kit)),
    )
    .map((folder) => join(folder, 'MiniBrowser'))
    .find(existsSync);
}

const findWebKit = () => (programs.every(onPath) ? findMiniBrowser() : undefined);

function installPackages() {
  if (process.getuid?.() !== 0 || !onPath('apt-get')) return;
  console.log(`Getting WebKit: apt-get install ${packages.join(' ')}`);
  const apt = (args, minutes) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: minutes * 60_000,
      killSignal: 'SIGKILL',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt(['update'], 3);
  apt(['install', '-y', '--no-install-recommends', ...packages], 8);
}

/**
 * WebKit's executable; where it is missing and this is root on Debian, it is installed if `install` says so.
 * @throws Error that names the packages where there is none.
 */
export function getWebKit({ install = false } = {}) {
  if (install && !findWebKit()) installPackages();
  const found = findWebKit();
  if (!found) throw new Error(`WebKit was not found: install the Debian packages ${packages.join(' and ')}.`);
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

/** Asks again until there is an answer that is not undefined. @throws Error after so many seconds, with the last reason. */
export async function until(what, seconds, ask) {
  const end = Date.now() + seconds * 1000;
  let reason = '';
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      reason = ` (${error.message})`;
    }
    await wait(100);
  }
  throw new Error(`${what}: not within ${seconds} seconds${reason}.`);
}

/** A home with nothing in it: no profile of the person's is touched, and saved files come to its folder Downloads. */
function makeHome() {
  const home = mkdtempSync(join(tmpdir(), 'webkit-'));
  const downloads = join(home, 'Downloads');
  mkdirSync(downloads);
  mkdirSync(join(home, '.config'));
  writeFileSync(join(home, '.config', 'user-dirs.dirs'), 'XDG_DOWNLOAD_DIR="$HOME/Downloads"\n');
  return { home, downloads };
}

/** A screen in memory. It takes a free number and writes it to descriptor 3. */
async function startScreen() {
  const screen = startGroup('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x1000x24', '-nolisten', 'tcp']);
  const late = wait(20_000, '', { ref: false });
  const number = await Promise.race([once(screen.channel, 'data').then(String), late]);
  if (number) return { display: `:${number.trim()}`, stop: screen.stop };
  await screen.stop();
  throw new Error(`The virtual screen did not start within 20 seconds. ${screen.errors()}`);
}

/** Starts the driver, which starts the browser; answers a function that sends one command to it. */
async function startDriver(display, home) {
  const port = await freePort();
  const driver = startGroup('WebKitWebDriver', [`--port=${port}`], {
    PATH: process.env.PATH,
    HOME: home,
    DISPLAY: display,
    // What pages take for the person's language. Without it they are told "C", which is none that Intl knows.
    LANG: 'en_US.UTF-8',
    LIBGL_ALWAYS_SOFTWARE: '1',
    // WebKit's sandbox does not start for root.
    ...(process.getuid?.() === 0 ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' } : {}),
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
  try {
    await until('WebKitWebDriver answers', 20, async () => (await send('GET', '/status')).ready || undefined);
  } catch (error) {
    await driver.stop();
    throw new Error(`${error.message} ${driver.errors()}`, { cause: error });
  }
  return { send, stop: driver.stop };
}

/** The driver on a screen and in a home of its own. `stop` ends and removes all of it. */
async function startAlone() {
  const { home, downloads } = makeHome();
  const undo = [() => rmSync(home, { recursive: true, force: true })];
  const stop = async () => {
    for (const step of undo.toReversed()) await step();
  };
  try {
    const screen = await startScreen();
    undo.push(screen.stop);
    const driver = await startDriver(screen.display, home);
    undo.push(driver.stop);
    return { send: driver.send, downloads, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Opens a window whose page is 1180 by 820 points, as on an iPad. */
export async function openWebKit(binary) {
  const { send, downloads, stop } = await startAlone();
  try {
    const options = { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } };
    const { sessionId, capabilities } = await send('POST', '/session', {
      capabilities: { alwaysMatch: options },
    });
    const command = (method, path, body) => send(method, `/session/${sessionId}${path}`, body);
    const onElement = (element, action, body = {}) =>
      command('POST', `/element/${element[elementKey]}/${action}`, body);
    await command('POST', '/window/rect', { x: 0, y: 0, width: 1180, height: 820 + BARS });
    return {
      version: capabilities.browserVersion,
      /** The folder that saved files come to. */
      downloads,
      goto: (url) => command('POST', '/url', { url }),
      /** Runs a function's body in the page; elements among its arguments and its answer stay elements. */
      run: (script, ...args) => command('POST', '/execute/sync', { script, args }),
      click: (element) => onElement(element, 'click'),
      /** Types into a field in place of what is there, and Enter. */
      async fill(element, text) {
        await onElement(element, 'clear');
        await onElement(element, 'value', { text: `${text}\uE007` });
      },
      /** Chooses a file of this machine in a file input, shown or not. */
      choose: (element, path) => onElement(element, 'value', { text: path }),
      /** A click at a place of the page. */
      clickAt: (x, y) =>
        command('POST', '/actions', {
          actions: [
            {
              type: 'pointer',
              id: 'finger',
              actions: [
                { type: 'pointerMove', x, y },
                { type: 'pointerDown', button: 0 },
                { type: 'pointerUp', button: 0 },
              ],
            },
          ],
        }),
      screenshot: async () => Buffer.from(await command('GET', '/screenshot'), 'base64'),
      async close() {
        await send('DELETE', `/session/${sessionId}`).catch(() => undefined);
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
