/** Exporting and reading back: the saved file, computed by the independent reference, is what the app trained. */
import { openExport, save } from './exporting';
import { expect, test } from './fixtures';
import { argmax, testDigits } from './mnist';
import { runModel, type Model } from './reference';

function firstOutput(model: Model, values: ArrayLike<number>): Float64Array {
  const [output] = Object.values(runModel(model, values).outputs);
  if (!output) throw new Error('The model has no array among its outputs.');
  return output;
}

/** Share of the first `count` test images that the file classifies correctly. */
function accuracyOf(model: Model, count: number): number {
  const digits = testDigits();
  let correct = 0;
  for (let i = 0; i < count; i++) {
    const scaled = Float32Array.from(digits.image(i), (byte) => byte / 255);
    if (argmax(firstOutput(model, scaled)) === digits.label(i)) correct++;
  }
  return correct / count;
}

test('a trained network keeps its test accuracy on all 10,000 images in the exported file', async ({
  app,
}) => {
  test.setTimeout(300_000);
  await app.buildSmall();
  await app.setTraining({ Epochs: 1, 'Batch size': 50, 'Training images': 5000, 'Learning rate': 0.002 });
  await app.train();
  await app.finished(240_000);
  const shown = await app.testAccuracy();
  await openExport(app);
  await expect(app.page.getByTestId('weights-origin')).toContainText(shown.toFixed(4));
  const model = await save(app);
  // Float32 there and double here may disagree about an image that lies on the edge between two classes.
  expect(Math.abs(accuracyOf(model, 10_000) - shown)).toBeLessThanOrEqual(0.0003);
  expect(shown).toBeGreaterThan(0.8);
  expect(model.network.update?.optimizer).toMatchObject({ kind: 'adam' });
});

test('LeNet with image input and class labels is saved as an updatable classifier that scales its pixels', async ({
  app,
}) => {
  await app.loadTemplate();
  await openExport(app);
  await expect(app.page.getByTestId('weights-origin')).toContainText(
    'Untrained weights, drawn from seed 42.',
  );
  const plain = await save(app);
  await openExport(app);
  await app.option('Input', 'image').check();
  await app.option('Model type', 'classifier').check();
  const classifier = await save(app);
  expect(plain.network.kind).toBe('neuralNetwork');
  expect(classifier.network.kind).toBe('neuralNetworkClassifier');
  expect(classifier.isUpdatable).toBe(true);
  expect(classifier.network.classifier?.labels?.values).toHaveLength(10);
  const digits = testDigits();
  for (let i = 0; i < 20; i++) {
    const bytes = digits.image(i);
    const probabilities = firstOutput(
      plain,
      Float32Array.from(bytes, (byte) => byte / 255),
    );
    const run = runModel(classifier, bytes);
    expect(String(run.label)).toBe(String(argmax(probabilities)));
    for (const [label, value] of Object.entries(run.probabilities!))
      expect(Math.abs(value - probabilities[Number(label)]!)).toBeLessThan(1e-4);
  }
});

test('the optimizer, loss, epochs and batch size that were chosen are those in the file', async ({ app }) => {
  await app.loadTemplate();
  await app.selectNothing();
  await app.inspector.getByRole('radio', { name: 'SGD' }).check();
  await app.setTraining({ Epochs: 7, 'Batch size': 32, 'Learning rate': 0.05, Momentum: 0.8 });
  await openExport(app);
  const update = (await save(app)).network.update!;
  expect(update.epochs?.value).toBe(7);
  expect(update.losses.map(({ kind }) => kind)).toEqual(['categoricalCrossEntropy']);
  expect(update.optimizer).toMatchObject({
    kind: 'sgd',
    learningRate: { value: 0.05 },
    miniBatchSize: { value: 32 },
    momentum: { value: 0.8 },
  });
});

test('what Core ML cannot train is named before anything is saved', async ({ app }) => {
  await app.loadTemplate();
  await app.select('dense');
  await app.choose('Activation', 'elu');
  await openExport(app);
  await expect(app.page.getByRole('list', { name: 'Notes on the export' })).toContainText('dense');
  await expect(app.button('Save')).toBeEnabled();
});

test('an unfinished network is not exported, and the dialog says why', async ({ app }) => {
  await app.addLayer('Input');
  await app.addLayer('Dense');
  await app.tap('Export');
  await expect(app.page.getByRole('alert')).toContainText('Dense needs a flat vector; it gets 28×28×1.');
  await expect(app.button('Save')).toBeDisabled();
});
