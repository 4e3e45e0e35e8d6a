/**
 * The app as a person's hands meet it: regions, controls and gestures by their accessible names. It knows no tests and
 * asserts nothing but that a step has been taken.
 */
import { expect, type Locator, type Page } from '@playwright/test';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Epoch {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly testAccuracy: number;
}

export class App {
  readonly palette: Locator;
  readonly canvas: Locator;
  readonly inspector: Locator;
  readonly lab: Locator;
  readonly status: Locator;
  /** "585,958 parameters · saved" in the top bar. */
  readonly facts: Locator;
  readonly notices: Locator;
  /** "TensorFlow.js WebGL · llvmpipe · software · 140 images/s". */
  readonly engine: Locator;

  constructor(readonly page: Page) {
    const region = (name: string) => page.getByRole('region', { name, exact: true });
    this.palette = region('Palette');
    this.canvas = region('Canvas');
    this.inspector = region('Inspector');
    this.lab = region('Lab');
    this.status = page.getByRole('status', { name: 'Training status' });
    this.facts = page.getByTestId('project-facts');
    this.engine = page.getByTestId('engine');
    this.notices = page.getByRole('status', { name: 'Notices' });
  }

  async open(): Promise<void> {
    await this.page.goto('./');
    await this.canvas.waitFor();
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  async tap(name: string): Promise<void> {
    await this.button(name).tap();
  }

  async loadTemplate(label = 'LeNet (MNIST)'): Promise<void> {
    await this.tap('Templates');
    await this.page.getByRole('menuitem', { name: label, exact: true }).tap();
    await this.page.getByRole('menu').waitFor({ state: 'hidden' });
  }

  /** Taps a layer kind of the palette: it comes after the selected layer and is selected then. */
  async addLayer(label: string): Promise<void> {
    await this.palette.getByRole('button', { name: label, exact: true }).tap();
  }

  /** A network that is small enough to train in seconds anywhere. */
  async buildSmall(): Promise<void> {
    await this.addLayer('Input');
    await this.addLayer('Flatten');
    await this.addLayer('Dense');
    await this.setNumber('Units', 10);
    await this.choose('Activation', 'softmax');
  }

  node(name: string): Locator {
    return this.canvas.getByRole('group', { name, exact: true });
  }

  /** All layers on the canvas. */
  get nodes(): Locator {
    return this.canvas.getByRole('group');
  }

  async select(name: string): Promise<void> {
    await this.node(name).tap();
    await expect(this.inspector.getByRole('textbox', { name: 'Layer name' })).toHaveValue(name);
  }

  /** Selects nothing, so that the inspector shows the network and the settings of its training. */
  async selectNothing(): Promise<void> {
    const box = await boxOf(this.canvas);
    await this.page.touchscreen.tap(box.x + 12, box.y + 12);
    await this.inspector.getByRole('heading', { name: 'Training' }).waitFor();
  }

  field(label: string): Locator {
    return this.inspector.getByRole('textbox', { name: label, exact: true });
  }

  async setNumber(label: string, value: number): Promise<void> {
    await this.field(label).fill(String(value));
    await this.field(label).press('Enter');
    await expect(this.field(label)).toHaveValue(String(value));
  }

  /** Chooses an option of the device's own picker. */
  async choose(label: string, option: string): Promise<void> {
    await this.inspector.getByRole('combobox', { name: label, exact: true }).selectOption({ label: option });
  }

  /** Sets a number among the training settings; nothing is selected then. */
  async setTraining(settings: Readonly<Record<string, number>>): Promise<void> {
    await this.selectNothing();
    const more = this.inspector.getByText('More settings');
    for (const [label, value] of Object.entries(settings)) {
      if (!(await this.field(label).isVisible())) await more.tap();
      await this.setNumber(label, value);
    }
  }

  /** Opens the settings of the training that are needed less often. */
  async openMoreSettings(): Promise<void> {
    await this.selectNothing();
    if (!(await this.field('Seed').isVisible())) await this.inspector.getByText('More settings').tap();
    await expect(this.field('Seed')).toBeVisible();
  }

  /** Sets the engine that trains on this device; nothing is selected then. */
  async pinEngine(label: string): Promise<void> {
    await this.openMoreSettings();
    await this.choose('Engine', label);
  }

  /** Taps "Train here" and waits for the Lab, which opens with the run. */
  async train(): Promise<void> {
    await this.tap('Train here');
    await this.lab.waitFor();
  }

  /** Waits for the end of the run. @throws with the message of the Lab where it ended by a problem. */
  async finished(timeout: number): Promise<void> {
    await expect(this.status).toContainText(/Finished|Stopped by a problem/, { timeout });
    const messages = await this.lab.getByRole('alert').allTextContents();
    if (messages.length > 0) throw new Error(`The run ended by a problem: ${messages.join(' ')}`);
    await expect(this.status).toContainText(/Finished\. Test accuracy \d\.\d{4}/);
  }

  /** Epochs as the Lab's table records them, the first one first. */
  async epochs(): Promise<Epoch[]> {
    const rows = await this.lab
      .getByRole('row')
      .filter({ has: this.page.getByRole('cell') })
      .all();
    const cells = await Promise.all(rows.map((row) => row.getByRole('cell').allTextContents()));
    const numbers = cells.map((row) => row.map(Number));
    return numbers
      .map(([epoch, loss, accuracy, testAccuracy]) => ({
        epoch: epoch!,
        loss: loss!,
        accuracy: accuracy!,
        testAccuracy: testAccuracy!,
      }))
      .reverse();
  }

  /** The last test accuracy that was announced. */
  async testAccuracy(): Promise<number> {
    const text = await this.status.textContent();
    const found = /Test accuracy (\d\.\d{4})/.exec(text ?? '');
    if (!found) throw new Error(`No test accuracy in "${text}".`);
    return Number(found[1]);
  }

  /** Batches that the loss curve holds. */
  async batches(): Promise<number> {
    const label = await this.lab.getByRole('img', { name: /^Loss over/ }).getAttribute('aria-label');
    return Number(/^Loss over (\d+)/.exec(label ?? '')?.[1] ?? 0);
  }

  /** Waits until the page has drawn so many frames. */
  async frames(count: number): Promise<void> {
    await this.page.evaluate(async (frames) => {
      for (let i = 0; i < frames; i++) await new Promise<number>(requestAnimationFrame);
    }, count);
  }

  /** An option of the export dialog. */
  option(label: string, option: string): Locator {
    return this.page.getByRole('dialog').getByRole('group', { name: label, exact: true }).getByLabel(option);
  }

  /** One finger down at `from`, along a straight line, and up at `to`. */
  async drag(from: Point, to: Point, steps = 12): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: Point[]) =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints: points });
    await touch('touchStart', [from]);
    for (let i = 1; i <= steps; i++) {
      const t = i / steps;
      await touch('touchMove', [{ x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t }]);
    }
    await touch('touchEnd', []);
    await session.detach();
  }
}

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error('The element is not on the screen.');
  return box;
}

/** The middle of an element, in points of the screen, once it stands still. */
export async function middleOf(locator: Locator): Promise<Point> {
  let before: Point | undefined;
  for (;;) {
    const { x, y, width, height } = await boxOf(locator);
    const now = { x: x + width / 2, y: y + height / 2 };
    if (before?.x === now.x && before.y === now.y) return now;
    before = now;
    await locator.evaluate(async () => {
      for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
    });
  }
}
