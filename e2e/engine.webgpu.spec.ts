/**
 * Training on WebGPU. The CPU computes it here, and the app takes an emulated GPU last, so the adapter is made to call
 * itself a real one: then the app chooses it first, checks one gradient step, and trains on it.
 */
import { expect, test } from './fixtures';

const named = `Object.defineProperty(GPUAdapter.prototype, 'info', {
  get: () => ({ vendor: 'example', architecture: 'gpu-1', description: '', isFallbackAdapter: false }),
});`;

test('WebGPU is chosen on a device that has it, passes the check of one gradient step, and trains', async ({
  app,
  page,
}) => {
  await page.context().route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${named}\n${await response.text()}` });
  });
  await app.addLayer('Input');
  await app.addLayer('Flatten');
  await app.addLayer('Dense');
  await app.setNumber('Units', 10);
  await app.choose('Activation', 'softmax');
  await app.setTraining({ Epochs: 50, 'Batch size': 32, 'Training images': 6000 });
  await app.train();
  await expect.poll(() => app.batches(), { timeout: 120_000 }).toBeGreaterThan(3);
  await expect(app.engine).toHaveText(/^WebGPU · example gpu-1 · /);
  await expect(app.lab).not.toContainText('is not used');
  await app.tap('Stop');
  await expect(app.status).toContainText('Stopped', { timeout: 60_000 });
});
