/** Designing a network by touch: the template, building by hand, drags, mistakes and their repair, undo, reload. */
import { middleOf, type App } from './app';
import { expect, test } from './fixtures';
import { lenet } from './lenet';

/** Every card, its shape and its count, and the sum in the top bar. */
async function expectLenet(app: App): Promise<void> {
  await expect(app.facts).toContainText('585,958 parameters');
  await expect(app.nodes).toHaveCount(lenet.length);
  for (const { name, shape, parameters } of lenet) {
    const node = app.node(name);
    await expect(node.getByTestId('output-shape')).toHaveText(shape);
    if (parameters > 0) await expect(node).toContainText(parameters.toLocaleString('en-US'));
    else await expect(node.getByTitle(/parameters/)).toHaveCount(0);
  }
  for (const [i, { name, shape }] of lenet.entries()) {
    const next = lenet[i + 1];
    if (!next) break;
    await expect(app.button(`Connection ${name} to ${next.name}, ${shape}`)).toBeVisible();
  }
}

test('the LeNet template shows every shape and every count of the reference', async ({ app }) => {
  await app.loadTemplate();
  await expectLenet(app);
  await app.selectNothing();
  for (const { name, shape, parameters } of lenet)
    await expect(app.inspector.getByRole('row').filter({ has: app.button(name) })).toHaveText(
      `${name}${shape}${parameters.toLocaleString('en-US')}`,
    );
  await expect(app.inspector.getByRole('row', { name: 'Total' })).toContainText('585,958');
});

test('LeNet is built by hand from the palette, by taps alone', async ({ app }) => {
  await app.addLayer('Input');
  await app.addLayer('Conv2D');
  await app.setNumber('Filters', 32);
  await app.choose('Activation', 'relu');
  await app.choose('Kernel initializer', 'he uniform');
  await app.addLayer('MaxPooling2D');
  await app.addLayer('Conv2D');
  await app.setNumber('Kernel size height', 2);
  await app.setNumber('Kernel size width', 2);
  await app.choose('Activation', 'relu');
  await app.choose('Kernel initializer', 'he uniform');
  await app.addLayer('MaxPooling2D');
  await app.addLayer('Flatten');
  await app.addLayer('Dense');
  await app.setNumber('Units', 500);
  await app.choose('Activation', 'relu');
  await app.choose('Kernel initializer', 'he uniform');
  await app.addLayer('Dense');
  await app.setNumber('Units', 10);
  await app.choose('Activation', 'softmax');
  await app.choose('Kernel initializer', 'he uniform');
  await expectLenet(app);
  await expect(app.inspector).toContainText('500·10 + 10 = 5,010');
});

test('shapes and counts follow every keystroke, and a number out of range is refused with its limit', async ({
  app,
}) => {
  await app.loadTemplate();
  await app.select('conv2d');
  await app.field('Filters').fill('1');
  await expect(app.node('conv2d').getByTestId('output-shape')).toHaveText('26×26×1');
  await app.field('Filters').fill('16');
  await expect(app.node('conv2d').getByTestId('output-shape')).toHaveText('26×26×16');
  await app.field('Filters').fill('5000');
  await expect(app.inspector.getByRole('alert')).toContainText(
    'Filters takes a whole number from 1 to 4,096; got 5000.',
  );
  await expect(app.node('conv2d').getByTestId('output-shape')).toHaveText('26×26×16');
  await app.field('Filters').press('Enter');
  await expect(app.field('Filters')).toHaveValue('16');
});

test('undo and redo walk through edits, and a deleted layer is bridged', async ({ app }) => {
  await app.loadTemplate();
  await app.select('max_pooling2d_1');
  await app.inspector.getByRole('button', { name: 'Delete' }).tap();
  await expect(app.nodes).toHaveCount(7);
  await expect(app.node('flatten').getByTestId('output-shape')).toHaveText('4608');
  await app.tap('Undo');
  await expectLenet(app);
  await app.tap('Redo');
  await expect(app.nodes).toHaveCount(7);
  await app.tap('Undo');
  await app.tap('Undo');
  await expect(app.nodes).toHaveCount(0);
  await app.tap('Redo');
  await expectLenet(app);
});

test('a problem is shown once, where it starts, and one tap repairs it', async ({ app }) => {
  await app.loadTemplate();
  await app.select('flatten');
  await app.inspector.getByRole('button', { name: 'Delete' }).tap();
  await expect(app.node('dense')).toContainText('Dense needs a flat vector; it gets 6×6×32.');
  await expect(app.node('dense_1')).toContainText('waiting');
  await app.tap('Train here');
  await expect(app.notices).toContainText('This network cannot train yet. Dense needs a flat vector');
  await app.node('dense').getByRole('button', { name: 'Insert Flatten' }).tap();
  await expectLenet(app);
});

test('a layer dragged from the palette onto a connection splits it', async ({ app }) => {
  await app.loadTemplate();
  const from = await middleOf(app.palette.getByRole('button', { name: 'Flatten', exact: true }));
  const to = await middleOf(app.button('Connection dense to dense_1, 500'));
  await app.drag({ x: from.x, y: from.y }, to);
  await expect(app.nodes).toHaveCount(9);
  await expect(app.button('Connection dense to flatten_1, 500')).toBeVisible();
  await expect(app.button('Connection flatten_1 to dense_1, 500')).toBeVisible();
});

test('two handles tapped one after the other are connected, and a cycle is refused', async ({ app }) => {
  await app.loadTemplate();
  await app.button('Connection dense to dense_1, 500').tap();
  await app.button('Cut connection dense to dense_1').tap();
  await expect(app.node('dense_1')).not.toContainText('5,010');
  await app.node('dense').getByLabel('Output of dense').tap();
  await app.node('dense_1').getByLabel('Input of dense_1').tap();
  await expectLenet(app);
  await app.node('dense_1').getByLabel('Output of dense_1').tap();
  await app.node('conv2d').getByLabel('Input of conv2d').tap();
  await expect(app.notices).not.toBeEmpty();
  await expectLenet(app);
});

test('the work is there after a reload', async ({ app }) => {
  await app.loadTemplate();
  await app.select('dense');
  await app.setNumber('Units', 64);
  await expect(app.facts).toContainText(/ · saved$/);
  await app.page.reload();
  await expect(app.nodes).toHaveCount(lenet.length);
  await expect(app.node('dense').getByTestId('output-shape')).toHaveText('64');
  await app.select('dense');
  await expect(app.field('Units')).toHaveValue('64');
});
