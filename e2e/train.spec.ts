/** Training on this device on real MNIST images: learning, pause, resume, reload, stop, damaged data. */
import { expect, test } from './fixtures';

/** Several minutes on a machine without a GPU that does two things at once. */
const LONG = 240_000;

test('LeNet learns to read digits from all 60,000 images', async ({ app }) => {
  test.setTimeout(2 * LONG);
  await app.loadTemplate();
  await app.setTraining({ Epochs: 1 });
  await app.train();
  await expect(app.engine).toHaveText(/(WebGPU|WebGL|WebAssembly|CPU)/, { timeout: LONG });
  await app.finished(LONG);
  const [only] = await app.epochs();
  expect(only!.accuracy).toBeGreaterThan(0.9);
  expect(only!.testAccuracy).toBeGreaterThanOrEqual(0.97);
  expect(await app.testAccuracy()).toBe(only!.testAccuracy);
  expect(await app.batches()).toBeGreaterThan(400);
});

test('a run pauses, resumes, stops, and its weights are there to go on from', async ({ app }) => {
  test.setTimeout(LONG);
  await app.buildSmall();
  await app.setTraining({ Epochs: 1000, 'Batch size': 64, 'Training images': 6000 });
  await app.train();
  await expect(app.status).toContainText(/Epoch [2-9]\d* of 1000/, { timeout: LONG });
  await app.tap('Pause');
  await expect(app.status).toContainText('Paused');
  const paused = await app.batches();
  // Nothing moves while it is paused: a second look after the page has drawn a good number of frames.
  await app.frames(60);
  expect(await app.batches()).toBe(paused);
  await app.tap('Resume');
  await expect.poll(() => app.batches()).toBeGreaterThan(paused);
  await app.tap('Stop');
  await expect(app.status).toContainText('Stopped');
  await app.tap('Train here');
  await expect(app.page.getByRole('alertdialog')).toContainText('This network has learned already');
  await app.tap('Go on from these weights');
  await expect.poll(() => app.batches(), { timeout: 60_000 }).toBeGreaterThan(paused);
  await app.tap('Stop');
  await expect(app.status).toContainText('Stopped');
});

test('a paused run is still there after a reload, curves and weights, and goes on', async ({ app }) => {
  test.setTimeout(LONG);
  await app.buildSmall();
  await app.setTraining({ Epochs: 1000, 'Batch size': 64, 'Training images': 6000 });
  await app.train();
  await expect(app.status).toContainText('Test accuracy', { timeout: LONG });
  await app.tap('Pause');
  await expect(app.status).toContainText('Paused');
  const before = { batches: await app.batches(), epochs: await app.epochs() };
  await app.page.reload();
  await expect(app.status).toContainText('Paused');
  expect({ batches: await app.batches(), epochs: await app.epochs() }).toEqual(before);
  await app.tap('Resume');
  await expect.poll(() => app.batches(), { timeout: 60_000 }).toBeGreaterThan(before.batches);
  await app.tap('Stop');
  await expect(app.status).toContainText('Stopped');
});

test('the page keeps answering touches while it trains', async ({ app }) => {
  test.setTimeout(LONG);
  await app.loadTemplate();
  await app.setTraining({ Epochs: 100, 'Batch size': 32, 'Training images': 6000 });
  await app.train();
  await expect.poll(() => app.batches(), { timeout: LONG }).toBeGreaterThan(2);
  // How fast it answers is measured by scripts/bench-frames.mjs.
  const before = await app.batches();
  await app.select('conv2d');
  await app.setNumber('Filters', 8);
  await expect(app.node('conv2d').getByTestId('output-shape')).toHaveText('26×26×8');
  await app.tap('Undo');
  await expect(app.node('conv2d').getByTestId('output-shape')).toHaveText('26×26×32');
  await expect.poll(() => app.batches(), { timeout: LONG }).toBeGreaterThan(before);
  await app.tap('Stop');
  await expect(app.status).toContainText('Stopped', { timeout: 60_000 });
});

test('images that arrive damaged stop the run with a clear error, and trying again works', async ({
  app,
  page,
}) => {
  test.setTimeout(LONG);
  await page
    .context()
    .route('**/datasets/mnist/train-images*', (route) =>
      route.fulfill({ status: 200, contentType: 'application/octet-stream', body: Buffer.from('damaged') }),
    );
  await app.buildSmall();
  await app.setTraining({ Epochs: 1, 'Training images': 640 });
  await app.train();
  await expect(app.lab.getByRole('alert')).toContainText(/train-images/, { timeout: LONG });
  await page.context().unroute('**/datasets/mnist/train-images*');
  await app.tap('Try again');
  await app.finished(LONG);
});
