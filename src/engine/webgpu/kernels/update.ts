/**
 * The optimizer: one kernel that adds up the parts of every weight's gradient and moves the weights. Weights begin at
 * pages of 64 floats; a table says of each page where the parts of its gradient lie.
 */
import type { OptimizerSettings } from '../../engine';
import { slotNames } from '../../optimizer';
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

/** Weights whose own places, and those of their gradients, one binding reaches each. In floats. */
interface Run {
  readonly gradients: readonly WeightGradient[];
  readonly weights: { readonly start: number; readonly size: number };
  readonly sums: { readonly start: number; readonly size: number };
}

function runOf(gradients: readonly WeightGradient[]): Run {
  const span = (start: (one: WeightGradient) => number, size: (one: WeightGradient) => number) => {
    const first = Math.min(...gradients.map(start));
    return { start: first, size: Math.max(...gradients.map((one) => start(one) + size(one))) - first };
  };
  const weights = span(
    ({ weight }) => weight,
    ({ stride }) => stride,
  );
  const sums = span(
    ({ start }) => start,
    ({ stride, splits }) => stride * splits,
  );
  return { gradients, weights, sums };
}

/** Cuts the weights, in their order, into runs whose bindings have at most `most` floats. */
function runsOf(gradients: readonly WeightGradient[], most: number): readonly Run[] {
  const runs: Run[] = [];
  for (const gradient of [...gradients].sort((a, b) => a.weight - b.weight)) {
    const longer = runOf([...(runs.at(-1)?.gradients ?? []), gradient]);
    const fits = Math.max(longer.weights.size, longer.sums.size) <= most;
    if (runs.length > 0 && fits) runs[runs.length - 1] = longer;
    else runs.push(runOf([gradient]));
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
  const kernels = runsOf(context.gradients, most).map(({ gradients, weights, sums }): Kernel => {
    const { size } = weights;
    const words = (ROW * size) / PAGE;
    const table = new Uint32Array(paged(words));
    for (const gradient of gradients)
      for (let page = 0; page < gradient.stride / PAGE; page++) {
        const row = [gradient.start - sums.start + page * PAGE, gradient.stride, gradient.splits];
        table.set(row, ROW * ((gradient.weight - weights.start) / PAGE + page));
      }
    tables.push(table);
    const pages = { type: 'pages', start: place, size: words } as const;
    place += table.length;
    const slots = slotNames(settings).map((_, slot): readonly [string, Binding] => [
      `slot_${slot}`,
      { resource: { type: 'slot', slot, ...weights }, element: 'vec4f', writes: true },
    ]);
    const bindings: Record<string, Binding> = {
      pages: { resource: pages, element: 'vec4u', writes: false },
      gradients: { resource: { type: 'gradients', ...sums }, element: 'vec4f', writes: false },
      weights: { resource: { type: 'weights', ...weights }, element: 'vec4f', writes: true },
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
