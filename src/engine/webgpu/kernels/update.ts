/**
 * The optimizer: one kernel that adds up the parts of every weight's gradient and moves the weights. Weights begin at
 * pages of 64 floats; a table says of each page where the parts of its gradient lie.
 */
import type { OptimizerSettings } from '../../engine';
import { PAGE, paged, type KernelContext, type WeightGradient } from './context';
import { fixed, type Binding, type Kernel } from './kernel';
import { elementKernel, real } from './text';

/** Words of the table for each page: where its gradient begins, how far apart its parts are, and how many there are. */
const ROW = 4;

/** The formulas are Keras's and stand in `tfjs/optimizers.ts`; the rate of the step comes corrected. */
function updateText(settings: OptimizerSettings): string {
  if (settings.type === 'adam')
    return `  let m = slot_0[i] + (g - slot_0[i]) * ${real(1 - settings.beta1)};
  let v = slot_1[i] + (g * g - slot_1[i]) * ${real(1 - settings.beta2)};
  slot_0[i] = m;
  slot_1[i] = v;
  weights[i] -= step.rate * m / (sqrt(v) + ${real(settings.epsilon)});`;
  if (settings.momentum === 0) return '  weights[i] -= step.rate * g;';
  return `  let u = slot_0[i] * ${real(settings.momentum)} - step.rate * g;
  slot_0[i] = u;
  weights[i] += u;`;
}

/** The learning rate of a step, which counts from 1; Adam's corrects for moments that began at zero. */
export function rateOf(settings: OptimizerSettings, step: number): number {
  if (settings.type === 'sgd') return settings.learningRate;
  const { learningRate, beta1, beta2 } = settings;
  return (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
}

/** The slots of an optimizer, in their order. */
export function slotNames(settings: OptimizerSettings): readonly string[] {
  if (settings.type === 'adam') return ['m', 'v'];
  return settings.momentum === 0 ? [] : ['momentum'];
}

const extentOf = ({ stride, splits }: WeightGradient): number => stride * splits;

/** Cuts the weights, which come in order, into runs whose bindings have at most `most` floats. */
function runsOf(gradients: readonly WeightGradient[], most: number): readonly WeightGradient[][] {
  const runs: WeightGradient[][] = [];
  let floats = Infinity;
  for (const gradient of gradients) {
    floats += extentOf(gradient);
    if (floats > most) {
      runs.push([]);
      floats = extentOf(gradient);
    }
    runs.at(-1)!.push(gradient);
  }
  return runs;
}

export interface Update {
  readonly kernels: readonly Kernel[];
  /** The table. */
  readonly pages: Uint32Array<ArrayBuffer>;
}

/** @param most floats that a binding has at most. */
export function update(context: KernelContext, settings: OptimizerSettings, most: number): Update {
  const tables: Uint32Array[] = [];
  let place = 0;
  const kernels = runsOf(context.gradients, most).map((gradients): Kernel => {
    const weights = Math.min(...gradients.map(({ weight }) => weight));
    const size = Math.max(...gradients.map((one) => one.weight + paged(one.size))) - weights;
    const start = gradients[0]!.start;
    const words = (ROW * size) / PAGE;
    const table = new Uint32Array(paged(words));
    for (const gradient of gradients)
      for (let page = 0; page < gradient.stride / PAGE; page++) {
        const row = [gradient.start - start + page * PAGE, gradient.stride, gradient.splits];
        table.set(row, ROW * ((gradient.weight - weights) / PAGE + page));
      }
    tables.push(table);
    const pages = { type: 'pages', start: place, size: words } as const;
    place += table.length;
    const slots = slotNames(settings).map((_, slot): readonly [string, Binding] => [
      `slot_${slot}`,
      { resource: { type: 'slot', slot, start: weights, size }, element: 'vec4f', writes: true },
    ]);
    const total = gradients.reduce((sum, one) => sum + extentOf(one), 0);
    const bindings: Record<string, Binding> = {
      pages: { resource: pages, element: 'vec4u', writes: false },
      gradients: { resource: { type: 'gradients', start, size: total }, element: 'vec4f', writes: false },
      weights: { resource: { type: 'weights', start: weights, size }, element: 'vec4f', writes: true },
      ...Object.fromEntries(slots),
    };
    const body = `  let page = pages[i / ${PAGE / 4}u];
  if (page.z == 0u) { return; }
  var g = vec4f();
  for (var part = 0u; part < page.z; part++) { g += gradients[(page.x + part * page.y) / 4u + i % ${PAGE / 4}u]; }
${updateText(settings)}`;
    return elementKernel('update', fixed(size / 4), bindings, body);
  });
  const pages = new Uint32Array(place);
  let to = 0;
  for (const table of tables) {
    pages.set(table, to);
    to += table.length;
  }
  return { kernels, pages };
}
