/** What Core ML will do, told while designing, and what the person chooses of it, as the saved file has it. */
import { openExport, save } from './exporting';
import { expect, test } from './fixtures';

test('a card and the inspector tell live what trains on the device, and the way out works and is undone', async ({
  app,
}) => {
  await app.loadTemplate();
  await expect(app.page.getByTestId('coreml-summary')).toContainText(
    'All 4 layers with weights train on the device.',
  );
  await expect(app.node('conv2d')).toHaveAccessibleDescription(/trains on the device/);
  await app.select('dense');
  const section = app.inspector.getByRole('region', { name: 'Core ML' });
  await expect(section).toContainText('The device trains its weights.');

  await app.choose('Activation', 'elu');
  await expect(section).toContainText('Core ML passes no gradients through elu.');
  await expect(app.node('dense')).toHaveAccessibleDescription(/stays as it is on the device/);
  await expect(app.node('conv2d').locator('[data-fate=frozen]')).toBeVisible();
  await expect(app.node('dense_1').locator('[data-fate=trains]')).toBeVisible();

  await app.select('conv2d');
  await expect(section).toContainText('"dense" stops its gradient.');
  await section.getByRole('button', { name: 'Use ReLU in dense' }).tap();
  await expect(section).toContainText('The device trains its weights.');
  await expect(app.node('dense')).toHaveAccessibleDescription(/trains on the device/);
  await app.tap('Undo');
  await expect(section).toContainText('"dense" stops its gradient.');
});

test('the way out is taken with keys alone', async ({ app, page }) => {
  await app.loadTemplate();
  await app.selectNothing();
  await app.choose('Loss', 'mean squared error');
  await app.node('dense_1').focus();
  await page.keyboard.press('Enter');
  const section = app.inspector.getByRole('region', { name: 'Core ML' });
  await expect(section).toContainText('mean squared error must not read a softmax layer');
  await section.getByRole('button', { name: 'End with sigmoid' }).focus();
  await page.keyboard.press('Enter');
  await expect(section).toContainText('The device trains its weights.');
  await app.node('dense_1').focus();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(section).toContainText('mean squared error must not read a softmax layer');
});

test('what trains, ranges, sets and pairs are in the file as they were chosen, and stay with the project', async ({
  app,
  page,
}) => {
  await app.loadTemplate();
  await openExport(app);
  const dialog = page.getByRole('dialog');
  const field = (name: string) => dialog.getByRole('textbox', { name, exact: true });

  await dialog.getByRole('combobox', { name: 'What trains' }).selectOption('Last two dense layers');
  await expect(dialog.getByRole('list', { name: 'Notes on the export' })).toContainText(
    'You froze conv2d and conv2d_1',
  );

  await dialog.getByText('What the device may change').tap();
  await field('Learning rate to').fill('0.01');
  await field('Learning rate from').fill('0.5');
  await expect(dialog.getByRole('alert')).toContainText('the smaller number comes first');
  await field('Learning rate from').fill('0.0001');
  await dialog.getByRole('combobox', { name: 'Epochs: what the device may set' }).selectOption('set');
  await field('Epochs set').fill('1, 5');
  await expect(dialog.getByRole('alert')).toContainText(
    'Epochs is 10 by default, which is not in its set 1, 5.',
  );
  await field('Epochs set').fill('20, 5, 10');
  await field('Epochs default').fill('5');

  await dialog.getByText('About the model').tap();
  await field('Author').fill('Ada');
  await app.tap('Add a pair');
  await field('Key 1').fill('camera');
  await field('Value 1').fill('wide');
  await app.tap('Add a pair');
  await field('Key 2').fill('camera');
  await expect(dialog.getByRole('alert')).toContainText('Another pair has the key "camera" already.');
  await app.tap('Remove pair 2');

  const model = await save(app);
  const update = model.network.update!;
  expect(update.epochs).toEqual({ value: 5, allowed: { kind: 'set', values: [5, 10, 20] } });
  expect(update.optimizer!.learningRate).toEqual({ value: 0.001, range: { min: 0.0001, max: 0.01 } });
  expect(model.network.layers.filter((layer) => layer.isUpdatable).map(({ name }) => name)).toEqual([
    'dense',
    'dense_1',
  ]);
  expect(model.description.metadata).toMatchObject({ author: 'Ada', userDefined: { camera: 'wide' } });

  await expect(app.facts).toContainText('saved');
  await page.reload();
  await openExport(app);
  await dialog.getByText('About the model').tap();
  await expect(field('Key 1')).toHaveValue('camera');
});

test('a default that comes to lie outside its set stops the export until it is mended in one tap', async ({
  app,
  page,
}) => {
  await app.loadTemplate();
  await openExport(app);
  const dialog = page.getByRole('dialog');
  await dialog.getByText('What the device may change').tap();
  await dialog.getByRole('combobox', { name: 'Epochs: what the device may set' }).selectOption('set');
  await app.tap('Close');
  await app.setTraining({ Epochs: 7 });
  await openExport(app);
  await expect(dialog.getByRole('list', { name: 'Notes on the export' })).toContainText(
    'Epochs is 7 by default, which is not in its set 10.',
  );
  await expect(app.button('Save')).toBeDisabled();
  await app.tap('Add 7 to the set');
  await expect(app.button('Save')).toBeEnabled();
  expect((await save(app)).network.update!.epochs!.allowed).toEqual({ kind: 'set', values: [7, 10] });
});
