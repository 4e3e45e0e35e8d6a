/** Measures one engine in a Chromium of its own, so that none suffers from what another left behind. */
import { chromium } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { getBrowser, graphics, launchArguments } from '../browser.mjs';

const withGpu = { ignoreDefaultArgs: ['--disable-gpu'] };

/** Of a machine without a GPU, each computed by the CPU; the names stand in the rows. */
const emulated = {
  plain: {},
  webgl: graphics.webgl,
  webglSwiftShader: {
    args: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
    ...withGpu,
  },
  webgpu: graphics.webgpu,
};

const own = {
  args: [
    '--enable-unsafe-webgpu',
    '--ignore-gpu-blocklist',
    ...(process.platform === 'linux'
      ? ['--enable-features=Vulkan,WebGPU', '--use-angle=vulkan', '--disable-vulkan-surface']
      : []),
  ],
  ...withGpu,
};

/** On the machine's own GPU. SwiftShader's WebGL is emulated by its name, and stays as it is. */
const native = { ...emulated, webgl: own, webgpu: own };

/** Seconds for the browser, the data and the engine to start. */
const START = 15;

/** The most memory that the page's and the GPU's processes held, in bytes, where the system says it. */
async function peakOf(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const ours = processInfo.filter(({ type }) => /^(renderer|gpu)$/i.test(type));
  const peaks = await Promise.all(
    ours.map(async ({ id }) => {
      const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
      return 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? NaN);
    }),
  );
  const sum = peaks.reduce((a, b) => a + b, 0);
  return Number.isFinite(sum) && sum > 0 ? sum : undefined;
}

/**
 * @param {string} url of the served page.
 * @param {{ id: string, browser: string }} row
 * @param {object} request what the worker is asked, see src/engine/testing/bench/worker.ts.
 * @param {boolean} gpu whether to use the machine's own.
 * @returns what the worker answers and `processBytes`; or `{ error }`, also where it did not answer in time.
 */
export async function visit(url, row, request, gpu) {
  const flags = (gpu ? native : emulated)[row.browser];
  const browser = await chromium.launch({
    executablePath: getBrowser(),
    args: [...launchArguments, ...(flags.args ?? [])],
    ignoreDefaultArgs: flags.ignoreDefaultArgs,
  });
  const most = START + request.limit + 2 * (request.seconds + 1);
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve({ error: `not done within ${most} s` }), 1000 * most);
  });
  try {
    const tab = await browser.newPage();
    await tab.goto(url);
    await tab.waitForFunction(() => 'bench' in globalThis);
    const answer = await Promise.race([
      tab.evaluate((question) => globalThis.bench(question), { ...request, row: row.id }),
      late,
    ]);
    return { ...answer, processBytes: answer.error ? undefined : await peakOf(browser) };
  } catch (error) {
    return { error: error.message };
  } finally {
    clearTimeout(timer);
    await browser.close();
  }
}
