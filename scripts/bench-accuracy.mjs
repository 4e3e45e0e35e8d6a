/**
 * Trains the LeNet template on all of MNIST in headless Chromium, through the app's own controls, once for each seed, and
 * prints the test accuracy after every epoch.
 *
 *     npm run bench:accuracy -- [--seeds 5] [--epochs 10] [--json FILE]
 */
import { chromium } from '@playwright/test';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { getBrowser, launchArguments } from './browser.mjs';
import { servePreview } from './preview.mjs';

/** Minutes that an epoch may take. */
const PATIENCE = 15;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '5' },
    epochs: { type: 'string', default: '10' },
    json: { type: 'string' },
  },
});
const [seeds, epochs] = [values.seeds, values.epochs].map(Number);
if (!(Number.isInteger(seeds) && seeds > 0 && Number.isInteger(epochs) && epochs > 0))
  throw new Error(
    `--seeds and --epochs take whole numbers above 0; ${values.seeds} and ${values.epochs} came.`,
  );

async function setNumber(page, label, value) {
  const field = page
    .getByRole('region', { name: 'Inspector' })
    .getByRole('textbox', { name: label, exact: true });
  if (!(await field.isVisible())) await page.getByText('More settings').click();
  await field.fill(String(value));
  await field.press('Enter');
}

/** One run from new weights in a fresh profile. */
async function train(browser, url, seed) {
  const context = await browser.newContext({ viewport: { width: 1180, height: 820 } });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('button', { name: 'Templates' }).click();
  await page.getByRole('menuitem', { name: 'LeNet (MNIST)' }).click();
  await page.getByRole('region', { name: 'Canvas' }).click({ position: { x: 12, y: 12 } });
  await setNumber(page, 'Epochs', epochs);
  await setNumber(page, 'Seed', seed);
  const start = performance.now();
  await page.getByRole('button', { name: 'Train here' }).click();
  const status = page.getByRole('status', { name: 'Training status' });
  await status.filter({ hasText: /Finished|problem/ }).waitFor({
    state: 'attached',
    timeout: epochs * PATIENCE * 60_000,
  });
  const seconds = (performance.now() - start) / 1000;
  const rows = await page
    .getByRole('region', { name: 'Lab' })
    .getByRole('row')
    .filter({ has: page.getByRole('cell') })
    .all();
  const cells = await Promise.all(rows.map((row) => row.getByRole('cell').allTextContents()));
  const accuracies = cells.map((row) => Number(row[3])).reverse();
  const engine = await page.getByTestId('engine').innerText();
  if (accuracies.length !== epochs)
    throw new Error(`Seed ${seed} ended early: ${await status.textContent()}`);
  await context.close();
  return { seed, accuracies, seconds: Math.round(seconds), engine };
}

const server = await servePreview();
const browser = await chromium.launch({ executablePath: getBrowser(), args: launchArguments });
const runs = [];
try {
  for (let seed = 1; seed <= seeds; seed++) {
    const run = await train(browser, server.url, seed);
    runs.push(run);
    console.log(`seed ${seed}: ${run.accuracies.join(' ')} (${run.seconds} s, ${run.engine})`);
  }
} finally {
  await browser.close();
  await server.close();
}
const last = runs.map(({ accuracies }) => accuracies.at(-1)).sort((a, b) => a - b);
console.log(
  `test accuracy after ${epochs} epochs: lowest ${last[0]}, median ${last[last.length >> 1]}, highest ${last.at(-1)}`,
);
if (values.json) await writeFile(values.json, `${JSON.stringify(runs, null, 2)}\n`);
