/**
 * End-to-end tests: the built app in Chromium at iPad size with touch. They need the build (`npm run build`) and a
 * Chromium (scripts/browser.mjs finds it; `npm test` gets one).
 */
import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';
import { findBrowser, graphics, launchArguments } from './scripts/browser.mjs';

const port = Number(process.env.PORT ?? 4173);
const executablePath = findBrowser();
if (!executablePath)
  throw new Error('No Chromium was found. Run `npm test`, which gets one, or name one in CHROMIUM_PATH.');

/** Which part of the GPU's work the CPU emulates. */
const launch = ({ args, ignoreDefaultArgs }: { args: string[]; ignoreDefaultArgs: string[] }) => ({
  launchOptions: { executablePath, ignoreDefaultArgs, args: [...launchArguments, ...args] },
});

const config: PlaywrightTestConfig = {
  testDir: 'e2e',
  testIgnore: 'reference/**',
  outputDir: 'test-results/e2e',
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1180, height: 820 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
    serviceWorkers: 'block',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'ipad', testIgnore: ['reference/**', '**/*.webgpu.spec.ts'], use: launch(graphics.webgl) },
    { name: 'webgpu', testMatch: '**/*.webgpu.spec.ts', use: launch(graphics.webgpu) },
  ],
  webServer: {
    command: `npx vite preview --port ${port} --strictPort`,
    url: `http://localhost:${port}`,
    reuseExistingServer: false,
  },
};

export default defineConfig(config);
