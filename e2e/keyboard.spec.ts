/** Designing with keys alone: adding, walking, editing, deleting, undoing, connecting. */
import { expect, test } from './fixtures';

test('a network is built, walked, edited and mended with keys alone', async ({ app, page }) => {
  const key = (name: string) => page.keyboard.press(name);
  for (const label of ['Input', 'Flatten', 'Dense', 'Dense']) {
    await app.palette.getByRole('button', { name: label, exact: true }).focus();
    await key('Enter');
  }
  await expect(app.nodes).toHaveCount(4);

  await test.step('arrows walk the network and Enter goes to the form', async () => {
    await app.node('dense_1').focus();
    await key('ArrowUp');
    await expect(app.node('dense')).toBeFocused();
    await key('ArrowDown');
    await key('Enter');
    await expect(app.field('Units')).toBeFocused();
    await page.keyboard.type('10');
    await key('Enter');
    await expect(app.node('dense_1').getByTestId('output-shape')).toHaveText('10');
  });

  await test.step('Delete removes the layer in focus, heals the chain and goes on before it', async () => {
    await app.node('dense_1').focus();
    await key('ArrowUp');
    await key('Delete');
    await expect(app.node('dense')).toHaveCount(0);
    await expect(app.button('Connection flatten to dense_1, 784')).toBeVisible();
    await expect(app.node('flatten')).toBeFocused();
    await key('ControlOrMeta+z');
    await expect(app.node('dense')).toBeVisible();
  });

  await test.step('C connects: a cycle is refused in words', async () => {
    await app.node('dense_1').focus();
    await key('c');
    await key('ArrowUp');
    await key('ArrowUp');
    await key('Enter');
    await expect(app.notices).toContainText('flatten comes before dense_1');
  });
});

test('keys typed into a field are no commands', async ({ app, page }) => {
  await app.addLayer('Input');
  await app.addLayer('Conv2D');
  await app.field('Filters').focus();
  await page.keyboard.press('Backspace');
  await expect(app.nodes).toHaveCount(2);
});
