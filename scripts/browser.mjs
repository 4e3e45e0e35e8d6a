/**
 * Finds a Chromium for the end-to-end tests and the screenshots, and gets one where there is none. It does not start
 * it: Playwright does.
 */
import { chromium } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './install.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

const appBundles = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const isRoot = process.getuid?.() === 0;

/** A browser whose libraries are missing is there and does not start: ask it for its version. */
function runs(path) {
  return (
    existsSync(path) && spawnSync(path, ['--version'], { timeout: 30_000, stdio: 'ignore' }).status === 0
  );
}

function candidates() {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  return [chromium.executablePath(), ...onPath, ...appBundles].filter(Boolean);
}

/**
 * The Chromium of this machine: the one that CHROMIUM_PATH names, Playwright's own, or one that is installed.
 * @returns {string | undefined} its executable, or undefined where none starts.
 */
export function findBrowser() {
  const named = process.env.CHROMIUM_PATH;
  return named || candidates().find(runs);
}

function attempt(command, args, minutes) {
  console.log(`Getting a browser for the tests: ${command} ${args.join(' ')}`);
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    timeout: minutes * 60_000,
    killSignal: 'SIGKILL',
    shell: process.platform === 'win32',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
}

/**
 * As `findBrowser`, and downloads one where there is none: Playwright's Chromium, its libraries too where this is root,
 * else the system's package.
 * @returns {string} its executable.
 * @throws Error that says what to do where all of it fails.
 */
export function getBrowser() {
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const ways = [
    () => true,
    () => attempt(process.execPath, [cli, 'install', '--no-shell', 'chromium'], 5),
    () =>
      isRoot &&
      existsSync(chromium.executablePath()) &&
      attempt(process.execPath, [cli, 'install-deps', 'chromium'], 5),
    () =>
      isRoot &&
      attempt('apt-get', ['update'], 3) &&
      attempt('apt-get', ['install', '-y', 'chromium', 'libegl1', 'libgl1-mesa-dri'], 8),
  ];
  for (const way of ways) {
    const found = way() && findBrowser();
    if (found) return found;
  }
  throw new Error(
    'No Chromium was found and none could be installed. Install Chromium or Google Chrome, or name one in CHROMIUM_PATH.',
  );
}

/** What every start of the browser has in common: nothing of its own goes to the network. */
export const launchArguments = [
  ...(isRoot ? ['--no-sandbox'] : []),
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

/**
 * Flags by which a machine without a GPU offers WebGL or WebGPU, computed by the CPU. WebGL on Linux: Mesa's driver is
 * many times faster than SwiftShader, to which Chromium falls back where Mesa is not installed.
 */
export const graphics = {
  webgl: {
    args:
      process.platform === 'linux'
        ? ['--use-gl=angle', '--use-angle=gl-egl', '--ignore-gpu-blocklist', '--enable-unsafe-swiftshader']
        : [],
    ignoreDefaultArgs: ['--disable-gpu'],
  },
  webgpu: {
    args: [
      '--enable-unsafe-webgpu',
      '--enable-features=Vulkan,WebGPU',
      '--use-webgpu-adapter=swiftshader',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
    ],
    ignoreDefaultArgs: ['--disable-gpu'],
  },
};
