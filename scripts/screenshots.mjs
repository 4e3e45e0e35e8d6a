/**
 * `npm run screenshots`: opens the built app in Chromium and takes pictures of it at every size that matters, light and
 * dark, into e2e/screenshots/ (not kept), and the README's picture into docs/layerpad.png. They are for eyes; no test
 * compares them.
 */
import { chromium } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { getBrowser, graphics, launchArguments } from './browser.mjs';
import { root } from './install.mjs';
import { servePreview } from './preview.mjs';
import { withSources } from './sources.mjs';

const folder = join(root, 'e2e', 'screenshots');
const readmePicture = join(root, 'docs', 'layerpad.png');

const screens = [
  { name: 'ipad-landscape', width: 1180, height: 820, touch: true },
  { name: 'ipad-portrait', width: 820, height: 1180, touch: true },
  { name: 'laptop', width: 1440, height: 900, touch: false },
  { name: 'phone', width: 375, height: 812, touch: true },
];

const button = (page, name) => page.getByRole('button', { name, exact: true });

async function loadTemplate(page) {
  await button(page, 'Templates').click();
  await page.getByRole('menuitem', { name: 'LeNet (MNIST)', exact: true }).click();
  await page.getByRole('group', { name: 'dense_1', exact: true }).waitFor();
}

/** After what moves has come to rest. */
async function picture(page, path) {
  await page.evaluate('Promise.all(document.getAnimations().map((animation) => animation.finished))');
  await page.screenshot({ path, animations: 'disabled' });
  console.log(path.slice(root.length + 1));
}

async function open(browser, url, { width, height, touch }, colorScheme) {
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: 2,
    hasTouch: touch,
    isMobile: touch,
    colorScheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** Core ML files by their names: LeNet as SwiftCoreMLTools writes it, one with a branch, one with a layer of no kind here. */
const files = await withSources(async (load) => {
  const { programs } = await load('/src/formats/coreml/read/programs.testing.ts');
  const { clampedRelu, foreignFile } = await load('/src/formats/coreml/read/foreign.testing.ts');
  const { encodeModel } = await load('/src/coreml/codec.ts');
  const [, lenet] = programs[0];
  const bytes = {
    lenet: encodeModel(lenet),
    residual: foreignFile(),
    unknown: foreignFile({ tail: clampedRelu }),
  };
  return Object.fromEntries(Object.entries(bytes).map(([name, array]) => [name, Buffer.from(array)]));
});

/** The states that a person meets, one picture each. */
async function walk(page, name) {
  const to = (state) => picture(page, join(folder, `${name}-${state}.png`));
  await to('empty');
  await loadTemplate(page);
  await to('lenet');
  await button(page, 'Templates').click();
  await to('templates');
  await page.keyboard.press('Escape');
  await page.getByRole('group', { name: 'conv2d_1', exact: true }).click();
  await to('layer');
  await page.keyboard.press('Escape');
  await button(page, 'Export').click();
  await page.getByRole('radio', { name: 'Core ML (.mlmodel)' }).waitFor();
  await to('export');
  for (const part of ['What the device may change', 'About the model'])
    await page.getByRole('dialog').getByText(part, { exact: true }).click();
  await button(page, 'Add a pair').click();
  await to('export-opened');
  await button(page, 'Close').click();
  for (const [file, bytes] of Object.entries(files)) {
    await page
      .getByLabel('File to open')
      .setInputFiles({ name: `${file}.mlmodel`, mimeType: 'application/octet-stream', buffer: bytes });
    const dialog = page.getByRole('dialog', { name: `Open ${file}.mlmodel` });
    await dialog.waitFor();
    await to(`import-${file}`);
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await to(`imported-${file}`);
  }
}

/** A run on all images, so that the Lab shows a real curve. */
async function train(page, path) {
  await loadTemplate(page);
  const field = (label) => page.getByRole('textbox', { name: label, exact: true });
  await field('Epochs').fill('3');
  await field('Epochs').press('Enter');
  await page.getByRole('heading', { name: 'Network', exact: true }).scrollIntoViewIfNeeded();
  await button(page, 'Train here').click();
  const status = page.getByRole('status', { name: 'Training status' });
  await status.filter({ hasText: 'after epoch 2' }).waitFor({ timeout: 10 * 60_000 });
  await page
    .getByRole('progressbar', { name: 'Progress' })
    .and(page.locator('[aria-valuenow^="8"]'))
    .waitFor({
      timeout: 10 * 60_000,
    });
  await picture(page, path);
}

mkdirSync(folder, { recursive: true });
mkdirSync(join(root, 'docs'), { recursive: true });
/** `still` or `training` takes only the one kind. */
const only = process.argv[2];
const server = await servePreview();
const browser = await chromium.launch({
  executablePath: getBrowser(),
  ignoreDefaultArgs: graphics.webgl.ignoreDefaultArgs,
  args: [...launchArguments, ...graphics.webgl.args],
});
try {
  for (const screen of only === 'training' ? [] : screens)
    for (const colors of ['light', 'dark']) {
      const page = await open(browser, server.url, screen, colors);
      await walk(page, `${screen.name}-${colors}`);
      await page.context().close();
    }
  if (only !== 'still') {
    const page = await open(browser, server.url, screens[0], 'light');
    await train(page, readmePicture);
  }
} finally {
  await browser.close();
  await server.close();
}
