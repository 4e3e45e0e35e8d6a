/**
 * Training on WebGPU. The CPU computes it here, and the app takes an emulated GPU last, so it is asked for: then one
 * gradient step is checked, and it trains.
 */
import { expect, test } from './fixtures';

for (const label of ['WebGPU', 'TensorFlow.js WebGPU'])
  test(`${label} is taken where it is set, passes the check of one gradient step, and trains`, async ({
    app,
  }) => {
    await app.buildSmall();
    await app.setTraining({ Epochs: 50, 'Batch size': 32, 'Training images': 6000 });
    await app.pinEngine(label);
    await app.train();
    await expect.poll(() => app.batches(), { timeout: 120_000 }).toBeGreaterThan(3);
    await expect(app.engine).toHaveText(new RegExp(`^${label} · .* · software · `));
    await expect(app.lab).not.toContainText('is not used');
    await app.tap('Stop');
    await expect(app.status).toContainText('Stopped', { timeout: 60_000 });
  });
