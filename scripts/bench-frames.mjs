/**
 * Measures the frames of the page while a finger drags a layer: once at rest and once while the network trains beside
 * it, in one browser, in turns. `npm run build`, then `node scripts/bench-frames.mjs`. Nothing else should run meanwhile.
 */
import { chromium } from '@playwright/test';
import { getBrowser, launchArguments } from './browser.mjs';
import { servePreview } from './preview.mjs';

const ROUNDS = 3;
const STEPS = 90;
/** A frame at 60 a second takes 16.7 ms; one that took longer than one and a half left out at least one. */
const LATE = 25;

const server = await servePreview();
const browser = await chromium.launch({
  executablePath: getBrowser(),
  // As Chromium starts by itself. With Mesa's WebGL, which the tests use, one thread would paint the page and train.
  args: launchArguments,
});
const context = await browser.newContext({ viewport: { width: 1180, height: 820 }, hasTouch: true });
const page = await context.newPage();
await page.goto(server.url);
await page.getByRole('button', { name: 'Templates' }).tap();
await page.getByRole('menuitem', { name: 'LeNet (MNIST)' }).tap();

const touch = await context.newCDPSession(page);
const point = (x, y) => [{ x, y, id: 0 }];

/** Drags the Flatten layer out and back; answers the milliseconds between frames. */
async function drag() {
  const card = await page.getByRole('group', { name: 'flatten', exact: true }).boundingBox();
  const [x, y] = [card.x + 30, card.y + card.height / 2];
  await page.evaluate(() => {
    globalThis.frames60 = [];
    const note = (time) => {
      globalThis.frames60?.push(time);
      if (globalThis.frames60) globalThis.requestAnimationFrame(note);
    };
    globalThis.requestAnimationFrame(note);
  });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: point(x, y) });
  for (let i = 1; i <= STEPS; i++) {
    const away = 160 * Math.sin((i / STEPS) * Math.PI);
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: point(x + away, y) });
    await new Promise((resolve) => setTimeout(resolve, 16));
  }
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  const times = await page.evaluate(() => {
    const { frames60 } = globalThis;
    globalThis.frames60 = undefined;
    return frames60;
  });
  return times.slice(1).map((time, i) => time - times[i]);
}

function summary(gaps) {
  const sorted = gaps.toSorted((a, b) => a - b);
  const at = (share) => Number(sorted[Math.floor((sorted.length - 1) * share)].toFixed(1));
  return {
    frames: gaps.length,
    'median ms': at(0.5),
    'p95 ms': at(0.95),
    'longest ms': at(1),
    'late %': Number(((100 * gaps.filter((gap) => gap > LATE).length) / gaps.length).toFixed(1)),
  };
}

const gaps = { 'at rest': [], 'while it trains': [] };
for (let round = 0; round < ROUNDS; round++) {
  gaps['at rest'].push(...(await drag()));
  if (round === 0) await page.getByRole('button', { name: 'Train here' }).tap();
  else await page.getByRole('button', { name: 'Resume' }).tap();
  await page.getByTestId('engine').filter({ hasText: 'images/s' }).waitFor({ timeout: 120_000 });
  gaps['while it trains'].push(...(await drag()));
  await page.getByRole('button', { name: 'Pause' }).tap();
  await page.getByRole('button', { name: 'Resume' }).waitFor({ timeout: 60_000 });
}
console.log(await page.getByTestId('engine').innerText());
console.table(Object.fromEntries(Object.entries(gaps).map(([name, values]) => [name, summary(values)])));
await browser.close();
await server.close();
