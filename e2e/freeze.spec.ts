/** Freezing layers and testing weights: what trains is the person's choice, and what it is worth can be asked at any time. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';

const LONG = 240_000;
const quick = { Epochs: 1, 'Batch size': 64, 'Training images': 6000 } as const;

/** The kept weights of the only project, by their keys. */
function keptWeights(page: Page): Promise<Record<string, number[]>> {
  return page.evaluate(async () => {
    const request = <T>(wish: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        wish.onsuccess = () => resolve(wish.result);
        wish.onerror = () => reject(wish.error ?? new Error('The storage does not answer.'));
      });
    const database = await request(indexedDB.open('layerpad-checkpoints'));
    const store = database.transaction('checkpoints').objectStore('checkpoints');
    const [kept] = (await request(store.getAll())) as { weights: Record<string, Float32Array> }[];
    database.close();
    return Object.fromEntries(
      Object.entries(kept!.weights).map(([key, values]) => [key, Array.from(values)]),
    );
  });
}

test('a frozen layer is marked, keeps its weights while others train, and trains again after undo', async ({
  app,
}) => {
  test.setTimeout(LONG);
  await app.addLayer('Input');
  await app.addLayer('Flatten');
  await app.addLayer('Dense');
  await app.setNumber('Units', 16);
  await app.addLayer('Dense');
  await app.setNumber('Units', 10);
  await app.choose('Activation', 'softmax');
  await app.select('dense');
  const trainable = app.inspector.getByRole('switch', { name: 'Trainable' });
  await expect(trainable).toBeChecked();
  await trainable.tap();
  await expect(trainable).not.toBeChecked();
  await expect(app.node('dense')).toContainText('12,560 parameters, frozen');
  await app.tap('Undo');
  await expect(trainable).toBeChecked();
  await expect(app.node('dense')).not.toContainText('frozen');

  await app.setTraining(quick);
  const choice = app.inspector.getByRole('group', { name: 'Trained layers' });
  await expect(choice).toContainText('All 2');
  await choice.getByRole('button', { name: 'Decrease Trained layers' }).tap();
  await expect(choice).toContainText('Last 1 of 2');
  const row = (name: string) => app.inspector.getByRole('row', { name });
  await expect(row('Non-trainable params')).toContainText('12,560');
  await expect(row('Trainable params').first()).toContainText('170');

  await app.train();
  await app.finished(LONG);
  const before = await keptWeights(app.page);
  await app.tap('Train on');
  await app.tap('Go on from these weights');
  await expect(app.status).toContainText('after epoch 2', { timeout: LONG });
  await app.finished(LONG);
  const after = await keptWeights(app.page);
  expect(after['dense/kernel']).toEqual(before['dense/kernel']);
  expect(after['dense/bias']).toEqual(before['dense/bias']);
  expect(after['dense_1/kernel']).not.toEqual(before['dense_1/kernel']);
});

test('where everything is frozen, Train here says so and offers the way out', async ({ app }) => {
  await app.buildSmall();
  await app.inspector.getByRole('switch', { name: 'Trainable' }).tap();
  await app.tap('Train here');
  await expect(app.notices).toContainText('Every layer with weights is frozen.');
  await expect(app.lab).toBeHidden();
  await app.tap('Let all train');
  await expect(app.inspector.getByRole('switch', { name: 'Trainable' })).toBeChecked();
});

test('a paused run is not resumed with another choice of frozen layers without a word', async ({ app }) => {
  test.setTimeout(LONG);
  await app.buildSmall();
  await app.setTraining({ ...quick, Epochs: 1000 });
  await app.train();
  await expect(app.status).toContainText('Test accuracy', { timeout: LONG });
  await app.tap('Pause');
  await expect(app.status).toContainText('Paused');
  await app.select('dense');
  await app.inspector.getByRole('switch', { name: 'Trainable' }).tap();
  await app.tap('Train here');
  await expect(app.notices).toContainText('Other layers are frozen now than in the run that is paused.');
  await app.lab.getByRole('button', { name: 'Resume' }).tap();
  await expect(app.status).not.toContainText('Paused');
  await app.tap('Stop');
  await expect(app.status).toContainText('Stopped');
});

test('Evaluate shows what the weights are worth, trained or not, and the result is kept', async ({ app }) => {
  test.setTimeout(LONG);
  await app.buildSmall();
  await app.setTraining(quick);
  await app.train();
  await app.finished(LONG);
  const trained = await app.testAccuracy();
  await app.tap('Evaluate');
  await expect(app.status).toHaveText(/^Tested · loss \d+\.\d{4}\. Test accuracy \d\.\d{4}\./, {
    timeout: LONG,
  });
  expect(await app.testAccuracy()).toBeCloseTo(trained, 3);
  expect((await app.epochs()).length).toBe(1);

  await app.page.reload();
  await expect(app.status).toContainText('Finished');
  expect(await app.testAccuracy()).toBeCloseTo(trained, 3);

  await app.select('flatten');
  await app.addLayer('Dropout');
  await app.tap('Evaluate');
  await expect(app.lab.getByRole('alert')).toContainText('belong to another network', { timeout: LONG });
  await expect(app.status).toContainText('Tested', { timeout: LONG });
  expect(await app.testAccuracy()).toBeLessThan(0.4);
});
