/** The engine that trains: set by a person, kept on the device, named where it cannot be used. */
import type { App } from './app';
import { expect, test } from './fixtures';

const LONG = 120_000;

/** A network that trains in a moment on every engine. */
async function buildTiny(app: App, epochs = 1): Promise<void> {
  await app.buildSmall();
  await app.setTraining({ Epochs: epochs, 'Batch size': 64, 'Training images': 640 });
}

test('the engine that a person sets trains, stays set after a reload, and leaves the kept weights theirs', async ({
  app,
  page,
}) => {
  test.setTimeout(2 * LONG);
  await buildTiny(app);
  await app.pinEngine('TensorFlow.js CPU');
  await app.train();
  await app.finished(LONG);
  await expect(app.engine).toHaveText(/^TensorFlow\.js CPU · 1 thread · [\d,]+ images\/s$/);
  await expect(app.lab).not.toContainText('is not used');

  await page.reload();
  // The Lab opens once the run is read, and moves what is above it.
  await app.lab.waitFor();
  await app.openMoreSettings();
  const engine = app.inspector.getByRole('combobox', { name: 'Engine', exact: true });
  await expect(engine).toHaveValue('tfjs-cpu');
  await app.choose('Engine', 'TensorFlow.js WebGL');
  await app.tap('Train here');
  await expect(page.getByRole('alertdialog')).toContainText('This network has learned already');
  await app.tap('Go on from these weights');
  await expect(app.engine).toHaveText(/^TensorFlow\.js WebGL · .+ · [\d,]+ images\/s$/, { timeout: LONG });
  await app.finished(LONG);
});

test('the engine is set with the keyboard alone', async ({ app, page }) => {
  await app.loadTemplate();
  await app.selectNothing();
  await app.inspector.getByText('More settings').focus();
  await page.keyboard.press('Enter');
  const engine = app.inspector.getByRole('combobox', { name: 'Engine', exact: true });
  await engine.focus();
  await page.keyboard.press('End');
  await expect(engine).toHaveValue('tfjs-cpu');
  await page.keyboard.press('Home');
  await expect(engine).toHaveValue('automatic');
});

test('an engine that is set and not there is named, and the fastest that works trains', async ({ app }) => {
  test.setTimeout(LONG);
  await buildTiny(app);
  await app.pinEngine('TensorFlow.js WebGPU');
  await app.train();
  await app.finished(LONG);
  await expect(app.lab).toContainText(
    /TensorFlow\.js WebGPU is not used, though it is set: (WebGPU finds no|This browser does not offer)/,
  );
  await expect(app.engine).not.toContainText('WebGPU');
});

test('an engine that fails the check of one gradient step is named with the numbers, and left out', async ({
  app,
  page,
}) => {
  test.setTimeout(LONG);
  // A graphics processor that draws nothing.
  const idle = `for (const name of ['drawElements', 'drawArrays'])
    WebGL2RenderingContext.prototype[name] = () => undefined;`;
  await page.context().route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${idle}\n${await response.text()}` });
  });
  await buildTiny(app);
  await app.pinEngine('TensorFlow.js WebGL');
  await app.train();
  await app.finished(LONG);
  await expect(app.lab).toContainText(
    /TensorFlow\.js WebGL is not used, though it is set: Its loss for three test images is .*; the CPU's is/,
  );
  await expect(app.engine).not.toContainText('WebGL');
});

test('the Lab says why the other engines do not train', async ({ app }) => {
  test.setTimeout(LONG);
  await buildTiny(app);
  await app.train();
  await app.finished(LONG);
  await app.lab.getByText('Why this engine').tap();
  await expect(app.lab.getByRole('listitem').first()).toBeVisible();
  await expect(app.lab.getByRole('list')).toContainText(/TensorFlow\.js (WebGPU|CPU)/);
});
